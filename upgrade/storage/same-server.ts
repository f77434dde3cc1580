/**
 * One spelling of a server's address, of those that the DNS of a cluster has for it: `es.data`, `es.data.svc`,
 * `ES.data.svc.cluster.local`
 *
 * @param address - `host` or `host:port`
 * @param defaultPort - the port where it names none
 */
export function sameServer(address: string, defaultPort?: number): string {
  const [host = "", port = defaultPort] = address.toLowerCase().split(":");
  const short = host.replace(/\.svc(\.cluster\.local)?$/, "");
  return port === undefined ? short : `${short}:${String(port)}`;
}
