import type * as z from "zod";

import { section } from "./object";
import { scheduling, spreading } from "./scheduling";
import { readinessProbe } from "./pod";
import { cpu, image, memory, portNumber, replicas, variables } from "./scalars";
import { security } from "./security";
import { ingress, service } from "./service";

/** The UI of a generation. */
export const ui = section({
  /** 0 for no UI. Defaults to 1. */
  replicas: replicas(0).default(1),
  /** Defaults to the official image of the OAP's release. */
  image: image.optional(),
  /** Memory request and limit. Defaults to 512Mi. */
  memory: memory.default("512Mi"),
  /** CPU request. Defaults to 100m. */
  cpu: cpu.default("100m"),
  /** CPU limit. Defaults to none. */
  cpuLimit: cpu.optional(),
  /** Variables, by name. Where the OAP is and the port of the server are set by the program. Defaults to none. */
  env: variables.optional(),
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
