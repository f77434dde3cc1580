import type { types } from "@pulumi/kubernetes";

import type { PodScheduling, PodSpreading } from "../upgrade/schema/scheduling";
import { definedFields } from "./defined-fields";
import { spread } from "./pod";

type PodSpec = types.input.core.v1.PodSpec;

/** Labels and annotations of a pod: the user's, and the program's own, which win. */
export function podMetadata(
  { podLabels, podAnnotations }: PodScheduling,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>> = {},
): types.input.meta.v1.ObjectMeta {
  const all = { ...podAnnotations, ...annotations };
  return { labels: { ...podLabels, ...labels }, ...(Object.keys(all).length === 0 ? {} : { annotations: all }) };
}

/** Where a pod may run. */
export function schedulingOf({
  nodeSelector,
  affinity,
  tolerations,
  priorityClassName,
}: PodScheduling): Partial<PodSpec> {
  return definedFields({ nodeSelector, affinity, tolerations, priorityClassName });
}

/** Where the pods with these labels may run, and how they keep away from each other. */
export function spreadOut(
  settings: PodScheduling & PodSpreading,
  matchLabels: Record<string, string>,
): Partial<PodSpec> {
  const { podAntiAffinity, topologySpreadConstraints } = settings;
  const labelSelector = { matchLabels };
  return {
    ...schedulingOf(settings),
    ...(podAntiAffinity === undefined
      ? {}
      : { affinity: { ...settings.affinity, podAntiAffinity: antiAffinity(podAntiAffinity, labelSelector) } }),
    topologySpreadConstraints:
      topologySpreadConstraints?.map((constraint) => ({ labelSelector, ...constraint })) ?? spread(matchLabels),
  };
}

function antiAffinity(
  kind: "soft" | "hard",
  labelSelector: types.input.meta.v1.LabelSelector,
): types.input.core.v1.PodAntiAffinity {
  const term = { topologyKey: "kubernetes.io/hostname", labelSelector };
  return kind === "hard"
    ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
    : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] };
}
