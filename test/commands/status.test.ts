import type { Status } from "../../commands/status/status";
import type { ListedWorkload } from "../../commands/workloads/list";
import { answered, everyone, on, statusOf, type Answered, type Situation } from "./sample-status";

const saidOf = (status: Status, key: string): readonly string[] =>
  status.services.find((service) => service.key === key)?.disagreements ?? [];
const saidOfGeneration = (status: Status, name: string): readonly string[] =>
  status.generations.find((generation) => generation.name === name)?.disagreements ?? [];
/** Everything that disagrees. */
const allSaid = (status: Status): string[] => [
  ...status.disagreements,
  ...[...status.generations, ...status.services].flatMap(({ disagreements }) => disagreements),
];

describe("when all is as the config says, nothing disagrees", () => {
  const none = { nodes: { ready: 0, desired: 0 } };
  test.each<[string, Situation]>([
    ["baseline", { v9: none }],
    ["provision", {}],
    ["canary-1", {}],
    ["canary-2", {}],
    ["shift", {}],
    ["drain", { v6: none }],
    ["retire", { v6: none }],
  ])("%s", (stage, situation) => {
    const status = statusOf({ stage, ...situation });
    expect(allSaid(status)).toEqual([]);
    expect(status.agrees).toBe(true);
  });
});

test("where the config says, where pods point and where instances report, side by side", () => {
  const status = statusOf({ stage: "canary-2" });
  expect(
    Object.fromEntries(
      status.services.map((it) => [it.key, [it.expected, it.pods.map((pod) => pod.generation), it.reports]]),
    ),
  ).toEqual({
    catalog: ["v9", ["v9"], [{ generation: "v9", instances: 2 }]],
    cart: ["v9", ["v9"], [{ generation: "v9", instances: 2 }]],
    payment: ["v9", ["v9"], [{ generation: "v9", instances: 2 }]],
    frontend: ["v6", ["v6"], [{ generation: "v6", instances: 2 }]],
    inventory: ["v6", ["v6"], [{ generation: "v6", instances: 2 }]],
    gateway: ["v6", ["v6"], [{ generation: "v6", instances: 2 }]],
  });
});

test("a flag that was set and not applied", () => {
  const status = statusOf({ stage: "canary-2", applied: "canary-1", moved: ["catalog"] });
  expect(status.disagreements).toEqual([
    "the config says stage canary-2, but the last update entered canary-1: `pulumi up`",
  ]);
  expect(saidOf(status, "cart")[0]).toContain("the config says v9");
  expect(status.agrees).toBe(false);
});

describe("a service whose owner set the old address back", () => {
  const field = (variable: string, manager: string, time: string) => ({
    manager,
    operation: "Update",
    time: new Date(time),
    fieldsV1: {
      "f:spec": {
        "f:template": {
          "f:spec": {
            "f:containers": { 'k:{"name":"cart"}': { "f:env": { [`k:{"name":"${variable}"}`]: { "f:value": {} } } } },
          },
        },
      },
    },
  });
  const managedFields = [
    field("JAVA_TOOL_OPTIONS", "kubectl-client-side-apply", "2026-01-02T03:00:00Z"),
    field("JAVA_TOOL_OPTIONS", "skywalking-canary", "2026-01-01T00:00:00Z"),
    field("SW_AGENT_COLLECTOR_BACKEND_SERVICES", "helm", "2026-01-02T03:02:00Z"),
  ];

  test("is named with who wrote it last", () => {
    const status = statusOf({
      stage: "canary-2",
      moved: ["catalog", "payment"],
      change: (listed) =>
        listed.workload.name === "cart" ? { ...listed, workload: { ...listed.workload, managedFields } } : listed,
    });
    expect(saidOf(status, "cart")).toEqual([
      "2 of 2 pods point to oap-v6.skywalking-v6.svc:11800 (v6), but the config says v9 (last written by helm at 2026-01-02T03:02:00.000Z: perhaps a deploy by the owner; `pulumi up` moves it again)",
      "2 instances of it reported to v6 in the last 5 min, but the config says v9",
    ]);
    expect(saidOf(status, "catalog")).toEqual([]);
  });

  test("the writer is that of the variable which has the address", () => {
    const status = statusOf({
      stage: "shift",
      change: (listed) =>
        listed.workload.name === "cart" ? { ...listed, workload: { ...listed.workload, managedFields } } : listed,
      config: { "services.cart.inject": "java-tool-options" },
    });
    expect(status.services.find(({ key }) => key === "cart")?.lastWriter).toEqual({
      manager: "kubectl-client-side-apply",
      time: "2026-01-02T03:00:00.000Z",
    });
  });
});

