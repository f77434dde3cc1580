import { isAtLeast } from "../../../skywalking/release";
import { isSecured } from "../../../upgrade/storage/elasticsearch";

export const httpPort = 9200;
export const transportPort = 9300;

/** Directory of the certificates, in the container and as Elasticsearch is told. */
export const certificates = "/usr/share/elasticsearch/config/certs";

/** What the settings of a node depend on. */
export interface NodeSettings {
  /** Elasticsearch release, 6.8 to 9. */
  readonly version: string;
  /** `all` where there are no dedicated masters. */
  readonly role: "all" | "data" | "masters";
  readonly clusterName: string;
  /** Headless Services of the master-eligible nodes, and of those that may have been it. */
  readonly seeds: readonly string[];
  /** How many nodes are master-eligible. */
  readonly masterEligible: number;
  /** The nodes that make the cluster when there is none: decided once, see `firstMasters`. */
  readonly firstMasters: string;
}

/**
 * The settings of `elasticsearch.yml` that the program sets, as variables of the official image, for each release that
 * it runs. What a release does not know, it refuses to start with (tried: 6.8.9, 7.10.2).
 */
export function nodeSettings(settings: NodeSettings): Record<string, string> {
  const { version, role, clusterName } = settings;
  return {
    "cluster.name": clusterName,
    ...discovery(settings),
    ...nodeRoles(version, role),
    ...ownSettings(version),
    ...(isSecured(version) ? security : { "xpack.security.enabled": "false" }),
  };
}

/** What has nothing to do with who runs the nodes. */
export function ownSettings(version: string): Record<string, string> {
  return {
    // With it, vm.max_map_count of the machine would have to be raised by a privileged container.
    "node.store.allow_mmap": "false",
    // It loads a database from elsewhere, by default since 7.14, which is also the first release that
    // takes the setting.
    ...(isAtLeast(version, "7.14.0") ? { "ingest.geoip.downloader.enabled": "false" } : {}),
  };
}

function discovery({ version, seeds, masterEligible, firstMasters }: NodeSettings): Record<string, string> {
  const hosts = seeds.join(",");
  return isAtLeast(version, "7.0.0")
    ? { "discovery.seed_hosts": hosts, "cluster.initial_master_nodes": firstMasters }
    : {
        "discovery.zen.ping.unicast.hosts": hosts,
        // Fewer, and two halves of a torn cluster would each have a master.
        "discovery.zen.minimum_master_nodes": String(Math.floor(masterEligible / 2) + 1),
      };
}

/** What a node of a cluster with dedicated masters is. */
export function nodeRoles(version: string, role: NodeSettings["role"]): Record<string, string> {
  if (role === "all") return {};
  if (isAtLeast(version, "7.9.0")) return { "node.roles": role === "masters" ? "master" : "data,ingest" };
  return role === "masters"
    ? { "node.master": "true", "node.data": "false", "node.ingest": "false" }
    : { "node.master": "false", "node.data": "true", "node.ingest": "true" };
}

/**
 * One certificate serves between the nodes, where it is enough that our authority signed it, and to clients, who
 * check its names.
 */
const security: Record<string, string> = {
  "xpack.security.enabled": "true",
  "xpack.security.transport.ssl.enabled": "true",
  "xpack.security.transport.ssl.verification_mode": "certificate",
  "xpack.security.transport.ssl.certificate": `${certificates}/tls.crt`,
  "xpack.security.transport.ssl.key": `${certificates}/tls.key`,
  "xpack.security.transport.ssl.certificate_authorities": `${certificates}/ca.crt`,
  "xpack.security.http.ssl.enabled": "true",
  "xpack.security.http.ssl.certificate": `${certificates}/tls.crt`,
  "xpack.security.http.ssl.key": `${certificates}/tls.key`,
};

/**
 * Ready is a node that has seen the cluster whole since it started, so that a rolling update takes the next one only
 * when the shards of this one are back; from then on a node that answers. A single node has nowhere to put a
 * replica, hence yellow.
 */
export function readinessScript(version: string, dataNodes: number): string {
  const curl = isSecured(version)
    ? `curl -sf -m 4 --cacert ${certificates}/ca.crt -u "elastic:$ELASTIC_PASSWORD" https://localhost:${String(httpPort)}`
    : `curl -sf -m 4 http://localhost:${String(httpPort)}`;
  const status = dataNodes > 1 ? "green" : "yellow";
  return `if [ -f /tmp/joined ]; then ${curl}/; else ${curl}'/_cluster/health?wait_for_status=${status}&timeout=3s' && touch /tmp/joined; fi`;
}
