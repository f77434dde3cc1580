import { Provider } from "@pulumi/kubernetes/provider";
import type * as pulumi from "@pulumi/pulumi";

import { theCluster, type ClusterName } from "../../upgrade/workload/ref";
import { argsOf, type ClusterArgs } from "./kubeconfig";

/** The provider of a cluster, by the cluster's name. */
export type ProviderOf = (cluster: ClusterName) => pulumi.ProviderResource;

/**
 * The providers of everything that is declared in the clusters. Server-Side Apply is pinned: without it, destroying a
 * Patch deletes the live workload.
 *
 * @param names - `clustersOf` the config
 * @param args - what the config keys say of them
 */
export function createProviders(names: readonly ClusterName[], args: ClusterArgs): ProviderOf {
  const providers = new Map(names.map((name) => [name, createProvider(name, argsOf(name, args))]));
  return (cluster) => {
    const provider = providers.get(cluster);
    if (provider === undefined) throw new RangeError(`there is no cluster ${JSON.stringify(cluster)}`);
    return provider;
  };
}

function createProvider(cluster: ClusterName, { kubeconfig, context }: ClusterArgs): Provider {
  return new Provider(cluster === theCluster ? "kubernetes" : `kubernetes-${cluster}`, {
    enableServerSideApply: true,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
}