describe("what disagrees of a service", () => {
  const cartWith = (value: string, agentNamespace: string) => (listed: ListedWorkload) => {
    if (listed.workload.name !== "cart") return listed;
    const env = [
      {
        name: "JAVA_TOOL_OPTIONS",
        value: `-javaagent:/skywalking/agent/skywalking-agent.jar -Dskywalking.collector.backend_service=${value} -Dskywalking.agent.namespace=${agentNamespace}`,
      },
      { name: "SW_AGENT_NAME", value: "cart" },
    ];
    const spec = { containers: [{ name: "cart", env }] };
    return { ...listed, pods: listed.pods.map((pod, index) => (index === 0 ? { ...pod, spec } : pod)) };
  };

  test.each<[string, Situation, RegExp]>([
    [
      "its workload is not there",
      { change: (listed) => (listed.workload.name === "cart" ? undefined : listed) },
      /^there is no Deployment shop\/cart in the cluster$/,
    ],
    [
      "a pod points at nobody's address",
      { change: cartWith("elsewhere.example:11800", "v6") },
      /^1 of 2 pods points to elsewhere\.example:11800, which belongs to no generation, but the config says v6/,
    ],
    [
      "address and namespace are of different generations",
      { change: cartWith("oap-v6.skywalking-v6:11800", "v9") },
      /^1 of 2 pods has the address of v6 with agent namespace "v9" instead of "v6"/,
    ],
    [
      "ready pods are not seen by their OAP",
      { v6: { answer: answered("6.0", { cart: 1 }) } },
      /^2 ready pods point to v6, and 1 instance reported there in the last 5 min$/,
    ],
    [
      "an instance reports to the other generation",
      { v9: { answer: answered("9.7.0", { "cart|v9|": 1, "catalog|v9|": 2 }) } },
      /^1 instance of it reported to v9 in the last 5 min, but the config says v6$/,
    ],
    [
      "its rollout has not finished",
      {
        change: (listed) =>
          listed.workload.name === "cart"
            ? { ...listed, workload: { ...listed.workload, pendingRollout: "1 of 2 pods updated" } }
            : listed,
      },
      /^its rollout has not finished: 1 of 2 pods updated$/,
    ],
  ])("%s", (_, situation, said) => {
    const status = statusOf({ stage: "canary-1", ...situation });
    expect(saidOf(status, "cart")).toEqual([expect.stringMatching(said)]);
    expect(status.agrees).toBe(false);
  });

  test("an OAP that could not be asked says nothing against its services", () => {
    const status = statusOf({ stage: "canary-1", v6: { answer: { kind: "failed", error: "it did not answer" } } });
    expect(saidOf(status, "cart")).toEqual([]);
    expect(saidOfGeneration(status, "v6")).toEqual(["it did not answer"]);
  });
});

