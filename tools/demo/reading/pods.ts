import type { V1LabelSelector, V1Pod } from "@kubernetes/client-node";

import type { Api } from "./api";

/** The pods that a selector matches, without those that are being deleted. */
export async function livePods(
  { core }: Api,
  namespace: string,
  { matchLabels = {} }: V1LabelSelector,
): Promise<readonly V1Pod[]> {
  const labelSelector = Object.entries(matchLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const { items } = await core.listNamespacedPod({ namespace, labelSelector });
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}
