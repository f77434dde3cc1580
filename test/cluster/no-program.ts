import { rmSync } from "node:fs";

import { bundleVariable } from "./program";

/** Jest's `globalTeardown`: removes the bundled program. */
export default function tearDown(): void {
  rmSync(process.env[bundleVariable] ?? "", { recursive: true, force: true });
}
