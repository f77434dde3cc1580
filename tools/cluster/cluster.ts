import { existsSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { stateDirectory } from "../directories";
import { clusterFiles } from "./control-plane";
import { ClusterError, launch, type OnStep } from "./launch";
import { type NamedOptions, useCluster } from "./named";
import { endCluster, isRunning, readRecord } from "./record";

export { ClusterError } from "./launch";
export { useCluster } from "./named";

/** A cluster to work with, whoever runs it. */
export interface Cluster {
  /** Absolute path of a kubeconfig whose current context is the cluster, with the rights of its owner. */
  readonly kubeconfig: string;
  /** `embedded`: ours, simulated, ended by `stop`. `named`: the user's own, left alone by `stop`. */
  readonly kind: "embedded" | "named";
  /** Ends an embedded cluster and removes all of its data; resolves when nothing is left. May be called repeatedly. */
  stop(): Promise<void>;
}

/** A cluster on this machine's loopback that ends with this process. */
export interface EmbeddedCluster extends Cluster {
  readonly kind: "embedded";
  /** Data, keys and logs (`logs/COMPONENT.log`). */
  readonly directory: string;
  /** URL of the API server. */
  readonly server: string;
}

export interface StartOptions {
  /** Folder for data, keys and logs, missing or empty; removed when the cluster ends. Defaults to a new one. */
  readonly directory?: string;
  /** Number of simulated nodes, spread over three zones. Defaults to 3. */
  readonly nodes?: number;
  /** More configuration files for kwok, such as Stages or a ClusterPortForward. Defaults to none. */
  readonly kwokConfigs?: readonly string[];
  /** Called with each step. */
  readonly onStep?: OnStep;
}

/** Parent of the directories of clusters that end with the process that started them. */
export const ownedDirectories = (): string => join(stateDirectory(), "owned");

/** Ends what was left by processes that were killed together with their supervisors. */
async function endOrphans(): Promise<void> {
  const parent = ownedDirectories();
  if (!existsSync(parent)) return;
  const directories = readdirSync(parent).map((entry) => join(parent, entry));
  await Promise.all(
    directories.map(async (directory) => {
      const record = readRecord(directory);
      // Without a record, the cluster is only starting, or these are the logs of a failed start.
      if (record !== undefined && !isRunning(record)) await endCluster(directory);
    }),
  );
}

function newOwnedDirectory(): string {
  mkdirSync(ownedDirectories(), { recursive: true, mode: 0o700 });
  return mkdtempSync(join(ownedDirectories(), `${process.pid}-`));
}

/**
 * Starts a cluster that belongs to this process: real etcd, API server, controllers and scheduler, simulated nodes. It
 * is ready when the promise resolves, and ends at `stop` or, whatever happens, with this process.
 *
 * @throws ClusterError that says which process failed, with the end of its log.
 * @throws ToolchainError when a program is missing and cannot be built.
 */
export async function startCluster(options: StartOptions = {}): Promise<EmbeddedCluster> {
  await endOrphans();
  const directory = options.directory === undefined ? newOwnedDirectory() : resolve(options.directory);
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new ClusterError(`${directory} is not empty: name a folder that the cluster may remove when it ends`);
  }
  const { nodes = 3, kwokConfigs = [], onStep } = options;
  const { supervisor, ended } = await launch(
    { name: directory, directory, owned: true, nodes, kwokConfigs: kwokConfigs.map((file) => resolve(file)) },
    onStep,
  );
  const cleared = ended.then(async (failure) => {
    if (failure !== undefined) process.stderr.write(`The local cluster has ended: ${failure}\n`);
    // A killed supervisor has left everything behind; one that ended by itself, at most the logs that its message
    // points to.
    if (supervisor.signalCode !== null) await endCluster(directory);
  });
  // The cluster must not keep its owner alive.
  supervisor.unref();
  supervisor.channel?.unref();
  return {
    kind: "embedded",
    directory,
    kubeconfig: clusterFiles(directory).kubeconfig,
    server: `https://127.0.0.1:${readRecord(directory)?.ports.apiserver ?? ""}`,
    stop: async () => {
      supervisor.ref();
      supervisor.kill("SIGTERM");
      await cleared;
    },
  };
}

/** The cluster that the user names, else an embedded one. Environment variables name no cluster. */
export function openCluster(options: StartOptions & NamedOptions = {}): Promise<Cluster> {
  return options.kubeconfig === undefined && options.context === undefined
    ? startCluster(options)
    : useCluster(options);
}
