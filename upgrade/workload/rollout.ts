import { selectorText } from "./selector-text";

/** What is read of a workload to tell how far its rollout is; the fields of all kinds side by side. */
export interface RolloutState {
  readonly metadata?: {
    readonly generation?: number;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number };
      /** Of a CloneSet: a number or a percentage. */
      readonly partition?: number | string;
      /** Of a CloneSet. */
      readonly paused?: boolean;
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
    /** Of a StatefulSet or a CloneSet. */
    readonly updateRevision?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    /** Of a Rollout: Healthy, Progressing, Paused or Degraded, and why. */
    readonly phase?: string;
    readonly message?: string;
    /** Of a CloneSet. */
    readonly updatedReadyReplicas?: number;
  };
}

/** How many pods a workload is to have, and how many of them are ready. */
export interface PodCount {
  readonly desired: number;
  readonly ready: number;
}

/** Why a controller leaves old pods as they are, and what somebody has to do. */
export interface Held {
  readonly why: string;
  readonly todo: string;
}

/** A label that tells new pods from old ones, and its value in the new ones; undefined: it is not known yet. */
export type Revision = readonly [label: string, ofNew: string | undefined];

/** How a kind of workload says how far its rollout is. */
export interface RolloutRule {
  /**
   * What the rollout still waits for, once the workload's controller has seen the change; undefined when
   * it has finished, so that every pod is a new one.
   */
  readonly pending: (state: RolloutState) => string | undefined;
  /** Undefined: the controller replaces all pods by itself. */
  readonly held: (state: RolloutState) => Held | undefined;
  readonly pods: (state: RolloutState) => PodCount;
  /** Absent: new pods are those of the newest ReplicaSet. */
  readonly revision?: (state: RolloutState) => Revision;
}

function replicas({ spec, status }: RolloutState): PodCount {
  return { desired: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
}

const paused = (isPaused: boolean | undefined): Held | undefined =>
  isPaused === true ? { why: "paused", todo: "resume it" } : undefined;

const updateRevision = ({ status }: RolloutState): Revision => ["controller-revision-hash", status?.updateRevision];
const templateGeneration = ({ metadata }: RolloutState): Revision => [
  "pod-template-generation",
  metadata?.annotations?.["deprecated.daemonset.template.generation"],
];

function onDelete({ metadata, spec }: RolloutState, revision: Revision): Held | undefined {
  if (spec?.updateStrategy?.type !== "OnDelete") return undefined;
  const own = selectorText(spec.selector?.matchLabels ?? {});
  const [label, ofNew] = revision;
  const command =
    ofNew === undefined || own === ""
      ? ""
      : ` (kubectl -n ${String(metadata?.namespace)} delete pods -l '${own},${label}!=${ofNew}')`;
  return { why: "updateStrategy OnDelete", todo: `delete its old pods${command}` };
}

const atPartition = (partition: number | string | undefined): Held | undefined =>
  partition === undefined || Number.parseInt(String(partition), 10) === 0
    ? undefined
    : { why: `partition ${partition}`, todo: "set it to 0" };

/** By the rules of `kubectl rollout status`; where that stops at a partition or at nothing, all pods count. */
export const deploymentRollout: RolloutRule = {
  pending({ spec, status }) {
    const updated = status?.updatedReplicas ?? 0;
    const old = (status?.replicas ?? 0) - updated;
    if (old > 0) return `old pods still running: ${old}`;
    return ofPods(spec?.replicas ?? 1, updated, status?.availableReplicas ?? 0);
  },
  held: ({ spec }) => paused(spec?.paused),
  pods: replicas,
};

export const statefulSetRollout: RolloutRule = {
  pending({ spec, status }) {
    return ofPods(spec?.replicas ?? 1, status?.updatedReplicas ?? 0, status?.readyReplicas ?? 0);
  },
  held: (state) =>
    onDelete(state, updateRevision(state)) ?? atPartition(state.spec?.updateStrategy?.rollingUpdate?.partition),
  pods: replicas,
  revision: updateRevision,
};

export const daemonSetRollout: RolloutRule = {
  pending({ status }) {
    const desired = status?.desiredNumberScheduled ?? 0;
    return ofPods(desired, status?.updatedNumberScheduled ?? 0, status?.numberAvailable ?? 0);
  },
  held: (state) => onDelete(state, templateGeneration(state)),
  pods: ({ status }) => ({ desired: status?.desiredNumberScheduled ?? 0, ready: status?.numberAvailable ?? 0 }),
  revision: templateGeneration,
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
  held: ({ spec }) => paused(spec?.paused),
  pods: replicas,
};

export const cloneSetRollout: RolloutRule = {
  pending({ spec, status }) {
    return ofPods(spec?.replicas ?? 1, status?.updatedReplicas ?? 0, status?.updatedReadyReplicas ?? 0);
  },
  held: ({ spec }) => paused(spec?.updateStrategy?.paused) ?? atPartition(spec?.updateStrategy?.partition),
  pods: replicas,
  revision: updateRevision,
};

function ofPods(desired: number, updated: number, ready: number): string | undefined {
  if (updated < desired) return `${updated} of ${desired} pods updated`;
  if (ready < desired) return `${ready} of ${desired} pods ready`;
  return undefined;
}
