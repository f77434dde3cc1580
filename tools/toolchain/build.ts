import { existsSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
import semver from "semver";
import { cacheFolder, moduleFolder } from "./cache";
import { explain, noGo, oldestGo, oldGo } from "./failures";
import { type ToolName, tools } from "./tools";

/**
 * Tools that one run of Go builds: those of one module with the same flags. Building them separately would compile much
 * of the code twice.
 */
export type BuildGroup = readonly [ToolName, ...ToolName[]];

/** The groups in which the named tools are built. */
export function buildGroups(names: readonly ToolName[]): BuildGroup[] {
  const groups = new Map<string, [ToolName, ...ToolName[]]>();
  for (const name of names) {
    const group = groups.get(cacheFolder(name));
    if (group === undefined) groups.set(cacheFolder(name), [name]);
    else group.push(name);
  }
  return [...groups.values()];
}

/** Refuses, with a remedy, when there is no Go that can build the tools. */
export async function checkGo(names: readonly ToolName[]): Promise<void> {
  const { execa } = await import("execa");
  const result = await execa("go", ["env", "GOVERSION"], { reject: false });
  if (result.code === "ENOENT") throw noGo(names);
  const version = semver.coerce(result.stdout)?.version;
  if (version === undefined || semver.lt(version, oldestGo)) throw oldGo(version ?? "of an unknown version");
}

function goEnv(name: ToolName): Record<string, string> {
  const { goToolchain, static: isStatic } = tools[name];
  return {
    GOWORK: "off",
    ...(goToolchain === undefined ? {} : { GOTOOLCHAIN: goToolchain }),
    ...(isStatic === true ? { CGO_ENABLED: "0" } : {}),
  };
}

/** Runs Go and everything that it starts in a separate process group, so that an interrupt ends all of it. */
async function go(group: BuildGroup, args: readonly string[], folder: string, signal: AbortSignal): Promise<string> {
  const { execa } = await import("execa");
  signal.throwIfAborted();
  const child = execa("go", args, { cwd: folder, env: goEnv(group[0]), detached: true, reject: false });
  const { pid } = child;
  const end = (): void => {
    if (pid !== undefined && child.exitCode === null) process.kill(-pid, "SIGKILL");
  };
  signal.addEventListener("abort", end, { once: true });
  const result = await child;
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  if (result.failed) throw explain(group.join(", "), result.stderr, cacheFolder(group[0]));
  return result.stdout;
}

/** Copies what a build embeds out of the module that contains it, because a module's own folder is read-only. */
async function copyEmbedded(group: BuildGroup, folder: string, signal: AbortSignal): Promise<void> {
  for (const { embeds } of group.map((name) => tools[name])) {
    if (embeds === undefined) continue;
    // Downloads first, because `go list -m` prints an empty folder for a module that is not downloaded yet.
    const printed = await go(group, ["mod", "download", "-json", embeds.module], folder, signal);
    const { Dir } = JSON.parse(printed) as { Dir: string }; // go help mod download
    for (const file of embeds.files) {
      await copyFile(join(Dir, embeds.folder, file), join(folder, file));
      await chmod(join(folder, file), 0o644);
    }
  }
}

/** The file name that Go gives to a program: the last part of its import path that is not a major version. */
function programName(name: ToolName): string {
  const { module, package: goPackage } = tools[name];
  return goPackage === "." ? module : basename(goPackage.replace(/\/v\d+$/, ""));
}

/**
 * Holds the lock of a folder while `act` runs. It waits for another process's lock; a dead process's lock becomes
 * stale.
 */
async function locked(folder: string, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  const attempt = async (): Promise<(() => Promise<void>) | undefined> => {
    try {
      return await lockfile.lock(folder, { stale: 10_000, lockfilePath: join(folder, "build.lock") });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ELOCKED") return undefined;
      throw error;
    }
  };
  let release = await attempt();
  while (release === undefined) {
    await sleep(500, undefined, { signal });
    release = await attempt();
  }
  try {
    await act();
  } finally {
    await release();
  }
}

/**
 * Builds a group into the cache. A program appears there completely or not at all: it is built in a folder beside it on
 * the same file system, then moved. An abort ends the build and leaves nothing.
 *
 * @throws ToolchainError with one line that names the remedy.
 */
export async function buildGroup(group: BuildGroup, signal: AbortSignal): Promise<void> {
  const folder = cacheFolder(group[0]);
  const { ldflags } = tools[group[0]];
  try {
    await mkdir(folder, { recursive: true });
    await locked(folder, signal, async () => {
      const missing = group.filter((name) => !existsSync(join(folder, name)));
      if (missing.length === 0) return;
      // We hold the lock, so any such folder is from a build that was killed.
      const leftovers = (await readdir(folder)).filter((entry) => entry.startsWith("building-"));
      await Promise.all(leftovers.map((entry) => rm(join(folder, entry), { recursive: true, force: true })));
      const aside = join(folder, `building-${process.pid}`);
      try {
        // A copy, because the embedded files must not be written into the checkout.
        const module = join(aside, "module");
        await cp(moduleFolder(group[0]), module, { recursive: true });
        await copyEmbedded(group, module, signal);
        const packages = missing.map((name) => tools[name].package);
        const output = join(aside, "bin");
        await mkdir(output);
        await go(group, ["build", "-buildvcs=false", "-ldflags", ldflags, "-o", output, ...packages], module, signal);
        for (const name of missing) await rename(join(output, programName(name)), join(folder, name));
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    });
  } catch (error) {
    signal.throwIfAborted();
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : explain(group[0], String(error), folder);
  }
}
