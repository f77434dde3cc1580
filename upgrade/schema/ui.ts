import * as z from "zod";

import { section, strict } from "./object";
import { scheduling, spreading } from "./scheduling";
import { readinessProbe } from "./pod";
import { cpu, image, memory, portNumber, replicas, variables } from "./scalars";
import { security } from "./security";
import { ingress, service } from "./service";

/** Somebody who may sign in to Horizon. */
const user = strict({
  username: z.string().min(1, "is empty -> write a name"),
  /** Argon2id: `$argon2id$v=19$...`. Set it with `pulumi config set --secret --path`. */
  passwordHash: z
    .string()
    .regex(/^\$argon2id\$/, "is not an Argon2id hash; allowed: $argon2id$... -> make one, as docs/horizon.md says"),
  /** `viewer`, `maintainer`, `operator`, `admin`, or what `HORIZON_RBAC_ROLES` defines. */
  roles: z.array(z.string().min(1, "is empty -> write a role")).min(1, "is empty -> write at least one role"),
});

/** The UI of a generation. */
export const ui = section({
  /** 0 for no UI. Defaults to 1. */
  replicas: replicas(0).default(1),
  /** Defaults to the official image of the OAP's release, from 11.0.0 on of Horizon. */
  image: image.optional(),
  /** Memory request and limit. Defaults to 512Mi. */
  memory: memory.default("512Mi"),
  /** CPU request. Defaults to 100m. */
  cpu: cpu.default("100m"),
  /** CPU limit. Defaults to none. */
  cpuLimit: cpu.optional(),
  /** Variables, by name. Where the OAP is and the port of the server are set by the program. Defaults to none. */
  env: variables.optional(),
  /** Who may sign in; OAP 11.0.0 or newer, whose UI has no account of its own. They reach it through a Secret. */
  users: z.array(user).min(1, "is empty -> write at least one user, or leave the key out").optional(),
  /**
   * Whether the UI may reach the administration of the OAP, by which its users change dashboards and rules; OAP 11.0.0
   * or newer. That port asks nobody who they are: a NetworkPolicy admits the UI alone, if the cluster enforces it.
   * Defaults to false: only whoever may forward a port of an OAP's pod reaches it, and dashboards are those of the
   * image.
   */
  admin: z.boolean().default(false),
  service: section({
    ...service,
    /** Defaults to 80. */
    port: portNumber.default(80),
    /** With type NodePort or LoadBalancer. Defaults to one that the cluster chooses. */
    nodePort: portNumber.optional(),
  }),
  /** Defaults to none. */
  ingress: ingress.optional(),
  /** Numbers only. Defaults to every 5 s. */
  readinessProbe: readinessProbe.optional(),
  ...security,
  ...scheduling,
  ...spreading,
});

export type UiSettings = z.output<typeof ui>;
