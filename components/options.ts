import type * as pulumi from "@pulumi/pulumi";

import type { ClusterName } from "../upgrade/workload/ref";
import type { ProviderOf } from "./cluster/provider";
import { asOneManager } from "./field-manager";

/** What everything that is declared in a cluster has among its options. */
export type OptionsIn = (cluster: ClusterName) => {
  readonly provider: pulumi.ProviderResource;
  readonly transformations: pulumi.ResourceTransformation[];
};

/** @param providerOf - the provider of each cluster */
export function optionsBy(providerOf: ProviderOf): OptionsIn {
  return (cluster) => ({ provider: providerOf(cluster), transformations: [asOneManager] });
}
