import { Provider } from "@pulumi/kubernetes/provider";
import type * as pulumi from "@pulumi/pulumi";

import { theCluster, type ClusterName } from "../../upgrade/workload/ref";
import type { ClusterArgs } from "./kubeconfig";

/** The provider of a cluster, by the cluster's name. */
export type ProviderOf = (cluster: ClusterName) => pulumi.ProviderResource;

/**
 * The providers of everything that is declared in the clusters. Server-Side Apply is pinned: without it, destroying a Patch deletes
 * the live workload.
 *
 * @param args - of the stack's one cluster
 */
export function createProviders({ kubeconfig, context }: ClusterArgs): ProviderOf {
  const provider = new Provider("kubernetes", {
    enableServerSideApply: true,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  return (cluster) => {
    if (cluster !== theCluster) throw new RangeError(`there is no cluster ${JSON.stringify(cluster)}`);
    return provider;
  };
}
