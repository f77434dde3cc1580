import { namespaceOf, selectorOf } from "../../upgrade/backend";
import type { NamedGeneration } from "../../upgrade/config";
import type { LivePod } from "../../upgrade/gates/pods";
import type { Verdict } from "../../upgrade/gates/verdict";
import type { ClusterName, WorkloadRef } from "../../upgrade/workload/ref";
import type { Clusters } from "../cluster/clusters";
import type { ClusterReader } from "../cluster/reader";
import { OapClient } from "../query/oap-client";

/** What gates read of the clusters. */
export interface GateClusters {
  /** The names of the services that each backend knew before this update sent agents to it, as far as it was asked. */
  readonly knownBefore: Map<string, ReadonlySet<string>>;
  readonly movedWorkloads: (refs: readonly WorkloadRef[]) => ReturnType<Clusters["movedWorkloads"]>;
  readonly reader: (cluster: ClusterName) => Pick<ClusterReader, "kube" | "livePods">;
}

/** A way to look whether a gate passes, which stays open from one look to the next. */
export interface Look {
  /** Looks once. Rejects with `OapError` where the OAP cannot be asked. */
  readonly look: () => Promise<Verdict>;
  readonly close: () => Promise<void>;
}

/** Opens the way to the OAP of a generation, by which each look asks. */
export async function lookAtOap(
  { name, generation }: NamedGeneration,
  clusters: GateClusters,
  look: (client: OapClient) => Promise<Verdict>,
): Promise<Look> {
  const client = await OapClient.open(clusters.reader(generation.cluster).kube, name, generation);
  if (client === undefined) throw new TypeError(`${name} has no restUrl, so no gate should ask it`);
  return { look: () => look(client), close: () => client.close() };
}

/** The pods of a generation's OAP, also those without an address; undefined for an adopted one. */
export async function ownPodsOf(
  { name, generation }: NamedGeneration,
  clusters: Pick<GateClusters, "reader">,
): Promise<readonly LivePod[] | undefined> {
  if (!generation.managed) return undefined;
  return clusters.reader(generation.cluster).livePods(namespaceOf(name, generation), selectorOf(name, "oap"));
}
