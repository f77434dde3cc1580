import { valueAt, type Timeline } from "../release";
import type { OapRelease } from "./releases";

/** Where an OAP answers about itself, unless it is switched off. */
export interface StatusPlace {
  /** `rest`: its port 12800; `admin`: that of `OapProfile.admin`. */
  readonly port: "rest" | "admin";
  /** Variables that switch it off, if they are set to something other than `default`. */
  readonly switches: readonly string[];
}

/**
 * What an OAP can be asked on its port 12800, and where it says more about itself. GraphQL's
 * `getAllServices(duration)` and `getServiceInstances(duration, serviceId)` work unchanged in every release.
 */
export interface QueryFacts {
  /** `getTimeInfo`, which returns the server's time zone. */
  readonly hasTimeInfo: boolean;
  /** `checkHealth`, which answers with an error while the health checker is off. */
  readonly hasCheckHealth: boolean;
  /** Whether `version` is the server's own; earlier releases answer `6.0` up to 7.0, and `8.0` up to 8.8. */
  readonly reportsRealVersion: boolean;
  /** `listServices` and `listInstances`. */
  readonly hasListServices: boolean;
  /** Whether `getAllServices` omits services that reported nothing in its duration. */
  readonly servicesWithinDuration: boolean;
  /**
   * How `getServiceInstances` treats the end of the duration on Elasticsearch. If it is exclusive, an instance that
   * came in the last minute is not in the answer.
   */
  readonly instancesUntil: "inclusive" | "exclusive" | "ignored";
  /**
   * The name of the service as which the OAP reports itself, with its own pods as instances; undefined: it does not. It
   * takes ids for that, in the same numbering as those of agents before 8.0. An OAP with an `application.yml` of the
   * user's own need not do so. From 7.0 on only `SW_TELEMETRY=so11y` makes it.
   */
  readonly reportsItselfAs: string | undefined;
  /** `GET /debugging/config/dump`; undefined: there is none. */
  readonly configDump: StatusPlace | undefined;
  /** `GET /status/cluster/nodes`, the OAP nodes that it believes to be its cluster; undefined: there is none. */
  readonly clusterNodes: StatusPlace | undefined;
}

type Facts = { readonly [Fact in keyof QueryFacts]: Timeline<OapRelease, QueryFacts[Fact]> };

const onAdmin: StatusPlace = { port: "admin", switches: ["SW_ADMIN_SERVER", "SW_STATUS"] };
const statusOf11 =
  "apache/skywalking@5839d2a:oap-server/server-admin/status/src/main/java/org/apache/skywalking/oap/server/admin/status/ClusterStatusQueryHandler.java:56, apache/skywalking@5839d2a:docs/en/changes/changes.md:111";