describe("what disagrees of a generation", () => {
  const says = (parts: Partial<Answered>) => ({
    answer: { ...answered("9.7.0-1a2b3c4", on("v9", { catalog: 2 })), ...parts },
  });
  test.each<[string, Situation["v9"], string[]]>([
    [
      "another release answers",
      says({ version: "9.6.0-1a2b3c4" }),
      ["the OAP of v9: it reports version 9.6.0-1a2b3c4, but release 9.7.0 reports 9.7.0"],
    ],
    [
      "it is not healthy",
      says({ health: { score: 2, details: "storage" } }),
      ["the OAP of v9: it is not healthy: storage"],
    ],
    ["healthy it agrees", says({ health: { score: 0, details: "" } }), []],
    [
      "not all of it is ready",
      { nodes: { ready: 1, desired: 2 } },
      ["1 of 2 OAP pods ready, but the config's stage needs it running"],
    ],
    [
      "its cluster is not its own",
      says({ clusterNodes: ["10.0.0.1", "10.0.0.2", "10.0.9.9"] }),
      ["the OAP of v9: its cluster has nodes that are not its own pods: 10.0.9.9"],
    ],
    ["its cluster is its own", says({ clusterNodes: ["10.0.0.1", "10.0.0.2"] }), []],
  ])("%s", (_, v9, said) => {
    expect(saidOfGeneration(statusOf({ stage: "canary-1", ...(v9 === undefined ? {} : { v9 }) }), "v9")).toEqual(said);
  });

  test("a release that is not known answers as itself", () => {
    const config = { "generations.v9.version": "99.0.0", "generations.v9.behavesLike": "9.7.0" };
    const answering = (version: string) => statusOf({ stage: "canary-1", config, v9: says({ version }) });
    const status = answering("99.0.0-1a2b3c4");
    expect(allSaid(status)).toEqual([]);
    expect(status.generations.map(({ version }) => version)).toEqual(["6.6.0", "99.0.0"]);
    expect(saidOfGeneration(answering("9.7.0-1a2b3c4"), "v9")).toEqual([
      "the OAP of v9: it reports version 9.7.0-1a2b3c4, but release 99.0.0 reports 99.0.0",
    ]);
  });

  test("it runs where the stage has stopped it", () => {
    expect(saidOfGeneration(statusOf({ stage: "drain" }), "v6")).toEqual([
      "the cluster wants 2 OAP pods, but the config's stage wants none",
    ]);
  });

  test("releases that cannot say their version are not held to it", () => {
    expect(saidOfGeneration(statusOf({ stage: "canary-1" }), "v6")).toEqual([]);
  });
});

describe("a service that both backends list by one name", () => {
  const config = {
    "generations.v6.version": "9.5.0",
    "generations.v6.storage.version": "7.17.29",
    "generations.v9.agentNamespace": "v6",
    "serviceDefaults.agent": { language: "java", release: "9.3.0" },
    "services.payment.agent.release": "9.3.0",
  };
  const listed = (version: string, ...names: string[]) => ({
    answer: answered(`${version}-1a2b3c4`, Object.fromEntries(names.map((name) => [`${name}|v6|`, 2]))),
  });
  const [moved, ...stay] = ["catalog", "cart", "payment", "frontend", "inventory", "gateway"] as const;

  test("is where the OAP that was asked is", () => {
    const status = statusOf({ config, v6: listed("9.5.0", ...stay), v9: listed("9.7.0", moved) });
    expect(allSaid(status)).toEqual([]);
    expect(status.services.map(({ key, reports }) => [key, reports.map(({ generation }) => generation)])).toEqual(
      ["catalog", "frontend", "cart", "payment", "inventory", "gateway"].map((key) => [
        key,
        [key === moved ? "v9" : "v6"],
      ]),
    );
  });

  test("disagrees where it reports to the other", () => {
    const status = statusOf({ config, v6: listed("9.5.0", moved, ...stay), v9: listed("9.7.0") });
    expect(saidOf(status, moved)).toEqual([
      "2 instances of it reported to v6 in the last 5 min, but the config says v9",
      "2 ready pods point to v9, and 0 instances reported there in the last 5 min",
    ]);
  });
});

test("a live service that no config lists is named, and is no agreement", () => {
  const status = statusOf({ stage: "provision", v6: { answer: answered("6.0", { ...everyone, mailer: 1 }) } });
  expect(status.unlisted).toEqual([{ generation: "v6", name: "mailer", instances: 1 }]);
  expect(status.agrees).toBe(false);
});

