import type { WorkloadKind } from "./config";

/** Workloads that are custom resources. */
export const customWorkloads = {
  Rollout: { product: "Argo Rollouts", group: "argoproj.io", version: "v1alpha1", plural: "rollouts" },
  CloneSet: { product: "OpenKruise", group: "apps.kruise.io", version: "v1alpha1", plural: "clonesets" },
} as const satisfies Partial<Record<WorkloadKind, unknown>>;
export type CustomKind = keyof typeof customWorkloads;

export function isCustom(kind: WorkloadKind): kind is CustomKind {
  return kind in customWorkloads;
}
