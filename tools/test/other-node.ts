/** `npm run test:node`: the fast tests on the newest releases of every Node.js that is supported, out of their npm packages. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { cacheDirectory } from "../directories";

const releases = ["22.23.3", "24.9.0"] as const;
const packageName = `node-${process.platform}-${process.arch}`;

/** The path of a Node.js, which is installed once. */
function install(release: string): string {
  const folder = join(cacheDirectory(), "npm", `${packageName}-${release}`);
  const node = join(folder, "node_modules", packageName, "bin", "node");
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const args = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", `${packageName}@${release}`];
    execFileSync("npm", args, { stdio: "inherit" });
  }
  return node;
}

for (const release of releases) {
  const node = install(release);
  console.log(`\n== Node.js ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim()}`);
  const jest = join("node_modules", "jest", "bin", "jest.js");
  execFileSync(node, [jest, "--selectProjects", "unit", "components"], { stdio: "inherit" });
}
