import { backendService, entranceAddress } from "../../upgrade/backend";
import type { Entrance, Generation } from "../../upgrade/config";

/** The one form of `host:port` for all addresses that lead to the same Service. */
function normalise(hostAndPort: string, namespace: string): string {
  const [host = "", port = ""] = hostAndPort.trim().split(":");
  const short = host.replace(/\.$/, "").replace(/\.svc(\.cluster\.local)?$/, "");
  return `${short.includes(".") ? short : `${short}.${namespace}`}:${port}`;
}

/** Whether two values of `collector.backend_service` share a server. */
function sameBackend(one: string, namespaceOfOne: string, other: string): boolean {
  const servers = new Set(other.split(",").map((server) => normalise(server, "")));
  return one.split(",").some((server) => servers.has(normalise(server, namespaceOfOne)));
}

/**
 * The generation that an address belongs to; undefined when it belongs to none.
 *
 * @param namespace - Kubernetes namespace of the pod with the address: names without dots are resolved there
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

/** Whether an address is the entrance's. */
export function isEntrance(address: string, namespace: string, entrance: Entrance | undefined): boolean {
  return entrance !== undefined && sameBackend(address, namespace, entranceAddress(entrance));
}
