/** `npm run test:node`: the fast tests on the newest release of each supported Node.js, from their npm packages. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { installPackage } from "./npm-package";

const releases = ["22.23.3", "24.9.0"] as const;
const packageName = `node-${process.platform}-${process.arch}`;

for (const release of releases) {
  const node = join(installPackage(packageName, release), "bin", "node");
  console.log(`\n== Node.js ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim()}`);
  const jest = join("node_modules", "jest", "bin", "jest.js");
  execFileSync(node, [jest, "--selectProjects", "unit", "components"], { stdio: "inherit" });
}
