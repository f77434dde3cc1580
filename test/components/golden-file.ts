import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { stringify } from "yaml";

import type { Declared } from "./declared";

/** Compares with a reviewed file; `npm run golden` writes it anew. */
export function expectGolden(file: string, { outputs, resources }: Declared): void {
  const text = [{ outputs }, ...resources.map((resource) => ({ [`${resource.type} ${resource.name}`]: resource }))]
    .map((part) => stringify(part, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("\n");
  const path = join(__dirname, "..", "golden", file);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path)).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}
