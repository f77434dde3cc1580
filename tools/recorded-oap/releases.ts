/** What an OAP of one release line knows and does, as the recorded one answers. */
export interface RecordedRelease {
  /** The answer to `version`: since 8.9 the release and the first letters of its commit (`Version.java`). */
  readonly version: string;
  /**
   * The parts of `common.graphqls`, `metadata.graphqls` and `topology.graphqls` at the tag that the program could ask
   * for.
   */
  readonly schema: string;
  /** Whether `getAllServices` lists only what reported within the duration (`MetadataQueryEsDAO.java` at the tag). */
  readonly servicesWithinDuration: boolean;
  /** How `getServiceInstances` treats the end of the duration (`MetadataQueryEsDAO.java` at the tag). */
  readonly end: "inclusive" | "exclusive" | "ignored";
  /** The service as which the OAP of the official image reports itself, for ever (`docker-entrypoint.sh`). */
  readonly itself?: string;
  /**
   * On which port there is `GET /status/cluster/nodes`: 12800, or that of the administration, 17128
   * (`ClusterStatusQueryHandler.java`). Defaults to none.
   */
  readonly clusterNodes?: "rest" | "admin";
}

const common = `
  scalar Long
  enum Step { MONTH DAY HOUR MINUTE SECOND }
  input Duration { start: String! end: String! step: Step! }
  type TimeInfo { timezone: String currentTimestamp: Long }
  type ServiceInstance { id: ID! name: String! }
  type Topology { nodes: [Node!]! calls: [Call!]! }
  type Node { id: ID! name: String! type: String isReal: Boolean! }
  type Call { source: ID! target: ID! id: ID! }
`;
const instances = "getServiceInstances(duration: Duration!, serviceId: ID!): [ServiceInstance!]!";
const topology = "getGlobalTopology(duration: Duration!): Topology";
const layeredTopology = "getGlobalTopology(duration: Duration!, layer: String, debug: Boolean): Topology";
const service = "type Service { id: ID! name: String! }";
const services = "getAllServices(duration: Duration!): [Service!]!";
const groupedService = "type Service { id: ID! name: String! group: String! }";
const groupedServices = "getAllServices(duration: Duration!, group: String): [Service!]!";
const time = "getTimeInfo: TimeInfo";

/** From 8.1 on there is `checkHealth`. */
const withHealth = (itsTopology: string): string =>
  `${common} ${groupedService} type HealthStatus { score: Int! details: String } type Query { version: String ${groupedServices} ${instances} ${itsTopology} ${time} checkHealth: HealthStatus! }`;

/** One release of each line; source: apache/skywalking-query-protocol and apache/skywalking at that tag. */
export const recordedReleases = {
  "6.4.0": {
    version: "6.0",
    schema: `${common} ${service} type Query { version: String ${services} ${instances} ${topology} }`,
    servicesWithinDuration: true,
    end: "inclusive",
    itself: "SkyWalking",
  },
  "6.6.0": {
    version: "6.0",
    schema: `${common} ${service} type Query { version: String ${services} ${instances} ${topology} ${time} }`,
    servicesWithinDuration: true,
    end: "inclusive",
    itself: "SkyWalking",
  },
  "7.0.0": {
    version: "6.0",
    schema: `${common} ${service} type Query { version: String ${services} ${instances} ${topology} ${time} }`,
    servicesWithinDuration: true,
    end: "inclusive",
  },
  "8.0.0": {
    version: "8.0",
    schema: `${common} ${service} type Query { version: String ${services} ${instances} ${topology} ${time} }`,
    servicesWithinDuration: false,
    end: "ignored",
  },
  "8.4.0": {
    version: "8.0",
    schema: withHealth(topology),
    servicesWithinDuration: false,
    end: "ignored",
  },
  "8.9.1": {
    version: "8.9.1-0000000",
    schema: withHealth(topology),
    servicesWithinDuration: false,
    end: "ignored",
  },
  "9.0.0": {
    version: "9.0.0-0000000",
    schema: withHealth(topology),
    servicesWithinDuration: false,
    end: "ignored",
  },
  "9.7.0": {
    version: "9.7.0-0000000",
    schema: withHealth(topology),
    servicesWithinDuration: false,
    end: "exclusive",
  },
  "10.1.0": {
    version: "10.1.0-0000000",
    schema: withHealth(layeredTopology),
    servicesWithinDuration: false,
    end: "exclusive",
  },
  "10.4.0": {
    version: "10.4.0-0000000",
    schema: withHealth(layeredTopology),
    servicesWithinDuration: false,
    end: "inclusive",
    clusterNodes: "rest",
  },
  // Of commits: apache/skywalking@5839d2a, apache/skywalking-query-protocol@3e99edc.
  "11.0.0": {
    version: "11.0.0-0000000",
    schema: withHealth(layeredTopology),
    servicesWithinDuration: false,
    end: "inclusive",
    clusterNodes: "admin",
  },
} as const satisfies Record<string, RecordedRelease>;

export type RecordedReleaseName = keyof typeof recordedReleases;
