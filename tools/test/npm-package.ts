import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { cacheDirectory } from "../directories";

/**
 * Installs one release of a package into the cache, once, if it is not one of the project's packages.
 *
 * @returns its folder
 */
export function installPackage(name: string, release: string): string {
  const folder = join(cacheDirectory(), "npm", `${name.replace("/", "-")}-${release}`);
  // What a killed installation has left is installed again.
  const complete = join(folder, "complete");
  if (!existsSync(complete)) {
    mkdirSync(folder, { recursive: true });
    const args = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", `${name}@${release}`];
    execFileSync("npm", args, { stdio: "inherit" });
    mkdirSync(complete);
  }
  return join(folder, "node_modules", name);
}
