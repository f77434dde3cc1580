import * as z from "zod";

import { strict } from "./object";
import { absolutePath, objectName, wholeNumber, withHosts } from "./scalars";

const probeNumbers = {
  /** Seconds before the first probe. Defaults to 0. */
  initialDelaySeconds: wholeNumber(0).optional(),
  /** Seconds between two probes. */
  periodSeconds: wholeNumber(1).optional(),
  /** Seconds after which a probe has failed. */
  timeoutSeconds: wholeNumber(1).optional(),
  /** Failed probes after which the pod is given up. */
  failureThreshold: wholeNumber(1).optional(),
};

/**
 * Numbers of a probe; what it asks is known of each release. Those left out have the program's defaults, or
 * Kubernetes'.
 */
export const probe = strict(probeNumbers);
/** Of readiness alone: startup and liveness must have a `successThreshold` of 1. */
export const readinessProbe = strict({
  ...probeNumbers,
  /** Probes that must hold before a pod that was not ready is. Defaults to 1. */
  successThreshold: wholeNumber(1).optional(),
});

/** A Secret of the generation's Kubernetes namespace, which somebody else makes, as files. */
export const secretMount = strict({
  secretName: objectName,
  /** Where, in the container. A directory, or a file where `subPath` is given. */
  mountPath: absolutePath("/skywalking/certs"),
  /** One key of the Secret. Defaults to all, each a file. */
  subPath: z.string().min(1, "is empty -> name a key of the Secret or leave it out").optional(),
  /** Permissions as a decimal number: 256 is 0400. Defaults to 420, which is 0644. */
  defaultMode: wholeNumber(0)
    .max(511, "is too large; allowed: 0 to 511, which is 0777 -> write a decimal number in that range")
    .optional(),
});

/** Where images come from, and how; for all pods of a generation. */
export const images = {
  /**
   * Registry, with a path if need be, in place of Docker Hub for the official images of OAP and UI. An image that is
   * named by an `image` key is taken as it stands. Defaults to Docker Hub.
   */
  registry: withHosts(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]([-a-z0-9._]*[a-z0-9])?)*$/,
    (text) => text.split("/").slice(0, 1),
    'is not a registry; allowed: host, host:port with a port up to 65535, a path after it -> write e.g. "registry.example.com/mirror"',
  ).optional(),
  /** Defaults to Kubernetes' own: IfNotPresent, or Always for the tag `latest`. */
  pullPolicy: z.enum(["IfNotPresent", "Always", "Never"]).optional(),
  /** Secrets of the generation's Kubernetes namespace. Defaults to none. */
  pullSecrets: z.array(objectName).optional(),
};

export type Images = z.output<z.ZodObject<typeof images>>;
