import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { workloadKindRow, type WorkloadKind } from "./kinds";
import { isReady } from "./pod-ready";
import { isMadeBy, type NotRolledOut } from "./reasons";

/** Whether a workload leaves it to somebody else to delete its old pods. */
export function isOnDelete({ spec }: Pick<NotRolledOut, "spec">): boolean {
  return spec?.updateStrategy?.type === "OnDelete";
}

const nameOf = ({ metadata }: V1Pod): string => String(metadata?.name);

/**
 * The old pod of a workload that is to be deleted next: one that is not ready before others, then by ordinal from the
 * last, as the controller of a StatefulSet does. Undefined while a pod is missing or going, or a new one is not ready,
 * and where the controller has not seen the change.
 *
 * @param pods - with the workload's labels
 */
export function nextOldPod(kind: WorkloadKind, workload: NotRolledOut, pods: readonly V1Pod[]): string | undefined {
  const { rollout } = workloadKindRow(kind);
  const [label, ofNew] = rollout.revision?.(workload) ?? [];
  const hasSeen = Number(workload.status?.observedGeneration ?? 0) >= (workload.metadata?.generation ?? 0);
  if (label === undefined || ofNew === undefined || !hasSeen) return undefined;
  const own = pods.filter(({ metadata }) => isMadeBy(metadata, workload));
  const isOld = ({ metadata }: V1Pod): boolean => metadata?.labels?.[label] !== ofNew;
  const isSettled = own.every((pod) => pod.metadata?.deletionTimestamp === undefined && (isOld(pod) || isReady(pod)));
  if (!isSettled || own.length < rollout.pods(workload).desired) return undefined;
  const [next] = own
    .filter(isOld)
    .sort(
      (one, other) =>
        Number(isReady(one)) - Number(isReady(other)) ||
        nameOf(other).localeCompare(nameOf(one), "en", { numeric: true }),
    );
  return next && nameOf(next);
}
