import { checkConfig } from "../../upgrade/check-config";
import type { Service } from "../../upgrade/config";
import { describeProblem, type Problem } from "../../upgrade/problem";
import { readConfig } from "../../upgrade/read-config";
import { stageRow } from "../../upgrade/stage";
import { changed, exampleConfig } from "../example";

const external = { kind: "elasticsearch-external", version: "7.17.29", urls: ["https://a:9200", "https://b:9200"] };

test.each<[string, Record<string, unknown>]>([
  ["the example", {}],
  ["no services", { services: undefined, waves: undefined }],
  ["a service that says nothing of itself", { services: { catalog: null }, waves: [] }],
  ["no waves", { waves: undefined }],
  ["canary is short for canary-1", { stage: "canary" }],
  ["an origin that is gone", { origin: "none" }],
  ["an adopted generation", { "generations.v6": { managed: false, version: "6.0.0-GA", address: "a:11800,b:11800" } }],
  [
    "two generations in one namespace of the user's",
    {
      "generations.v6.namespace": "tracing",
      "generations.v6.createNamespace": false,
      "generations.v9.namespace": "tracing",
      "generations.v9.createNamespace": false,
    },
  ],
  ["an external Elasticsearch", { "generations.v9.storage": external }],
  [
    "an external Elasticsearch with credentials",
    { "generations.v9.storage": { ...external, user: "oap", password: "x" } },
  ],
  [
    "one external Elasticsearch with two prefixes",
    {
      "generations.v6.storage": { ...external, namespace: "old" },
      "generations.v9.storage": { ...external, namespace: "new" },
    },
  ],
  [
    "a third generation",
    {
      "generations.v10": { managed: false, version: "10.4.0", address: "oap:11800", agentNamespace: "v10" },
    },
  ],
  [
    "a service that was made for the new backend",
    {
      "services.catalog.origin": "v9",
      "services.catalog.agent": { language: "java", release: "9.4.0" },
    },
  ],
  ["an entrance that is not said, as Pulumi.yaml gives it", { entrance: {} }],
  ["variables of application.yml", { "generations.v9.oap.env": { SW_CORE_RECORD_DATA_TTL: "7" } }],
])("%s is legal", (_, changes) => {
  expect(() => readConfig(changed(exampleConfig(), changes))).not.toThrow();
});

test("defaults are filled in", () => {
  const config = readConfig({
    from: "a",
    to: "b",
    origin: "a",
    generations: {
      a: { managed: false, version: "9.7.0", address: "oap:11800" },
      b: { version: "10.4.0", agentNamespace: "b", storage: { kind: "elasticsearch", version: "7.17.29" } },
    },
    services: { web: { namespace: "shop", agent: { language: "java", release: "9.4.0" } } },
  });
  const { from, to, ...rest } = config;
  expect({ from: from.name, to: to.name }).toEqual({ from: "a", to: "b" });
  expect(from.generation).toBe(config.generations.a);
  expect(to.generation).toBe(config.generations.b);
  expect(rest).toEqual({
    strategy: "canary",
    stage: { text: "baseline", stage: "baseline", wave: undefined, index: 0, row: stageRow("canary", "baseline") },
    origin: "a",
    generations: {
      a: {
        cluster: "default",
        managed: false,
        version: "9.7.0",
        behavesLike: "9.7.0",
        agentNamespace: "",
        address: "oap:11800",
        agents: {},
      },
      b: {
        cluster: "default",
        managed: true,
        version: "10.4.0",
        behavesLike: "10.4.0",
        agentNamespace: "b",
        agents: {},
        createNamespace: true,
        images: {},
        oap: {
          replicas: 2,
          podDisruptionBudget: { maxUnavailable: 1 },
          strategy: "RollingUpdate",
          memory: "2Gi",
          cpu: "500m",
          env: {},
          service: {},
          serviceAccount: {},
        },
        init: {},
        ui: { replicas: 1, memory: "512Mi", cpu: "100m", admin: false, service: { port: 80 } },
        monitoring: { serviceMonitor: false },
        storage: {
          kind: "elasticsearch",
          version: "7.17.29",
          replicas: 1,
          memory: "2Gi",
          cpu: "500m",
          volumeSize: "50Gi",
          dropVolumes: false,
        },
      },
    },
    serviceDefaults: {},
    services: {
      web: {
        cluster: "default",
        key: "web",
        name: "web",
        origin: "a",
        namespace: "shop",
        kind: "Deployment",
        agent: { language: "java", release: "9.4.0" },
      },
    },
    waves: [],
    calls: [],
    entrance: undefined,
    inClear: new Map(),
    allowReplace: [],
    gates: {
      mode: "enforce",
      window: "5m",
      interval: "5s",
      healthy: { timeout: "5m" },
      arrived: { timeout: "15m", soak: "1m", share: "100%", minimum: 1 },
      departed: { timeout: "15m", ignore: [] },
      checks: {},
    },
    timeouts: { storage: "15m", init: "15m", oap: "15m", snapshot: "1h", rollout: "10m" },
    rollout: { onDelete: "wait" },
  });
});

test("what a service says wins over serviceDefaults", () => {
  const { services } = readConfig(exampleConfig());
  expect(services.catalog).toMatchObject({ kind: "Deployment", namespace: "shop" });
  expect(services.payment).toMatchObject({ kind: "StatefulSet", namespace: "shop" });
});

test("an agent that no release of which can report to the new OAP is said to be out", () => {
  const config = readConfig(exampleConfig());
  const problems: Problem[] = [];
  const service = { ...config.services.catalog, agent: { language: "go", release: "0.6.0" } };
  checkConfig(
    {
      ...config,
      stage: "baseline",
      from: "v6",
      to: "v9",
      generationNames: ["v6", "v9"],
      // Languages other than Java have no schema yet.
      services: { catalog: service as unknown as Service },
      serviceNames: ["catalog"],
      waves: [],
    },
    (problem) => problems.push(problem),
  );
  expect(problems.map(describeProblem)).toEqual([
    expect.stringMatching(
      /^services\.catalog\.agent\.release: "0\.6\.0" cannot report to v6 \(OAP 6\.6\.0\): .* or the service's origin$/,
    ),
  ]);
  problems.length = 0;
  checkConfig(
    {
      ...config,
      stage: "baseline",
      from: "v9",
      to: "v6",
      origin: "v9",
      generationNames: ["v6", "v9"],
      services: { catalog: { ...service, origin: "v9" } as unknown as Service },
      serviceNames: ["catalog"],
      waves: [],
    },
    (problem) => problems.push(problem),
  );
  expect(problems.map(describeProblem)).toEqual([
    expect.stringMatching(
      /^services\.catalog\.agent\.release: "0\.6\.0" cannot report to v6 .* -> this service cannot take part in the upgrade$/,
    ),
  ]);
});
