import type { WorkloadKind } from "./config";

/** What is read of a workload to tell how far its rollout is; the fields of the three kinds side by side. */
export interface RolloutState {
  readonly metadata?: { readonly generation?: number };
  readonly spec?: {
    readonly replicas?: number;
    /** A Rollout's reference to the workload that has its pod template. */
    readonly workloadRef?: { readonly kind?: string; readonly name?: string };
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: number | string };
    };
  };
  readonly status?: {
    /** A number, but a text in a Rollout. */
    readonly observedGeneration?: number | string;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly readyReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    /** Of a Rollout: Healthy, Progressing, Paused or Degraded, and why. */
    readonly phase?: string;
    readonly message?: string;
    /** Of a CloneSet, whose update may stop at a partition. */
    readonly expectedUpdatedReplicas?: number;
    readonly updatedReadyReplicas?: number;
  };
}

/**
 * What a rollout still waits for, by the rules of `kubectl rollout status`; undefined when it has finished. A Rollout
 * of Argo says it itself (`status.phase`, which counts once it has seen the change:
 * argoproj/argo-rollouts@v1.9.1:pkg/apis/rollouts/v1alpha1/types.go).
 *
 * The engine's provider waits too, but may take a Deployment for finished that returns to an earlier ReplicaSet
 * (4.25.0: it can look at the revision from before the change).
 */
export function pendingRollout(kind: WorkloadKind, { metadata, spec, status }: RolloutState): string | undefined {
  if (Number(status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return "not seen by its controller yet";
  if (kind === "Rollout") {
    if (status?.phase === "Healthy") return undefined;
    return [status?.phase ?? "no phase yet", status?.message].filter((part) => part !== undefined).join(": ");
  }
  if (kind === "CloneSet") {
    const wanted = status?.expectedUpdatedReplicas ?? spec?.replicas ?? 1;
    return ofPods(wanted, status?.updatedReplicas ?? 0, status?.updatedReadyReplicas ?? 0);
  }
  if (kind === "DaemonSet") {
    if (spec?.updateStrategy?.type === "OnDelete") return undefined;
    const desired = status?.desiredNumberScheduled ?? 0;
    return ofPods(desired, status?.updatedNumberScheduled ?? 0, status?.numberAvailable ?? 0);
  }
  const desired = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  if (kind === "StatefulSet") {
    if (spec?.updateStrategy?.type === "OnDelete") return undefined;
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    return ofPods(Math.max(desired - partition, 0), updated, status?.readyReplicas ?? 0);
  }
  const old = (status?.replicas ?? 0) - updated;
  if (old > 0) return `old pods still running: ${String(old)}`;
  return ofPods(desired, updated, status?.availableReplicas ?? 0);
}

function ofPods(desired: number, updated: number, ready: number): string | undefined {
  if (updated < desired) return `${String(updated)} of ${String(desired)} pods updated`;
  if (ready < desired) return `${String(ready)} of ${String(desired)} pods ready`;
  return undefined;
}

/** How many pods a workload is to have, and how many of them are ready. */
export function podCount(
  kind: WorkloadKind,
  { spec, status }: RolloutState,
): { readonly desired: number; readonly ready: number } {
  return kind === "DaemonSet"
    ? { desired: status?.desiredNumberScheduled ?? 0, ready: status?.numberAvailable ?? 0 }
    : { desired: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
}
