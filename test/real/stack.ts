/**
 * Sizes with which two backends and five services can share two cores and a few gigabytes. The OAPs write their data
 * every 5 s instead of 25, so that a test need not wait.
 */
const oap = { cpu: "100m", memory: "1280Mi", env: { SW_CORE_PERSISTENT_PERIOD: "5" } };
const storage = {
  kind: "elasticsearch",
  version: "7.10.2",
  cpu: "100m",
  memory: "1Gi",
  volumeSize: "1Gi",
};
/** Maven has no jar of the UI, so there is no image. */
const ui = { replicas: 0 };

export const v9 = { version: "9.6.0", oap: { ...oap, replicas: 1 }, ui, storage };
export const v10 = { version: "10.1.0", oap: { ...oap, replicas: 2 }, ui, storage };

/** Three minutes are the minimum for a window; the other times are long, for a busy machine. */
const gates = {
  window: "3m",
  interval: "2s",
  arrived: { soak: "5s", timeout: "15m" },
  departed: { timeout: "15m" },
};

const timeouts = { storage: "10m", init: "10m", oap: "10m", rollout: "10m" };

/** Strategy canary: agents 8.6.0 of OAP 9.6.0 become agents 9.4.0 of OAP 10.1.0, wave by wave along the calls. */
export const canaryStack = {
  from: "v9",
  to: "v10",
  origin: "v9",
  generations: {
    v9: { ...v9, agentNamespace: "v9" },
    v10: { ...v10, agentNamespace: "v10", agents: { java: { release: "9.4.0" } } },
  },
  serviceDefaults: { namespace: "shop", agent: { language: "java", release: "8.6.0" } },
  services: {
    // Their owners set JAVA_TOOL_OPTIONS, which is extended, and restored on the way back.
    gateway: {},
    catalog: {},
    // Here JAVA_TOOL_OPTIONS is left alone: JDK_JAVA_OPTIONS is stronger, and the new agent is mounted over the old
    // one.
    orders: { inject: "jdk-java-options" },
    payment: { inject: "jdk-java-options" },
    ledger: { inject: "jdk-java-options" },
  },
  waves: [["gateway", "catalog"], ["orders"]],
  calls: ["gateway -> catalog", "gateway -> orders", "orders -> payment", "orders -> catalog", "payment -> ledger"],
  gates,
  timeouts,
};

/** Strategy hot-reboot between the same two releases; the agents stay at 9.4.0. */
export const hotRebootStack = {
  strategy: "hot-reboot",
  from: "h9",
  to: "h10",
  origin: "h9",
  entrance: { namespace: "skywalking", name: "oap" },
  generations: {
    h9: { ...v9, namespace: "skywalking", createNamespace: false },
    h10: { ...v10, oap: { ...oap, replicas: 1 }, namespace: "skywalking", createNamespace: false },
  },
  serviceDefaults: { namespace: "market", agent: { language: "java", release: "9.4.0" } },
  services: { gateway: {}, catalog: {}, orders: {}, payment: {}, ledger: {} },
  gates,
  timeouts,
};

/** A new backend whose OAP cannot start: there is no Elasticsearch at that address. */
export const noStorageStack = {
  from: "v9",
  to: "lost",
  origin: "v9",
  generations: {
    v9: { version: "9.6.0", managed: false, address: "oap-v9.skywalking-v9.svc:11800" },
    lost: {
      ...v10,
      agentNamespace: "lost",
      storage: { kind: "elasticsearch-external", version: "7.10.2", urls: ["http://no-elasticsearch.lost:9200"] },
    },
  },
  // Long enough for an OAP to report what it lacks, even on a busy machine.
  timeouts: { ...timeouts, init: "90s", oap: "45s" },
};
