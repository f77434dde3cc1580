import { backendService, entranceAddress } from "../../upgrade/backend";
import type { Entrance, Generation } from "../../upgrade/config";

/** One `host:port` of an address in the one form of the many that lead to the same Service. */
function normalise(hostAndPort: string, namespace: string): string {
  const [host = "", port = ""] = hostAndPort.trim().split(":");
  const short = host.replace(/\.$/, "").replace(/\.svc(\.cluster\.local)?$/, "");
  return `${short.includes(".") ? short : `${short}.${namespace}`}:${port}`;
}

/** Whether two addresses of an OAP, as `collector.backend_service` has them, share a server. */
function sameBackend(one: string, namespaceOfOne: string, other: string): boolean {
  const servers = new Set(other.split(",").map((server) => normalise(server, "")));
  return one.split(",").some((server) => servers.has(normalise(server, namespaceOfOne)));
}

/**
 * The generation that an address belongs to; undefined for an address of somebody else.
 *
 * @param namespace - Kubernetes namespace of the pod that has the address: a name without dots is looked up there
 */
export function generationOf(
  address: string,
  namespace: string,
  generations: Readonly<Record<string, Generation>>,
): string | undefined {
  return Object.entries(generations).find(([name, generation]) =>
    sameBackend(address, namespace, backendService(name, generation)),
  )?.[0];
}

/** Whether an address is that of the entrance. */
export function isEntrance(address: string, namespace: string, entrance: Entrance | undefined): boolean {
  return entrance !== undefined && sameBackend(address, namespace, entranceAddress(entrance));
}
