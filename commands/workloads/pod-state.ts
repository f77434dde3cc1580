import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };

export function isReady({ status }: Pick<V1Pod, "status">): boolean {
  return status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") === true;
}
