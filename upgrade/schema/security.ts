import * as z from "zod";

import { strict } from "./object";
import { wholeNumber } from "./scalars";

/*
 * Changes of the security contexts, field by field: what is given replaces what Pod Security `restricted` asks for and
 * the program sets, null leaves a field to the cluster, as OpenShift wants it for `runAsUser`. The fields are
 * Kubernetes' own; as in scheduling.ts, whether a value is legal is Kubernetes' to judge.
 */

const id = wholeNumber(0).nullable().exactOptional();
const flag = z.boolean().nullable().exactOptional();
const profile = strict({ type: z.string(), localhostProfile: z.string().exactOptional() }).nullable().exactOptional();

const ofPodAndContainer = {
  runAsNonRoot: flag,
  runAsUser: id,
  runAsGroup: id,
  seccompProfile: profile,
  appArmorProfile: profile,
  seLinuxOptions: strict({
    level: z.string().exactOptional(),
    role: z.string().exactOptional(),
    type: z.string().exactOptional(),
    user: z.string().exactOptional(),
  })
    .nullable()
    .exactOptional(),
};

const podSecurityContext = strict({
  ...ofPodAndContainer,
  fsGroup: id,
  fsGroupChangePolicy: z.string().nullable().exactOptional(),
  supplementalGroups: z.array(wholeNumber(0)).nullable().exactOptional(),
  supplementalGroupsPolicy: z.string().nullable().exactOptional(),
  sysctls: z
    .array(strict({ name: z.string(), value: z.string() }))
    .nullable()
    .exactOptional(),
});

const containerSecurityContext = strict({
  ...ofPodAndContainer,
  allowPrivilegeEscalation: flag,
  capabilities: strict({ add: z.array(z.string()).exactOptional(), drop: z.array(z.string()).exactOptional() })
    .nullable()
    .exactOptional(),
  privileged: flag,
  procMount: z.string().nullable().exactOptional(),
  readOnlyRootFilesystem: flag,
});

export const security = {
  /** Defaults to user, group and fsGroup 1000, not root, seccomp RuntimeDefault. */
  podSecurityContext: podSecurityContext.optional(),
  /** Defaults to no privilege escalation and no capabilities. */
  containerSecurityContext: containerSecurityContext.optional(),
};

export type Security = z.output<z.ZodObject<typeof security>>;
export type PodSecurityContext = z.output<typeof podSecurityContext>;
export type ContainerSecurityContext = z.output<typeof containerSecurityContext>;
