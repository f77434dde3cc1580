import * as z from "zod";

import { strict } from "./object";
import { integer } from "./scalars";

/*
 * Kubernetes' own fields for where a pod may run. Only their names and kinds are checked here, since Kubernetes passes over
 * a field that it does not know and says nothing; whether a value is legal is Kubernetes' to judge, and a preview asks it.
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

export const affinity = strict({
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

export const toleration = strict({
  key: z.string().exactOptional(),
  operator: z.string().exactOptional(),
  value: z.string().exactOptional(),
  effect: z.string().exactOptional(),
  tolerationSeconds: integer.exactOptional(),
});

export const topologySpreadConstraint = strict({
  maxSkew: integer,
  topologyKey: z.string(),
  whenUnsatisfiable: z.string(),
  labelSelector: labelSelector.exactOptional(),
  matchLabelKeys: z.array(z.string()).exactOptional(),
  minDomains: integer.exactOptional(),
  nodeAffinityPolicy: z.string().exactOptional(),
  nodeTaintsPolicy: z.string().exactOptional(),
});
