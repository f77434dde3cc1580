import type { types } from "@pulumi/kubernetes";

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

/** The labels by which Services and controllers find pods; a release never changes them. */
export function selectorOf(generation: string, component: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "skywalking",
    "app.kubernetes.io/instance": generation,
    "app.kubernetes.io/component": component,
  };
}

/**
 * Heap in MiB for a memory limit.
 *
 * @param memory - as the config has it: a whole number with Mi or Gi
 * @param share - of the limit; the rest is for the JVM itself, direct buffers and the page cache
 */
export function heapMebibytes(memory: string, share: number): number {
  const mebibytes = Number.parseInt(memory, 10) * (memory.endsWith("Gi") ? 1024 : 1);
  return Math.floor(mebibytes * share);
}

/**
 * For a Service: no waiting for endpoints. What serves is waited for itself, and a generation at 0 replicas has none.
 */
export function unawaited<Metadata extends object>(
  metadata: Metadata,
): Metadata & { annotations: Record<string, string> } {
  return { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } };
}
