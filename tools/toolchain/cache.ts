import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../directories";
import { type ToolName, tools } from "./tools";

const modules = join(__dirname, "modules");

/** The checkout's folder with the pinned Go module of a tool. */
export function moduleFolder(name: ToolName): string {
  return join(modules, tools[name].module);
}

/**
 * What a build depends on, as a short name: the content of the module's files, the linker flags and the platform,
 * but not where the checkout lies, so that two checkouts share what they have in common.
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
