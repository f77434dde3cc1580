import type { V1LabelSelector, V1Pod } from "@kubernetes/client-node";

import { toWorkload } from "../../components/cluster/listed-workload";
import type { ClusterReader } from "../../components/cluster/reader";
import { workloadKindNames } from "../../upgrade/workload/kinds";
import { primaryOf } from "../../upgrade/workload/maker";
import { workloadKey } from "../../upgrade/workload/ref";
import type { Workload } from "../../upgrade/workload/workload";
import { isReady } from "../../upgrade/workload/pod-ready";
import type { PodTemplate } from "./agent";

/** A running workload. */
export interface ListedWorkload {
  readonly workload: Workload;
  /** Desired number of pods. */
  readonly desired: number;
  readonly pods: readonly ListedPod[];
}

/** A pod of a workload, including what admission has added. */
export interface ListedPod extends PodTemplate {
  readonly name: string;
  readonly ready: boolean;
}

/**
 * Whether labels match a selector. Only equality is compared, so a selector that asks for more may match too many pods.
 */
function selects({ matchLabels = {} }: V1LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(matchLabels);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}

function toPod(pod: V1Pod): ListedPod[] {
  const { metadata, spec, status } = pod;
  if (spec === undefined || metadata?.deletionTimestamp !== undefined) return [];
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return [];
  return [
    {
      name: metadata?.name ?? "",
      ready: isReady(pod),
      annotations: metadata?.annotations ?? {},
      labels: metadata?.labels ?? {},
      spec,
    },
  ];
}

/**
 * The workloads of a Kubernetes namespace with their pods, with one list request per kind.
 *
 * @throws Error that says what could not be listed and how to try it by hand
 */
export async function listWorkloads(
  reader: Pick<ClusterReader, "cluster" | "pods" | "listIfKnown">,
  namespace: string,
): Promise<ListedWorkload[]> {
  const [pods, ...listed] = await Promise.all([
    reader.pods(namespace),
    // A kind that is not installed has no objects anywhere.
    ...workloadKindNames.map(async (kind) => ({ kind, items: (await reader.listIfKnown(kind, namespace)) ?? [] })),
  ]);
  const running = pods.flatMap(toPod);
  return listed.flatMap(({ kind, items }) => {
    const refOf = (name = "") => ({ cluster: reader.cluster, kind, namespace, name });
    const live = new Map(items.map((item) => [workloadKey(refOf(item.metadata?.name)), item]));
    return items.flatMap((item): ListedWorkload[] => {
      const primary = primaryOf(refOf(item.metadata?.name), live);
      const workload = toWorkload(reader.cluster, kind, item, { primary });
      if (workload === undefined) return [];
      const selectors = [item, primary].flatMap((each) => each?.spec?.selector ?? []);
      return [
        {
          workload,
          desired: workload.pods.desired,
          pods: running.filter(({ labels }) => selectors.some((selector) => selects(selector, labels))),
        },
      ];
    });
  });
}
