import * as z from "zod";

import { annotations, labels, labelSelector as nodeSelector } from "./metadata";
import { strict } from "./object";
import { integer, objectName } from "./scalars";

/*
 * Kubernetes' own fields for where a pod may run. Only their names and kinds are checked here, since Kubernetes
 * passes over a field that it does not know and says nothing; whether a value is legal is Kubernetes' to judge, and a
 * preview asks it.
 */

const requirement = strict({ key: z.string(), operator: z.string(), values: z.array(z.string()).exactOptional() });

const labelSelector = strict({
  matchLabels: z.record(z.string(), z.string()).exactOptional(),
  matchExpressions: z.array(requirement).exactOptional(),
});

const nodeSelectorTerm = strict({
  matchExpressions: z.array(requirement).exactOptional(),
  matchFields: z.array(requirement).exactOptional(),
});

const podAffinityTerm = strict({
  topologyKey: z.string(),
  labelSelector: labelSelector.exactOptional(),
  matchLabelKeys: z.array(z.string()).exactOptional(),
  mismatchLabelKeys: z.array(z.string()).exactOptional(),
  namespaces: z.array(z.string()).exactOptional(),
  namespaceSelector: labelSelector.exactOptional(),
});
const podAffinity = strict({
  requiredDuringSchedulingIgnoredDuringExecution: z.array(podAffinityTerm).exactOptional(),
  preferredDuringSchedulingIgnoredDuringExecution: z
    .array(strict({ weight: integer, podAffinityTerm }))
    .exactOptional(),
});

const affinity = strict({
  nodeAffinity: strict({
    requiredDuringSchedulingIgnoredDuringExecution: strict({
      nodeSelectorTerms: z.array(nodeSelectorTerm),
    }).exactOptional(),
    preferredDuringSchedulingIgnoredDuringExecution: z
      .array(strict({ weight: integer, preference: nodeSelectorTerm }))
      .exactOptional(),
  }).exactOptional(),
  podAffinity: podAffinity.exactOptional(),
  podAntiAffinity: podAffinity.exactOptional(),
});

const toleration = strict({
  key: z.string().exactOptional(),
  operator: z.string().exactOptional(),
  value: z.string().exactOptional(),
  effect: z.string().exactOptional(),
  tolerationSeconds: integer.exactOptional(),
});

const topologySpreadConstraint = strict({
  maxSkew: integer,
  topologyKey: z.string(),
  whenUnsatisfiable: z.string(),
  labelSelector: labelSelector.exactOptional(),
  matchLabelKeys: z.array(z.string()).exactOptional(),
  minDomains: integer.exactOptional(),
  nodeAffinityPolicy: z.string().exactOptional(),
  nodeTaintsPolicy: z.string().exactOptional(),
});

/** Where pods may run and how they are marked: the same keys for the OAP, its init Job and the UI. */
export const scheduling = {
  /** Labels that a node must have. Defaults to any node. */
  nodeSelector: nodeSelector.optional(),
  /** `affinity` of the pod, Kubernetes' own fields. Defaults to none. */
  affinity: affinity.optional(),
  /** `tolerations` of the pod, Kubernetes' own fields. Defaults to none. */
  tolerations: z.array(toleration).optional(),
  /** Defaults to the cluster's default class. */
  priorityClassName: objectName.optional(),
  /** Defaults to none. */
  podAnnotations: annotations.optional(),
  /** Added to the program's own, e.g. `sidecar.istio.io/inject: "false"`. Defaults to none. */
  podLabels: labels.optional(),
};

/** How several pods of one kind keep away from each other. */
export const spreading = {
  /**
   * `soft`: pods avoid a node that has one already; `hard`: they stay pending rather than share one, so that a rolling
   * update needs one node more than there are pods. Defaults to neither, since `topologySpreadConstraints` spread them
   * as far as there are nodes.
   */
  podAntiAffinity: z.enum(["soft", "hard"]).optional(),
  /**
   * Kubernetes' own fields; a constraint without `labelSelector` gets that of the pods. Defaults to an even spread over
   * zones and nodes where that is possible (`ScheduleAnyway`).
   */
  topologySpreadConstraints: z.array(topologySpreadConstraint).optional(),
};

export type PodScheduling = z.output<z.ZodObject<typeof scheduling>>;
export type PodSpreading = z.output<z.ZodObject<typeof spreading>>;
