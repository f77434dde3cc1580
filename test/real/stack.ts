/**
 * Sizes with which two backends and five services can share two cores and a few gigabytes. The OAPs write their data
 * every 5 s instead of 25, so that a test need not wait.
 */
const oap = { replicas: 1, cpu: "100m", memory: "1280Mi", env: { SW_CORE_PERSISTENT_PERIOD: "5" } };
const storage = {
  kind: "elasticsearch",
  version: "7.10.2",
  cpu: "100m",
  memory: "1Gi",
  volumeSize: "1Gi",
};
/** Maven has no jar of the UI, so there is no image. */
const ui = { replicas: 0 };

const v6 = {
  version: "6.5.0",
  // By default its indices have two shards each, which keep Elasticsearch busy.
  oap: { ...oap, env: { SW_STORAGE_ES_INDEX_SHARDS_NUMBER: "1" } },
  ui,
  storage: { ...storage, version: "6.8.9" },
};
const v9 = { version: "9.6.0", oap, ui, storage };
const v10 = { version: "10.1.0", oap, ui, storage };

/** Three minutes are the minimum for a window; the other times are long, for a busy machine. */
const gates = {
  window: "3m",
  interval: "2s",
  arrived: { soak: "5s", timeout: "15m" },
  departed: { timeout: "15m" },
};

const timeouts = { storage: "10m", init: "10m", oap: "10m", rollout: "10m" };

/** Strategy canary: agents 6.6.0 and 7.0.0 of OAP 6.5.0 become agents 9.4.0 of OAP 9.6.0, wave by wave. */
export const canaryStack = {
  from: "v6",
  to: "v9",
  origin: "v6",
  generations: {
    v6: { ...v6, agentNamespace: "v6" },
    v9: { ...v9, oap: { ...oap, replicas: 2 }, agentNamespace: "v9", agents: { java: { release: "9.4.0" } } },
  },
  serviceDefaults: { namespace: "shop", agent: { language: "java", release: "7.0.0" } },
  services: {
    // Their owners set JAVA_TOOL_OPTIONS, which is extended, and restored on the way back.
    gateway: { agent: { language: "java", release: "6.6.0" } },
    catalog: {},
    // Here JAVA_TOOL_OPTIONS is left alone: JDK_JAVA_OPTIONS is stronger, and the new agent is mounted over the old
    // one.
    orders: { inject: "jdk-java-options", agent: { language: "java", release: "6.6.0" } },
    payment: { inject: "jdk-java-options" },
    ledger: { inject: "jdk-java-options" },
  },
  waves: [["gateway", "catalog"], ["orders"]],
  calls: ["gateway -> catalog", "gateway -> orders", "orders -> payment", "orders -> catalog", "payment -> ledger"],
  gates,
  timeouts,
};

/** An alarm about one service, by its name. */
const alarm = {
  rules: {
    gateway_called_rule: {
      expression: "sum(service_cpm > 0) >= 1",
      "include-names": ["gateway|v9|"],
      period: 1,
      "silence-period": 1,
      message: "{name} is called",
    },
  },
};

/** What changes in that stack for the next upgrade, from 9.6.0 to 10.1.0; agents and names of services stay. */
export const nextUpgrade = {
  from: "v9",
  to: "v10",
  origin: "none",
  "generations.v6": undefined,
  "generations.v10": {
    ...v10,
    oap: { ...oap, config: { "alarm-settings.yml": JSON.stringify(alarm) } },
    agentNamespace: "v9",
    agents: { java: { release: "9.4.0" } },
  },
};

/** Strategy hot-reboot from an OAP 6.5.0 to another with an empty storage; the agents, 6.6.0 and 7.0.0, stay. */
export const hotRebootStack = {
  strategy: "hot-reboot",
  from: "h6",
  to: "next",
  origin: "h6",
  entrance: { namespace: "skywalking", name: "oap" },
  generations: {
    h6: { ...v6, namespace: "skywalking", createNamespace: false },
    next: { ...v6, namespace: "skywalking", createNamespace: false },
  },
  serviceDefaults: { namespace: "market", agent: { language: "java", release: "7.0.0" } },
  services: {
    gateway: { agent: { language: "java", release: "6.6.0" } },
    catalog: {},
    orders: { agent: { language: "java", release: "6.6.0" } },
    payment: {},
    ledger: {},
  },
  gates,
  timeouts,
};

/** Strategy in-place: the servers alone are replaced. */
export const inPlaceStack = {
  strategy: "in-place",
  from: "main",
  to: "main",
  origin: "main",
  generations: { main: { ...v9, inPlace: { version: "10.1.0" } } },
  serviceDefaults: { namespace: "store", agent: { language: "java", release: "9.4.0" } },
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
