import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { stateDirectory } from "../directories";
import { ownedDirectories } from "./cluster";
import { clusterFiles } from "./control-plane";
import { ClusterError, launch, type OnStep } from "./launch";
import { type NamedOptions, useCluster } from "./named";
import { type ClusterRecord, endCluster, isRunning, readRecord } from "./record";

/** Parent of the directories of clusters that stay until they are ended by name. */
const directories = (): string => join(stateDirectory(), "clusters");

/** The directory of the cluster with that name. */
function directoryOf(name: string): string {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
    throw new ClusterError(
      `${JSON.stringify(name)} cannot be the name of a cluster; allowed: lower-case letters, digits and dashes`,
    );
  }
  return join(directories(), name);
}

/** Starting and ending a cluster of the same name exclude each other, across all processes of the user. */
async function exclusively<T>(name: string, act: (directory: string) => Promise<T>): Promise<T> {
  const directory = directoryOf(name);
  mkdirSync(directories(), { recursive: true, mode: 0o700 });
  const release = await lockfile.lock(directory, {
    realpath: false,
    stale: 10_000,
    retries: { retries: 180, factor: 1, minTimeout: 500 },
  });
  try {
    return await act(directory);
  } finally {
    await release();
  }
}

/** Starts the cluster with that name unless it is running, and returns its kubeconfig. It outlives this process. */
export async function up(
  name: string,
  nodes: number,
  onStep: OnStep,
  kwokConfigs: readonly string[] = [],
): Promise<string> {
  return exclusively(name, async (directory) => {
    const { kubeconfig } = clusterFiles(directory);
    const record = readRecord(directory);
    if (record !== undefined && isRunning(record) && record.ready) return kubeconfig;
    await endCluster(directory);
    const { supervisor } = await launch({ name, directory, owned: false, nodes, kwokConfigs }, onStep);
    supervisor.unref();
    return kubeconfig;
  });
}

/** Uses the cluster that the user names, without starting one. Returns a kubeconfig for it. */
export async function useNamed(name: string, options: NamedOptions): Promise<string> {
  return exclusively(name, async (directory) => {
    const record = readRecord(directory);
    if (record !== undefined && isRunning(record)) {
      throw new ClusterError(`An embedded cluster ${name} is running here: end it first, or choose another --name.`);
    }
    return (await useCluster({ ...options, directory })).kubeconfig;
  });
}

/** Ends the cluster with that name and removes its data; false when there was none. */
export async function down(name: string): Promise<boolean> {
  return exclusively(name, async (directory) => {
    const existed = existsSync(directory);
    await endCluster(directory);
    return existed;
  });
}

/** Every cluster with a record, by its directory: those that stay, and those of running tests and demos. */
export function knownClusters(): Map<string, ClusterRecord> {
  const found = new Map<string, ClusterRecord>();
  for (const parent of [directories(), ownedDirectories()].filter((folder) => existsSync(folder))) {
    for (const directory of readdirSync(parent).map((entry) => join(parent, entry))) {
      const record = readRecord(directory);
      if (record !== undefined) found.set(directory, record);
    }
  }
  return found;
}
