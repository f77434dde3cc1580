import type { V2HorizontalPodAutoscaler } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type { Config } from "../../upgrade/config";
import { noAutoscalers, type Autoscalers, type LiveAutoscaler } from "../../upgrade/observed";
import { renamesOf } from "../../upgrade/renames";
import { namespaceKey } from "../../upgrade/workload/ref";
import type { Workload } from "../../upgrade/workload/workload";
import type { ClusterReader } from "./reader";

/** What is needed of the clusters. */
interface AutoscalerClusters {
  readonly reader: (cluster: string) => Pick<ClusterReader, "autoscalers">;
}

/**
 * The HorizontalPodAutoscalers in the namespaces of services, with one list for each; nothing is read where no name
 * changes.
 *
 * @param workloads - by `workloadKey`
 */
export async function readAutoscalers(
  clusters: AutoscalerClusters,
  config: Config,
  workloads: ReadonlyMap<string, Workload>,
): Promise<Autoscalers> {
  if (renamesOf(config, workloads).length === 0) return noAutoscalers;
  const places = new Map(Object.values(config.services).map((service) => [namespaceKey(service), service]));
  const read = await Promise.all(
    [...places.values()].map(async ({ cluster, namespace }): Promise<Autoscalers> => {
      try {
        return { found: (await clusters.reader(cluster).autoscalers(namespace)).map(toLive), notRead: [] };
      } catch (error) {
        return { found: [], notRead: [{ namespace, why: (error as Error).message }] };
      }
    }),
  );
  return { found: read.flatMap(({ found }) => found), notRead: read.flatMap(({ notRead }) => notRead) };
}

function toLive({ metadata, spec }: V2HorizontalPodAutoscaler): LiveAutoscaler {
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    metrics: (spec?.metrics ?? []).flatMap(({ external }) =>
      external === undefined
        ? []
        : [{ name: external.metric.name, labels: external.metric.selector?.matchLabels ?? {} }],
    ),
  };
}
