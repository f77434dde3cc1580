/**
 * One spelling of a server's address, of those that the DNS of a cluster has for it: `es.data:9200`,
 * `es.data.svc:9200`, `ES.data.svc.cluster.local:9200`.
 *
 * @param address - `host` or `host:port`
 */
export function sameServer(address: string): string {
  return address.toLowerCase().replace(/\.svc(\.cluster\.local)?(?=:|$)/, "");
}
