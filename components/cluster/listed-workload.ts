import type { V1LabelSelector, V1PodTemplateSpec } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};

import { heldRollout, workloadKinds, type WorkloadKind } from "../../upgrade/workload/kinds";
import { makerOf, pendingWithPrimary, podsWithPrimary, type MadeWorkload } from "../../upgrade/workload/maker";
import { isOnDelete } from "../../upgrade/workload/old-pods";
import type { ClusterName } from "../../upgrade/workload/ref";
import type { Workload } from "../../upgrade/workload/workload";

/** A workload as the API server lists it, its dates as text. */
export interface ListedWorkload extends MadeWorkload {
  readonly spec?: MadeWorkload["spec"] & { readonly selector?: V1LabelSelector };
}

function templateOf(kind: WorkloadKind, listed: ListedWorkload): V1PodTemplateSpec | undefined {
  const child = (fields: unknown, key: string): unknown =>
    typeof fields === "object" && fields !== null ? (fields as Readonly<Record<string, unknown>>)[key] : undefined;
  // By the API of its kind, that is what stands there.
  return workloadKinds[kind].template.reduce<unknown>(child, listed) as V1PodTemplateSpec | undefined;
}

/** What is read beside a workload. */
export interface Beside {
  /** `primaryOf` it. */
  readonly primary?: ListedWorkload | undefined;
  /** Whether its Kubernetes namespace is being deleted. Defaults to false. */
  readonly namespaceGoes?: boolean;
  /** Whether the program deletes the old pods of an `OnDelete` workload. Defaults to false. */
  readonly deletesPods?: boolean;
}

/** What the plan reads of a workload; undefined where it has no pod template of its own. */
export function toWorkload(
  cluster: ClusterName,
  kind: WorkloadKind,
  listed: ListedWorkload,
  { primary, namespaceGoes = false, deletesPods = false }: Beside = {},
): Workload | undefined {
  const { metadata } = listed;
  const template = templateOf(kind, listed);
  const podSpec = template?.spec;
  if (metadata?.name === undefined || metadata.namespace === undefined || podSpec === undefined) return undefined;
  const going = metadata.deletionTimestamp !== undefined ? "workload" : namespaceGoes ? "namespace" : undefined;
  return {
    cluster,
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    generation: metadata.generation ?? 0,
    annotations: metadata.annotations ?? {},
    labels: metadata.labels ?? {},
    podAnnotations: template?.metadata?.annotations ?? {},
    podLabels: template?.metadata?.labels ?? {},
    podSpec,
    managedFields: metadata.managedFields ?? [],
    going,
    maker: makerOf(listed),
    pendingRollout: going === undefined ? pendingWithPrimary(kind, listed, primary) : undefined,
    heldRollout: deletesPods && isOnDelete(listed) ? undefined : heldRollout(kind, listed),
    pods: podsWithPrimary(kind, listed, primary),
  };
}
