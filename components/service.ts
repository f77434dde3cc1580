import type { types } from "@pulumi/kubernetes";
import * as networking from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";

import type { IngressSettings, ServiceSettings } from "../upgrade/schema/service";
import { agentsPortName } from "../upgrade/backend";
import { definedFields } from "./defined-fields";
import { unawaited } from "./pod";

/** Metadata of an object of ours. */
export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Metadata of a Service or an Ingress: what the user adds, and the program's own, which win. */
export function exposedMetadata(
  metadata: Metadata,
  { labels, annotations }: Pick<ServiceSettings, "labels" | "annotations">,
): types.input.meta.v1.ObjectMeta {
  const own = unawaited(metadata);
  return {
    ...own,
    labels: { ...labels, ...own.labels },
    annotations: { ...annotations, ...own.annotations },
  };
}

/** How a Service can be reached. */
export function reached(settings: ServiceSettings): Partial<types.input.core.v1.ServiceSpec> {
  const { type, clusterIP, externalIPs, loadBalancerIP, loadBalancerSourceRanges } = settings;
  return definedFields({ type, clusterIP, externalIPs, loadBalancerIP, loadBalancerSourceRanges });
}

/** The ports of a Service. Agents find theirs where they always do, also where the pods have one for them alone. */
export function servicePorts(ports: Readonly<Record<string, number>>): types.input.core.v1.ServicePort[] {
  return Object.entries(ports)
    .filter(([name]) => name !== agentsPortName)
    .map(([name, port]) => ({
      name,
      port,
      ...(name === "grpc" && agentsPortName in ports ? { targetPort: agentsPortName } : {}),
    }));
}

/** An Ingress in front of a port of the Service that has the same name. */
export function createIngress(
  name: string,
  metadata: Metadata,
  port: string,
  settings: IngressSettings,
  parent: pulumi.Resource,
): void {
  const { hosts, path, pathType, className, annotations, tls } = settings;
  const backend = { service: { name: metadata.name, port: { name: port } } };
  new networking.Ingress(
    name,
    {
      metadata: exposedMetadata(metadata, { annotations }),
      spec: {
        ...definedFields({ ingressClassName: className }),
        rules: hosts.map((host) => ({ host, http: { paths: [{ path, pathType, backend }] } })),
        ...definedFields({
          tls: tls?.map(({ secretName, hosts: ofSecret }) => ({
            ...definedFields({ secretName }),
            hosts: ofSecret ?? hosts,
          })),
        }),
      },
    },
    // A key that is removed from the config removes the object, which protection would forbid.
    { parent, protect: false },
  );
}
