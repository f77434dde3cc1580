import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../directories";
import { type ToolName, tools } from "./tools";

const modules = join(__dirname, "modules");

/** The checkout's folder with the Go module that pins a tool. */
export function moduleFolder(name: ToolName): string {
  return join(modules, tools[name].module);
}

/**
 * A short name for everything that a build depends on: the content of the module's files, the linker flags and the
 * platform. The checkout's path is not included, so that checkouts share equal builds.
 */
export function cacheKey(folder: string, ldflags: string, platform = `${process.platform}/${process.arch}`): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${file.slice(folder.length)}\0${content.length}\0`).update(content);
  }
  return hash.update(`${ldflags}\0${platform}`).digest("hex").slice(0, 16);
}

/** The cache folder of a tool. Tools of one module with the same flags share it. */
export function cacheFolder(name: ToolName): string {
  const { ldflags, goToolchain = "" } = tools[name];
  return join(cacheDirectory(), "tools", cacheKey(moduleFolder(name), ldflags + goToolchain));
}
