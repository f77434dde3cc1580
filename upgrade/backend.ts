import type { Entrance, Generation, ManagedGeneration } from "./config";
import type { ObjectRef } from "./workload/ref";

/** Port of the agents' gRPC protocol (`SW_CORE_GRPC_PORT`, 6.0 to 11.0). */
export const grpcPort = 11800;
/** Port of GraphQL and health (`SW_CORE_REST_PORT`, 6.0 to 11.0). */
export const restPort = 12800;

/** Port of the OAP's own telemetry (`SW_TELEMETRY_PROMETHEUS_PORT`, 6.0 to 11.0). */
const metricsPort = 1234;

/**
 * Port for agents alone, where they report with TLS: on that of the core, OAP nodes would have to trust each other by
 * the addresses of their pods (apache/skywalking@v10.4.0:docs/en/setup/backend/grpc-security.md). The Service leads to
 * it from {@link grpcPort}.
 */
export const agentsPort = 11801;
export const agentsPortName = "agents";

/** The port of the pods for agents alone, if there is one. */
export function agentPorts(generation: Generation): Readonly<Record<string, number>> {
  return generation.managed && generation.tls !== undefined ? { [agentsPortName]: agentsPort } : {};
}

/** Every port of a generation's OAP, by name. */
export function oapPorts(generation: ManagedGeneration): Readonly<Record<string, number>> {
  const { oap, monitoring } = generation;
  return {
    grpc: grpcPort,
    rest: restPort,
    ...agentPorts(generation),
    ...(monitoring.serviceMonitor ? { metrics: metricsPort } : {}),
    ...oap.ports,
  };
}

/** The Kubernetes namespace of a generation. */
export function namespaceOf(name: string, generation: ManagedGeneration): string {
  return generation.namespace ?? `skywalking-${name}`;
}

/** Name of the OAP's Deployment, Service and the rest of what belongs to it. */
export function oapName(name: string): string {
  return `oap-${name}`;
}

/** The labels by which Services and controllers find pods; a release never changes them. */
export function selectorOf(generation: string, component: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "skywalking",
    "app.kubernetes.io/instance": generation,
    "app.kubernetes.io/component": component,
  };
}

/** Name of the Service and the NetworkPolicy by which the UI alone reaches the administration of the OAP. */
export function adminName(name: string): string {
  return `${oapName(name)}-admin`;
}

/** The OAP's Deployment and Service. */
export function oapRef(name: string, generation: ManagedGeneration): ObjectRef {
  return { cluster: generation.cluster, namespace: namespaceOf(name, generation), name: oapName(name) };
}

/** The gRPC address of a Service, for agents in its own cluster. */
function grpcAddress({ name, namespace }: ObjectRef): string {
  return `${name}.${namespace}.svc:${grpcPort}`;
}

/** `collector.backend_service` of a generation's agents. */
export function backendService(name: string, generation: Generation): string {
  return generation.managed ? grpcAddress(oapRef(name, generation)) : generation.address;
}

/** `collector.backend_service` of agents that report through the entrance. */
export function entranceAddress(entrance: Entrance): string {
  return grpcAddress(entrance);
}

/** The release that the OAP of a generation runs: before `shift` its own, from then on, in place, its next one. */
export function inNextRelease(generation: ManagedGeneration): ManagedGeneration {
  if (generation.inPlace === undefined) return generation;
  const { version, behavesLike, oapImage, uiImage } = generation.inPlace;
  return {
    ...generation,
    version,
    behavesLike,
    oap: { ...generation.oap, image: oapImage },
    ui: { ...generation.ui, image: uiImage },
  };
}
