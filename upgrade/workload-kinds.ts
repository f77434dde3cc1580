/** Kubernetes' own workloads, and those of Argo Rollouts and OpenKruise where their CRDs are installed. */
export const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Rollout", "CloneSet"] as const;
export type WorkloadKind = (typeof workloadKinds)[number];
