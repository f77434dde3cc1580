import { Provider } from "@pulumi/kubernetes/provider";

import type { ClusterArgs } from "./kubeconfig";

/**
 * The provider of everything that is declared in a cluster. Server-Side Apply is pinned: without it, destroying a Patch deletes the
 * live workload.
 */
export function createProvider({ kubeconfig, context }: ClusterArgs): Provider {
  return new Provider("kubernetes", {
    enableServerSideApply: true,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
}
