/**
 * Tries the newest @pulumi/kubernetes, whose provider plugin cannot be built from Go modules yet: checks the types of
 * the whole project and every declared resource. Once the plugin can be built, only the pin in package.json changes.
 *
 * It runs on a copy: the engine asks for a plugin of every release that it finds anywhere below the project's folder.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { installPackage } from "./npm-package";

const packageName = "@pulumi/kubernetes";
const newest = "4.34.2";
const checkout = join(__dirname, "..", "..");
const notCopied = new Set(["node_modules", ".git", "coverage"]);

/** The packages of the checkout by link, except the one that is tried. */
function linkPackages(modules: string, tried: string): void {
  const link = (name: string): void => {
    symlinkSync(join(checkout, "node_modules", name), join(modules, name));
  };
  const scope = dirname(packageName);
  mkdirSync(join(modules, scope), { recursive: true });
  for (const name of readdirSync(join(checkout, "node_modules"))) if (name !== scope) link(name);
  for (const name of readdirSync(join(checkout, "node_modules", scope))) {
    if (name !== basename(packageName)) link(join(scope, name));
  }
  // Copied, so that it finds the same @pulumi/pulumi as the program.
  cpSync(tried, join(modules, packageName), { recursive: true });
}

function main(): void {
  const installed = installPackage(packageName, newest);
  const copy = mkdtempSync(join(tmpdir(), "skywalking-canary-newest-"));
  try {
    cpSync(checkout, copy, { recursive: true, filter: (path) => !notCopied.has(basename(path)) });
    linkPackages(join(copy, "node_modules"), installed);
    const run = (command: string, ...args: string[]): void => {
      execFileSync(command, args, { cwd: copy, stdio: "inherit" });
    };
    run("npm", "run", "--silent", "types");
    run("npx", "jest", "--selectProjects", "components", "--testPathPatterns", "golden");
  } finally {
    rmSync(copy, { recursive: true });
  }
}

main();