test("where the agent's configuration file is mounted from a ConfigMap, what it says is where the pods point", () => {
  const volumes = [{ name: "agent-config", configMap: { name: "catalog-agent-v9" } }];
  const spec = { containers: [{ name: "catalog", env: [{ name: "SW_AGENT_NAME", value: "catalog" }] }], volumes };
  const file = [
    "# collector.backend_service=commented.out:11800",
    "collector.backend_service=before:11800",
    "collector.backend_service = oap-v9.skywalking-v9.svc:11800",
    "agent.namespace=${SW_AGENT_NAMESPACE:v9}",
  ];
  const status = statusOf({
    stage: "canary-1",
    config: {
      "generations.v6.version": "9.6.0",
      "generations.v9.agents": undefined,
      "serviceDefaults.agent.release": "9.3.0",
      "services.payment.agent.release": "9.3.0",
      "services.catalog.inject": "config-map",
      "services.catalog.configFile": { volume: "agent-config" },
      "services.catalog.agent": { language: "java", release: "9.3.0" },
    },
    moved: [],
    v6: {
      answer: answered("9.6.0", {
        "frontend|v6|": 2,
        "cart|v6|": 2,
        "payment|v6|": 2,
        "inventory|v6|": 2,
        "gateway|v6|": 2,
      }),
    },
    v9: { answer: answered("9.7.0", { "catalog|v9|": 2 }) },
    change: (listed) =>
      listed.workload.name === "catalog" ? { ...listed, pods: listed.pods.map((pod) => ({ ...pod, spec })) } : listed,
    configMaps: { "default/shop/catalog-agent-v9": { "agent.config": file.join("\n") } },
  });
  expect(status.services.find(({ key }) => key === "catalog")?.pods).toEqual([
    { generation: "v9", address: "oap-v9.skywalking-v9.svc:11800", agentNamespace: "v9", pods: 2, ready: 2 },
  ]);
  expect(status.agrees).toBe(true);
});

test("workloads that report under one name are not held against each other", () => {
  const config = {
    "services.cart.agent": { language: "java", release: "6.6.0", serviceName: "shop" },
    "services.frontend.agent": { language: "java", release: "6.6.0", serviceName: "shop" },
  };
  const others = { payment: 2, inventory: 2, gateway: 2 };
  const v9 = { answer: answered("9.7.0", on("v9", { catalog: 2, payment: 2, shop: 2 })) };
  // cart has moved, frontend has not.
  const status = statusOf({
    stage: "canary-2",
    config,
    v6: { answer: answered("6.0", { ...others, payment: 0, shop: 2 }) },
    v9,
  });
  expect([saidOf(status, "cart"), saidOf(status, "frontend")]).toEqual([[], []]);
  // Of a name that nobody is expected to have there, it is said.
  const late = statusOf({ stage: "shift", config, v6: { answer: answered("6.0", { shop: 1 }) } });
  expect(saidOf(late, "cart")).toContain("1 instance of it reported to v6 in the last 5 min, but the config says v9");
});

test("a service that may go dark is not held against the agreement", () => {
  const config = { gates: { departed: { ignore: ["mailer"] } } };
  const v6 = { answer: answered("6.0", { ...everyone, mailer: 1 }) };
  expect(statusOf({ stage: "provision", config, v6 }).agrees).toBe(true);
});

test("an adopted generation that cannot be asked takes nothing from the agreement", () => {
  const config = {
    "generations.v6": { managed: false, version: "6.6.0", address: "oap-v6.skywalking-v6:11800", agentNamespace: "v6" },
  };
  const v6 = { nodes: undefined, answer: { kind: "not asked", why: "no restUrl" } } as const;
  const status = statusOf({ stage: "canary-1", config, v6 });
  expect(status.generations[0]).toMatchObject({ state: "adopted", answer: { kind: "not asked" } });
  expect(status.agrees).toBe(true);
});
