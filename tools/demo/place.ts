import { dirname, join } from "node:path";

import { ClusterError, startCluster, useCluster } from "../cluster/cluster";
import { down, knownClusters, up } from "../cluster/detached";
import type { NamedOptions } from "../cluster/named";

/** The cluster that the demo runs on. */
export type Place = {
  readonly kubeconfig: string;
  /** Ends it, if the demo started it. */
  end(): Promise<void>;
} & (
  | { readonly kind: "local" | "local, kept"; /** Folder with the logs of its processes. */ readonly logs: string }
  | { readonly kind: "named" }
);

/** Name of the cluster that stays, for `npm run cluster`. */
export const keptName = "demo";

export function isNamed({ kubeconfig, context }: NamedOptions): boolean {
  return kubeconfig !== undefined || context !== undefined;
}

/** The cluster that the user names, or a local one: it ends with this process, unless `keep` is set. */
export async function openPlace(
  { keep, ...named }: NamedOptions & { readonly keep: boolean },
  kwokConfigs: readonly string[],
  onStep: (text: string) => void,
): Promise<Place> {
  if (isNamed(named)) {
    const { kubeconfig } = await useCluster(named);
    return { kind: "named", kubeconfig, end: () => Promise.resolve() };
  }
  if (!keep) {
    const cluster = await startCluster({ kwokConfigs, onStep });
    const logs = join(cluster.directory, "logs");
    return { kind: "local", kubeconfig: cluster.kubeconfig, logs, end: () => cluster.stop() };
  }
  if ([...knownClusters().values()].some(({ name }) => name === keptName)) {
    throw new ClusterError(
      `The cluster of an earlier \`npm start -- --keep\` is still running: end it with \`npm run cluster -- down --name ${keptName}\`, then start again.`,
    );
  }
  const kubeconfig = await up(keptName, 3, onStep, kwokConfigs);
  return {
    kind: "local, kept",
    kubeconfig,
    logs: join(dirname(kubeconfig), "logs"),
    end: async () => {
      await down(keptName);
    },
  };
}
