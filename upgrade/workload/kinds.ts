import {
  argoRollout,
  cloneSetRollout,
  daemonSetRollout,
  deploymentRollout,
  statefulSetRollout,
  type PodCount,
  type RolloutRule,
  type RolloutState,
} from "./rollout";

/** What the program must know of a kind of workload. */
export interface WorkloadKindRow {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** What brings its CustomResourceDefinition; undefined for Kubernetes' own. */
  readonly product: string | undefined;
  /** Where it has its pod template. */
  readonly template: readonly ["spec", ...string[]];
  readonly rollout: RolloutRule;
  /** What to look at beside kind, namespace and name, where a workload of this kind is not found. */
  readonly ifMissing?: string;
}

const apps = { group: "apps", version: "v1", product: undefined } as const;
const template = ["spec", "template"] as const;

/** Every kind of workload that a service may be. The Patch class of each is in `components/target.ts`. */
export const workloadKinds = {
  Deployment: { ...apps, plural: "deployments", template, rollout: deploymentRollout },
  StatefulSet: { ...apps, plural: "statefulsets", template, rollout: statefulSetRollout },
  DaemonSet: { ...apps, plural: "daemonsets", template, rollout: daemonSetRollout },
  Rollout: {
    group: "argoproj.io",
    version: "v1alpha1",
    plural: "rollouts",
    product: "Argo Rollouts",
    template,
    rollout: argoRollout,
    ifMissing: "for a Rollout with a workloadRef, name the workload that it refers to",
  },
  CloneSet: {
    group: "apps.kruise.io",
    version: "v1alpha1",
    plural: "clonesets",
    product: "OpenKruise",
    template,
    rollout: cloneSetRollout,
  },
} as const satisfies Record<string, WorkloadKindRow>;

export type WorkloadKind = keyof typeof workloadKinds;
export const workloadKindNames = Object.keys(workloadKinds) as readonly WorkloadKind[];

export function workloadKindRow(kind: WorkloadKind): WorkloadKindRow {
  return workloadKinds[kind];
}

/**
 * What a rollout still waits for; undefined when it has finished.
 *
 * The engine's provider waits too, but may take a Deployment for finished that goes back to an earlier ReplicaSet
 * (4.25.0: it can look at the revision from before the change).
 */
export function pendingRollout(kind: WorkloadKind, state: RolloutState): string | undefined {
  const { metadata, status } = state;
  if (Number(status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return "not seen by its controller yet";
  const pending = workloadKinds[kind].rollout.pending(state);
  const held = workloadKinds[kind].rollout.held(state);
  return pending === undefined || held === undefined ? pending : `${pending}; ${held.why}: ${held.todo}`;
}

/** Why the pods of a workload will not be replaced by its controller; undefined: they will. */
export function heldRollout(kind: WorkloadKind, state: RolloutState): string | undefined {
  return workloadKinds[kind].rollout.held(state)?.why;
}

export function podCount(kind: WorkloadKind, state: RolloutState): PodCount {
  return workloadKinds[kind].rollout.pods(state);
}
