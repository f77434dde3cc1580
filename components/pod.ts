import type { types } from "@pulumi/kubernetes";

import { mebibytes } from "../upgrade/quantity";
import type { Images } from "../upgrade/schema/pod";
import type { Security } from "../upgrade/schema/security";
import { definedFields } from "./defined-fields";

type PodSecurityContext = types.input.core.v1.PodSecurityContext;
type SecurityContext = types.input.core.v1.SecurityContext;

/** User of every pod: the images' own user is root (OAP, UI) or this one (Elasticsearch). */
const userId = 1000;

/** With {@link containerSecurity}: what Pod Security `restricted` asks for. */
export const podSecurity: PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: userId,
  runAsGroup: userId,
  fsGroup: userId,
  seccompProfile: { type: "RuntimeDefault" },
};

export const containerSecurity: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
};

/** Fields that are given win; a field that is null is left to the cluster. */
function overridden<Context extends object>(own: Context, override: object = {}): Context {
  // Both have Kubernetes' fields; what is left has no null.
  return Object.fromEntries(Object.entries({ ...own, ...override }).filter(([, value]) => value !== null)) as Context;
}

/** {@link podSecurity} with what the config changes in it. */
export function podSecurityOf({ podSecurityContext }: Security): PodSecurityContext {
  return overridden(podSecurity, podSecurityContext);
}

/** {@link containerSecurity} with what the config changes in it. */
export function containerSecurityOf({ containerSecurityContext }: Security): SecurityContext {
  return overridden(containerSecurity, containerSecurityContext);
}

/** The image that is named, as it stands, or else the official one from the registry that stands in for Docker Hub. */
export function imageFrom({ registry }: Images, named: string | undefined, official: string): string {
  return named ?? (registry === undefined ? official : `${registry}/${official}`);
}

/** With what a pod may pull its images. */
export function pullSecrets(images: Images): Pick<types.input.core.v1.PodSpec, "imagePullSecrets"> {
  return definedFields({ imagePullSecrets: images.pullSecrets?.map((name) => ({ name })) });
}

/** When a container's image is pulled. */
export function pullPolicy(images: Images): Pick<types.input.core.v1.Container, "imagePullPolicy"> {
  return definedFields({ imagePullPolicy: images.pullPolicy });
}

/** Memory is limited to what is requested, so that a pod is not killed for what a neighbour takes. */
export function resources({ memory, cpu, cpuLimit }: { memory: string; cpu: string; cpuLimit?: string | undefined }) {
  return { requests: { cpu, memory }, limits: { ...definedFields({ cpu: cpuLimit }), memory } };
}

/** A container that fails leaves the end of its log where the API server shows it, and with it the engine's error. */
export const saysWhy: Pick<types.input.core.v1.Container, "terminationMessagePolicy"> = {
  terminationMessagePolicy: "FallbackToLogsOnError",
};

/** Spreads pods over zones and nodes as far as there are any. */
export function spread(matchLabels: Record<string, string>): types.input.core.v1.TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels },
  }));
}

/** Standard labels of everything that belongs to a generation. */
export function labelsOf(generation: string, component: string, version: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "skywalking",
    "app.kubernetes.io/instance": generation,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/version": version,
    "app.kubernetes.io/managed-by": "skywalking-canary",
  };
}

/** Finds everything that the program has made for a generation. */
export function selectedBy(generation: string): string {
  return `app.kubernetes.io/instance=${generation},app.kubernetes.io/name=skywalking`;
}

/**
 * Heap in MiB for a memory limit.
 *
 * @param memory - as the config has it: a whole number with Mi or Gi
 * @param share - of the limit; the rest is for the JVM itself, direct buffers and the page cache
 */
export function heapMebibytes(memory: string, share: number): number {
  return Math.floor(mebibytes(memory) * share);
}

/**
 * For a Service or an Ingress: no waiting for endpoints. What serves is waited for itself, and a generation at 0
 * replicas has none.
 */
export function unawaited<Metadata extends object>(
  metadata: Metadata,
): Metadata & { annotations: Record<string, string> } {
  return { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } };
}
