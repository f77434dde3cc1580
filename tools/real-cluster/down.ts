import { readdir, rm, rmdir } from "node:fs/promises";

import { resolveTool } from "../toolchain/resolve";
import { leftCgroups, removeCgroups } from "./cgroups";
import { Namespace } from "./namespace";
import { disconnect, isConnected } from "./network";
import { home } from "./settings";

async function findNamespace(): Promise<Namespace | undefined> {
  const { path } = await resolveTool("pause");
  return path === undefined ? undefined : Namespace.find(path);
}

/** Folders of the host that the cluster hides below a mount, and that it makes where they are missing. */
const mountPoints = ["/var/lib/cni", "/var/log/containers"];

/** Ends the cluster, or what a start that was killed has left of it. False when there was nothing. */
export async function down(): Promise<boolean> {
  const was = (await leftovers()).length > 0;
  const namespace = await findNamespace();
  await namespace?.end();
  await disconnect();
  await removeCgroups();
  await rm(home(), { recursive: true, force: true, maxRetries: 10 });
  // Only an empty one goes.
  if (was) for (const folder of mountPoints) await rmdir(folder).catch(() => undefined);
  return was;
}

/** What there is of a cluster on this machine, each in a few words. */
export async function leftovers(): Promise<string[]> {
  const namespace = await findNamespace();
  const cgroups = await leftCgroups();
  const files = await readdir(home()).catch(() => []);
  return [
    ...(namespace === undefined ? [] : [`namespaces of process ${namespace.init.pid}`]),
    ...((await isConnected()) ? ["a network link"] : []),
    ...(cgroups.length === 0 ? [] : [`${cgroups.length} cgroups`]),
    ...(files.length === 0 ? [] : [`files in ${home()}`]),
  ];
}
