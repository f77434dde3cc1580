/** What is read of a workload to tell how far its rollout is; the fields of all kinds side by side. */
export interface RolloutState {
  readonly metadata?: { readonly generation?: number };
  readonly spec?: {
    readonly replicas?: number;
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number };
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

/** How many pods a workload is to have, and how many of them are ready. */
export interface PodCount {
  readonly desired: number;
  readonly ready: number;
}

/** How a kind of workload says how far its rollout is. */
export interface RolloutRule {
  /**
   * What the rollout still waits for, once the workload's controller has seen the change; undefined when
   * it has finished.
   */
  readonly pending: (state: RolloutState) => string | undefined;
  readonly pods: (state: RolloutState) => PodCount;
}

function replicas({ spec, status }: RolloutState): PodCount {
  return { desired: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
}

/** By the rules of `kubectl rollout status`, as those of StatefulSets and DaemonSets. */
export const deploymentRollout: RolloutRule = {
  pending({ spec, status }) {
    const updated = status?.updatedReplicas ?? 0;
    const old = (status?.replicas ?? 0) - updated;
    if (old > 0) return `old pods still running: ${old}`;
    return ofPods(spec?.replicas ?? 1, updated, status?.availableReplicas ?? 0);
  },
  pods: replicas,
};

export const statefulSetRollout: RolloutRule = {
  pending({ spec, status }) {
    if (spec?.updateStrategy?.type === "OnDelete") return undefined;
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    const desired = Math.max((spec?.replicas ?? 1) - partition, 0);
    return ofPods(desired, status?.updatedReplicas ?? 0, status?.readyReplicas ?? 0);
  },
  pods: replicas,
};

export const daemonSetRollout: RolloutRule = {
  pending({ spec, status }) {
    if (spec?.updateStrategy?.type === "OnDelete") return undefined;
    const desired = status?.desiredNumberScheduled ?? 0;
    return ofPods(desired, status?.updatedNumberScheduled ?? 0, status?.numberAvailable ?? 0);
  },
  pods: ({ status }) => ({ desired: status?.desiredNumberScheduled ?? 0, ready: status?.numberAvailable ?? 0 }),
};

/**
 * A Rollout of Argo says it itself (`status.phase`, which counts once it has seen the change:
 * argoproj/argo-rollouts@v1.9.1:pkg/apis/rollouts/v1alpha1/types.go).
 */
export const argoRollout: RolloutRule = {
  pending({ status }) {
    if (status?.phase === "Healthy") return undefined;
    return [status?.phase ?? "no phase yet", status?.message].filter((part) => part !== undefined).join(": ");
  },
  pods: replicas,
};

export const cloneSetRollout: RolloutRule = {
  pending({ spec, status }) {
    const desired = status?.expectedUpdatedReplicas ?? spec?.replicas ?? 1;
    return ofPods(desired, status?.updatedReplicas ?? 0, status?.updatedReadyReplicas ?? 0);
  },
  pods: replicas,
};

function ofPods(desired: number, updated: number, ready: number): string | undefined {
  if (updated < desired) return `${updated} of ${desired} pods updated`;
  if (ready < desired) return `${ready} of ${desired} pods ready`;
  return undefined;
}
