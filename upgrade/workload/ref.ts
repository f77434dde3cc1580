import type { WorkloadKind } from "./kinds";

/** What the program calls a cluster. */
export type ClusterName = string;

/**
 * The one cluster of a stack, which `kubernetes:kubeconfig` and `kubernetes:context` name. The reader of the config
 * gives it to every generation, service and entrance; with several clusters, they say which is theirs.
 */
export const theCluster: ClusterName = "default";

/** Names an object of a kind that is known. */
export interface ObjectRef {
  readonly cluster: ClusterName;
  readonly namespace: string;
  readonly name: string;
}

/** Names a workload. */
export interface WorkloadRef extends ObjectRef {
  readonly kind: WorkloadKind;
}

/** A Kubernetes namespace as a key of a map. */
export function namespaceKey({ cluster, namespace }: Pick<ObjectRef, "cluster" | "namespace">): string {
  return `${cluster}/${namespace}`;
}

/** An object as a key of a map. */
export function objectKey({ name, ...place }: ObjectRef): string {
  return `${namespaceKey(place)}/${name}`;
}

/** A workload as a key of a map. */
export function workloadKey({ kind, ...ref }: WorkloadRef): string {
  return `${kind}/${objectKey(ref)}`;
}

/** A workload in a text for the user. */
export function workloadText({ kind, namespace, name }: Pick<WorkloadRef, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace}/${name}`;
}
