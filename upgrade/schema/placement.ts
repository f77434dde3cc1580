import * as z from "zod";

import { annotations, labels, labelSelector } from "./metadata";
import { objectName } from "./scalars";
import { affinity, toleration, topologySpreadConstraint } from "./scheduling";

/** Where pods may run and how they are marked: the same keys for the OAP, its init Job and the UI. */
export const placement = {
  /** Labels that a node must have. Defaults to any node. */
  nodeSelector: labelSelector.optional(),
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
   * `soft`: pods avoid a node that has one already; `hard`: they stay pending rather than share one, so that a rolling update
   * needs one node more than there are pods. Defaults to neither, since `topologySpreadConstraints` spread them as far as
   * there are nodes.
   */
  podAntiAffinity: z.enum(["soft", "hard"]).optional(),
  /**
   * Kubernetes' own fields; a constraint without `labelSelector` gets that of the pods. Defaults to an even spread over
   * zones and nodes where that is possible (`ScheduleAnyway`).
   */
  topologySpreadConstraints: z.array(topologySpreadConstraint).optional(),
};

export type PodPlacement = z.output<z.ZodObject<typeof placement>>;
export type PodSpreading = z.output<z.ZodObject<typeof spreading>>;
