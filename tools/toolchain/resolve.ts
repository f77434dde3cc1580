import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import semver from "semver";
import { cacheFolder } from "./cache";
import { type OnPath, type ToolName, tools } from "./tools";

/** Where a tool comes from. `path` is missing when the tool must be built first. */
export type Resolution =
  | { readonly from: "PATH" | "cache" | "Pulumi's plugins"; readonly path: string; readonly version: string }
  | { readonly from: "not built yet"; readonly path?: never; readonly version: string };

/** The first executable file with that name on PATH. */
async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const candidate = join(folder, name);
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== "" && executable) return candidate;
  }
  return undefined;
}

/** The version that a program prints, or undefined when it prints none that can be read. */
export async function versionOf(path: string, onPath: OnPath | undefined): Promise<string | undefined> {
  if (onPath === undefined) return undefined;
  try {
    const { stdout } = await promisify(execFile)(path, [...onPath.versionArgs], { timeout: 10_000 });
    const printed = onPath.versionPattern.exec(stdout)?.[1];
    // Distributors append suffixes (`1.32.4-dispatcher`), which semver would take for a pre-release.
    return printed === undefined ? undefined : semver.coerce(printed)?.version;
  } catch {
    return undefined;
  }
}

async function resolveOnPath(name: ToolName): Promise<Resolution | undefined> {
  const { onPath, follows } = tools[name];
  if (follows !== undefined) {
    const leader = await resolveOnPath(follows);
    return leader?.path === undefined ? undefined : { ...leader, path: join(dirname(leader.path), name) };
  }
  if (onPath === undefined) return undefined;
  const path = await findOnPath(name);
  if (path === undefined) return undefined;
  if (onPath.beside?.some((other) => !existsSync(join(dirname(path), other))) === true) return undefined;
  const version = await versionOf(path, onPath);
  if (version === undefined || !semver.satisfies(version, onPath.accepts)) return undefined;
  return { from: "PATH", path, version };
}

/**
 * The provider plugin that the user's own Pulumi has already downloaded: the same release, so nothing need be built.
 */
function resolvePlugin(name: ToolName): Resolution | undefined {
  const kind = /^pulumi-resource-(.+)$/.exec(name)?.[1];
  if (kind === undefined) return undefined;
  const { version } = tools[name];
  const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const path = join(home, "plugins", `resource-${kind}-v${version}`, name);
  return existsSync(path) ? { from: "Pulumi's plugins", path, version } : undefined;
}

/** Finds a tool without building it: on PATH if new enough, else in the cache. */
export async function resolveTool(name: ToolName): Promise<Resolution> {
  const found = (await resolveOnPath(name)) ?? resolvePlugin(name);
  if (found !== undefined) return found;
  const { version } = tools[name];
  const path = join(cacheFolder(name), name);
  return existsSync(path) ? { from: "cache", path, version } : { from: "not built yet", version };
}
