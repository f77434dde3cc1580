import { isIP } from "node:net";

import * as z from "zod";

import { annotations, labels } from "./metadata";
import { strict } from "./object";
import { absolutePath, objectName } from "./scalars";

const ipAddress = z.string().refine((text) => isIP(text) !== 0, 'is not an IP address -> write e.g. "10.2.2.2"');
const addressRange = z
  .string()
  .regex(
    /^[0-9A-Fa-f.:]+\/\d{1,3}$/,
    'is not a range of addresses; allowed: address/prefix length -> write e.g. "10.0.0.0/8"',
  );

export const serviceTypes = ["ClusterIP", "NodePort", "LoadBalancer"] as const;

/** What a Service of ours can be told, with Kubernetes' names. */
export const service = {
  /** Defaults to ClusterIP. */
  type: z.enum(serviceTypes).optional(),
  /** Defaults to none. */
  annotations: annotations.optional(),
  /** Defaults to none. */
  labels: labels.optional(),
  /**
   * An address, or None for a headless Service. To be chosen at the beginning: a change needs a new Service, which the
   * engine refuses as long as the generation is protected. Defaults to an address that the cluster chooses.
   */
  clusterIP: z
    .string()
    .refine(
      (text) => text === "None" || isIP(text) !== 0,
      'is not an address of a Service; allowed: an IP address, None -> write e.g. "10.96.0.20"',
    )
    .optional(),
  /** Defaults to none. */
  externalIPs: z.array(ipAddress).optional(),
  /** With type LoadBalancer. Defaults to one that the load balancer chooses. */
  loadBalancerIP: ipAddress.optional(),
  /** With type LoadBalancer: who may reach it. Defaults to everybody. */
  loadBalancerSourceRanges: z.array(addressRange).optional(),
};

const host = z
  .string()
  .regex(
    /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    'is not a host; allowed: a DNS name in lower case, "*." before it -> write e.g. "skywalking.example.com"',
  );

/** An Ingress in front of a Service of ours. */
export const ingress = strict({
  hosts: z.array(host).min(1, "is empty -> name at least one host"),
  /** Defaults to /. */
  path: absolutePath("/skywalking").default("/"),
  /** Defaults to Prefix. */
  pathType: z.enum(["Prefix", "Exact", "ImplementationSpecific"]).default("Prefix"),
  /** IngressClass. Defaults to the cluster's default class. */
  className: objectName.optional(),
  /** Defaults to none. */
  annotations: annotations.optional(),
  /** Which Secret has the certificate of which hosts. Defaults to no TLS. */
  tls: z
    .array(
      strict({
        /** Defaults to the controller's own certificate. */
        secretName: objectName.optional(),
        /** Defaults to all hosts of the Ingress. */
        hosts: z.array(host).min(1, "is empty -> name at least one host or leave it out").optional(),
      }),
    )
    .optional(),
});

export type ServiceSettings = z.output<z.ZodObject<typeof service>>;
export type IngressSettings = z.output<typeof ingress>;
