import { readdir, rm, rmdir } from "node:fs/promises";

import { plural } from "../../upgrade/plural";
import { resolveTool } from "../toolchain/resolve";
import { leftCgroups, removeCgroups } from "./cgroups";
import { endNamespaces, holders } from "./namespace";
import { disconnect, isConnected } from "./network";
import { home } from "./settings";

/** The program that holds the namespaces; if it is not built, there never was a cluster. */
async function pause(): Promise<string | undefined> {
  return (await resolveTool("pause")).path;
}

/** Folders of the host that the cluster covers with a mount, and creates where they are missing. */
const mountPoints = ["/var/lib/cni", "/var/log/containers"];

/** Ends the cluster, or what a killed start has left of it. False when there was nothing. */
export async function down(): Promise<boolean> {
  const was = (await leftovers()).length > 0;
  const program = await pause();
  if (program !== undefined) await endNamespaces(program);
  await disconnect();
  await removeCgroups();
  await rm(home(), { recursive: true, force: true, maxRetries: 10 });
  // Removes only an empty one.
  if (was) for (const folder of mountPoints) await rmdir(folder).catch(() => undefined);
  return was;
}

/** What is left of a cluster on this machine, each part in a few words. */
export async function leftovers(): Promise<string[]> {
  const program = await pause();
  const held = program === undefined ? [] : holders(program);
  const cgroups = await leftCgroups();
  const files = await readdir(home()).catch(() => []);
  return [
    ...held.map(({ pid }) => `process ${pid} with namespaces`),
    ...((await isConnected()) ? ["a network link"] : []),
    ...(cgroups.length === 0 ? [] : [plural(cgroups.length, "cgroup")]),
    ...(files.length === 0 ? [] : [`files in ${home()}`]),
  ];
}