export const queryFacts: Facts = {
  hasTimeInfo: [
    { since: "6.0.0-GA", value: false, source: "apache/skywalking-query-protocol@v6.4.0:common.graphqls" },
    { since: "6.5.0", value: true, source: "apache/skywalking-query-protocol@v6.5.0:common.graphqls" },
  ],
  hasCheckHealth: [
    { since: "6.0.0-GA", value: false, source: "apache/skywalking-query-protocol@v8.0.0:common.graphqls" },
    { since: "8.1.0", value: true, source: "apache/skywalking-query-protocol@v8.1.0:common.graphqls:114" },
  ],
  reportsRealVersion: [
    {
      since: "6.0.0-GA",
      value: false,
      source:
        "apache/skywalking@v8.8.0:oap-server/server-query-plugin/query-graphql-plugin/src/main/java/org/apache/skywalking/oap/query/graphql/resolver/Query.java:27",
    },
    {
      since: "8.9.0",
      value: true,
      source:
        "apache/skywalking@v8.9.0:oap-server/server-query-plugin/query-graphql-plugin/src/main/java/org/apache/skywalking/oap/query/graphql/resolver/Query.java:29",
    },
  ],
  hasListServices: [
    { since: "6.0.0-GA", value: false, source: "apache/skywalking-query-protocol@v8.9.1:metadata.graphqls" },
    { since: "9.0.0", value: true, source: "apache/skywalking-query-protocol@v9.0.0:metadata-v2.graphqls:120" },
  ],
  servicesWithinDuration: [
    {
      since: "6.0.0-GA",
      value: true,
      source:
        "apache/skywalking@v6.5.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/query/MetadataQueryEsDAO.java:114",
    },
    {
      since: "8.0.0",
      value: false,
      source:
        "apache/skywalking@v8.0.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/query/MetadataQueryEsDAO.java:62",
    },
  ],
  instancesUntil: [
    {
      since: "6.0.0-GA",
      value: "inclusive",
      source:
        "apache/skywalking@v6.5.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/query/MetadataQueryEsDAO.java:295",
    },
    {
      since: "8.0.0",
      value: "ignored",
      source:
        "apache/skywalking@v8.0.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/query/MetadataQueryEsDAO.java:186",
    },
    {
      since: "9.6.0",
      value: "exclusive",
      source:
        "apache/skywalking@v9.6.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/query/MetadataQueryEsDAO.java:161",
    },
    {
      since: "10.3.0",
      value: "inclusive",
      source:
        "apache/skywalking@v10.3.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/query/MetadataQueryEsDAO.java:163",
    },
  ],
  reportsItselfAs: [
    {
      since: "6.0.0-GA",
      value: undefined,
      source: "apache/skywalking@v6.2.0:oap-server/server-receiver-plugin/pom.xml",
    },
    {
      since: "6.3.0",
      value: "SkyWalking",
      source:
        "apache/skywalking@v6.3.0:docker/oap/docker-entrypoint.sh:259, apache/skywalking@v6.3.0:oap-server/server-receiver-plugin/skywalking-so11y-receiver-plugin/src/main/java/org/apache/skywalking/oap/server/receiver/so11y/So11yReceiverModuleProvider.java:62",
    },
    {
      since: "7.0.0",
      value: undefined,
      source: "apache/skywalking@v7.0.0:docker/oap/docker-entrypoint.sh:23",
    },
  ],
  configDump: [
    {
      since: "6.0.0-GA",
      value: undefined,
      source: "apache/skywalking@v9.6.0:oap-server/server-starter/src/main/resources/application.yml",
    },
    {
      since: "9.7.0",
      value: { port: "rest", switches: ["SW_DEBUGGING_QUERY"] },
      source: "apache/skywalking@v9.7.0:oap-server/server-starter/src/main/resources/application.yml:538",
    },
    {
      since: "10.2.0",
      value: { port: "rest", switches: ["SW_STATUS_QUERY"] },
      source: "apache/skywalking@v10.2.0:oap-server/server-starter/src/main/resources/application.yml:577",
    },
    { since: "11.0.0", value: onAdmin, source: statusOf11 },
  ],
  clusterNodes: [
    { since: "6.0.0-GA", value: undefined, source: "apache/skywalking@v10.1.0:oap-server/server-query-plugin" },
    {
      since: "10.2.0",
      value: { port: "rest", switches: ["SW_STATUS_QUERY"] },
      source:
        "apache/skywalking@v10.2.0:oap-server/server-query-plugin/status-query-plugin/src/main/java/org/apache/skywalking/oap/query/debug/ClusterStatusQueryHandler.java:53, apache/skywalking@v10.2.0:oap-server/server-starter/src/main/resources/application.yml:577",
    },
    { since: "11.0.0", value: onAdmin, source: statusOf11 },
  ],
};

export function queryFactsOf(release: OapRelease): QueryFacts {
  return {
    hasTimeInfo: valueAt(queryFacts.hasTimeInfo, release),
    hasCheckHealth: valueAt(queryFacts.hasCheckHealth, release),
    reportsRealVersion: valueAt(queryFacts.reportsRealVersion, release),
    hasListServices: valueAt(queryFacts.hasListServices, release),
    servicesWithinDuration: valueAt(queryFacts.servicesWithinDuration, release),
    instancesUntil: valueAt(queryFacts.instancesUntil, release),
    reportsItselfAs: valueAt(queryFacts.reportsItselfAs, release),
    configDump: valueAt(queryFacts.configDump, release),
    clusterNodes: valueAt(queryFacts.clusterNodes, release),
  };
}
