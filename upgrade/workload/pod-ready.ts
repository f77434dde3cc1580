import type { V1Pod, V1PodCondition } from "@kubernetes/client-node" with { "resolution-mode": "import" };

/** What the kubelet says of a pod that is ready; undefined: it is not. */
export function readyCondition({ status }: Pick<V1Pod, "status">): V1PodCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === "Ready" && condition.status === "True");
}

export function isReady(pod: Pick<V1Pod, "status">): boolean {
  return readyCondition(pod) !== undefined;
}
