import { existsSync, readdirSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { settings } from "./settings";

const root = "/sys/fs/cgroup";

/** Where cgroups are mounted: one folder per controller with version 1, one for all with version 2. */
export function hierarchies(): string[] {
  if (existsSync(join(root, "cgroup.controllers"))) return [root];
  return readdirSync(root)
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(join(folder, "cgroup.procs")));
}

const ours = (): string[] => hierarchies().map((folder) => join(folder, settings.cgroup));

/**
 * Weight of all pods together against one process of the host: they are dozens, and would otherwise get the time of
 * one.
 */
const cpuShares = 16 * 1024;

/** The cgroup below which the kubelet creates those of the pods. */
export async function createCgroups(): Promise<void> {
  for (const folder of ours()) {
    await mkdir(folder, { recursive: true });
    const shares = join(folder, "cpu.shares");
    if (existsSync(shares)) await writeFile(shares, String(cpuShares));
  }
}

/** Existing folders of cgroups, inner ones first. */
export async function leftCgroups(): Promise<string[]> {
  const left: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) if (entry.isDirectory()) await walk(join(folder, entry.name));
    if (existsSync(folder)) left.push(folder);
  };
  for (const folder of ours()) await walk(folder);
  return left;
}

/** Removes them; their processes have been killed and will soon be gone. */
export async function removeCgroups(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    for (const folder of await leftCgroups()) await rmdir(folder).catch(() => undefined);
    if ((await leftCgroups()).length === 0) return;
    await sleep(100);
  }
  const [first = ""] = await leftCgroups();
  const processes = await readFile(join(first, "cgroup.procs"), "utf8").catch(() => "");
  throw new Error(
    `The cgroup ${first} cannot be removed: processes ${processes.trim().split("\n").join(", ") || "none"}`,
  );
}
