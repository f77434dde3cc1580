import { existsSync } from "node:fs";

import type { KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { theCluster, type ClusterName } from "../../upgrade/workload/ref";

/** Which cluster, by the standard config keys `kubernetes:kubeconfig` and `kubernetes:context`. */
export interface ClusterArgs {
  /** A path or the content of a kubeconfig. Defaults to KUBECONFIG, then ~/.kube/config. */
  readonly kubeconfig: string | undefined;
  /** Defaults to the kubeconfig's current context. */
  readonly context: string | undefined;
}

/**
 * How a cluster of the stack is reached.
 *
 * @param args - what the config keys say
 * @throws RangeError for a cluster that the stack does not have
 */
export function argsOf(cluster: ClusterName, args: ClusterArgs): ClusterArgs {
  if (cluster !== theCluster) throw new RangeError(`there is no cluster ${JSON.stringify(cluster)}`);
  return args;
}

/**
 * Reads the user's own kubeconfig.
 *
 * @throws Error when it cannot be read or has no such context
 */
export async function loadKubeConfig({ kubeconfig, context }: ClusterArgs): Promise<KubeConfig> {
  // Loading the client takes longer than everything else here, so only what asks the cluster pays for it.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const kube = new KubeConfig();
  try {
    if (kubeconfig === undefined) kube.loadFromDefault();
    else if (existsSync(kubeconfig)) kube.loadFromFile(kubeconfig);
    else kube.loadFromString(kubeconfig);
  } catch (error) {
    throw new Error(
      `Cannot read the kubeconfig: ${error instanceof Error ? error.message : String(error)} -> set KUBECONFIG, or pulumi config set kubernetes:kubeconfig PATH`,
      { cause: error },
    );
  }
  const known = kube.getContexts().map(({ name }) => name);
  if (context !== undefined && !known.includes(context)) {
    throw new Error(
      `kubernetes:context: "${context}" is not in the kubeconfig; allowed: ${known.join(", ")} -> pulumi config set kubernetes:context NAME`,
    );
  }
  if (context !== undefined) kube.setCurrentContext(context);
  return kube;
}
