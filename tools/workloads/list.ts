import type { KubeConfig, V1LabelSelector, V1Pod } from "@kubernetes/client-node";
import { CoreV1Api } from "@kubernetes/client-node";

import { toWorkload, type ClusterReader, type ListedWorkload as ListedObject } from "../../components/cluster";
import type { Workload } from "../../upgrade/workload/workload";
import { podCount, workloadKindNames, workloadKindRow, type WorkloadKind } from "../../upgrade/workload/kinds";
import { isReady } from "../stack/pod-state";
import type { PodTemplate } from "./agent";

/** A running workload. */
export interface ListedWorkload {
  readonly workload: Workload;
  /** Pods that it is to have. */
  readonly desired: number;
  readonly pods: readonly ListedPod[];
}

/** A pod of a workload: what admission has put into it is in it. */
export interface ListedPod extends PodTemplate {
  readonly name: string;
  readonly ready: boolean;
}

/** Whether labels fit a selector; one that asks for more than equal labels may find some pods too many. */
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

/** Custom resources that are not installed are in no namespace. */
function isNotInstalled(kind: WorkloadKind, error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return (
    workloadKindRow(kind).product !== undefined &&
    typeof cause === "object" &&
    cause !== null &&
    "code" in cause &&
    cause.code === 404
  );
}

async function listPods(kube: KubeConfig, namespace: string): Promise<ListedPod[]> {
  try {
    return (await kube.makeApiClient(CoreV1Api).listNamespacedPod({ namespace })).items.flatMap(toPod);
  } catch (error) {
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    const context = kube.getCurrentContext();
    throw new Error(
      `Cannot list the pods of namespace ${namespace} with context "${context}": ${message} -> try \`kubectl --context ${context} -n ${namespace} get pods\``,
      { cause: error },
    );
  }
}

/**
 * The workloads of a Kubernetes namespace with their pods, read with one list each.
 *
 * @throws Error that says what could not be listed, and how to try it by hand
 */
export async function listWorkloads(reader: ClusterReader, namespace: string): Promise<ListedWorkload[]> {
  const list = async (kind: WorkloadKind): Promise<readonly ListedObject[]> => {
    try {
      return await reader.list(kind, namespace);
    } catch (error) {
      if (isNotInstalled(kind, error)) return [];
      throw error;
    }
  };
  const [pods, ...listed] = await Promise.all([
    listPods(reader.kube, namespace),
    ...workloadKindNames.map(async (kind) => ({ kind, items: await list(kind) })),
  ]);
  return listed.flatMap(({ kind, items }) =>
    items.flatMap((item): ListedWorkload[] => {
      const workload = toWorkload(kind, item);
      if (workload === undefined) return [];
      return [
        {
          workload,
          desired: podCount(kind, item).desired,
          pods: pods.filter(({ labels }) => selects(item.spec?.selector ?? {}, labels)),
        },
      ];
    }),
  );
}
