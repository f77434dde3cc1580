import { parse } from "yaml";

import { adopt, type Adoption } from "../../commands/adopt/adopt";
import { servicesYaml } from "../../commands/adopt/services-yaml";
import { summary } from "../../commands/adopt/summary";
import type { ListedWorkload } from "../../commands/workloads/list";
import { readConfig } from "../../upgrade/read-config";
import { changed, exampleConfig, exampleWorkloads, type RawConfig } from "../example";

const key = "skywalking-canary:services";
const jar = "-javaagent:/skywalking/agent/skywalking-agent.jar";
const noServices = changed(exampleConfig(), { services: undefined, waves: undefined });
const silent = changed(noServices, { serviceDefaults: undefined });
const nothingAssumed = { releases: [], language: undefined };
const release = (...values: readonly string[]) => ({
  ...nothingAssumed,
  releases: values.map((value) => ({ value, by: "--release" })),
});

type Spec = ListedWorkload["workload"]["podSpec"];

// Not structuredClone: its objects are not those of Jest's realm, and so not deeply equal to others.
const copyOf = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

/** The sample workloads as they run, each with a change to its pod spec. */
function running(change: (name: string, spec: Spec) => Spec = (_, spec) => spec): ListedWorkload[] {
  return [...exampleWorkloads().values()].map((workload) => {
    const spec = change(workload.name, copyOf(workload.podSpec));
    return {
      workload: { ...workload, podSpec: spec },
      desired: 1,
      pods: [],
    };
  });
}

/** Only one of the sample workloads, with something in place of what its container has. */
function only(name: string, parts: object): ListedWorkload[] {
  const changedOne = running((_, spec) => {
    for (const container of spec.containers) Object.assign(container, parts);
    return spec;
  });
  return changedOne.filter(({ workload }) => workload.name === name);
}

function entriesOf({ proposals }: Adoption): RawConfig {
  return (parse(servicesYaml(key, proposals)) as { config: Record<string, RawConfig> }).config[key] ?? {};
}

function questionsOf({ proposals }: Adoption): Record<string, readonly string[]> {
  return Object.fromEntries(proposals.map((it) => [it.key, it.questions]));
}

test("the sample services, with nothing in the stack file of them", () => {
  expect(entriesOf(adopt(silent, running(), release("6.6.0")))).toEqual({
    catalog: { namespace: "shop", kind: "Deployment", agent: { language: "java", release: "6.6.0" } },
    frontend: { namespace: "shop", kind: "Deployment", agent: { language: "java", release: "6.6.0" } },
    cart: { namespace: "shop", kind: "Deployment", agent: { language: "java", release: "6.6.0" } },
    inventory: {
      namespace: "shop",
      kind: "StatefulSet",
      container: "app",
      agent: { language: "java", release: "6.6.0" },
    },
    gateway: {
      namespace: "shop",
      kind: "DaemonSet",
      name: "edge-gateway",
      agent: { language: "java", release: "6.6.0" },
    },
  });
});

test("what serviceDefaults say is neither asked nor repeated", () => {
  expect(entriesOf(adopt(noServices, running(), nothingAssumed))).toEqual({
    catalog: {},
    frontend: {},
    cart: {},
    inventory: { kind: "StatefulSet", container: "app" },
    gateway: { kind: "DaemonSet", name: "edge-gateway" },
  });
});

test("what it writes loads", () => {
  const services = entriesOf(adopt(silent, running(), release("6.6.0")));
  expect(Object.keys(readConfig({ ...silent, services }).services)).toEqual(Object.keys(services));
});

test("what was found, and what was assumed, stands above each entry", () => {
  const text = servicesYaml(key, adopt(silent, running(), release("6.6.0")).proposals);
  expect(text).toContain(
    [
      "    # Deployment shop/cart, container cart: agent attached by JAVA_TOOL_OPTIONS, reports to oap-v6.skywalking-v6.svc:11800 (v6), namespace v6, as cart",
      "    # agent.release: not found in the manifest, so 6.6.0 is assumed (--release)",
    ].join("\n"),
  );
});

test("a workload in whose manifest nothing speaks of an agent is named", () => {
  expect(adopt(silent, running(), release("6.6.0")).withoutAgent).toEqual(["StatefulSet shop/payment"]);
});

test("workloads that the config has already are left alone", () => {
  const adoption = adopt(
    changed(exampleConfig(), { "services.cart": undefined, waves: undefined }),
    running(),
    nothingAssumed,
  );
  expect(Object.keys(entriesOf(adoption))).toEqual(["cart"]);
  expect(adoption.configured).toHaveLength(5);
});

describe("what cannot be taken over is a comment with the reason", () => {
  test("no release is told", () => {
    const adoption = adopt(silent, only("catalog", {}), nothingAssumed);
    expect(questionsOf(adoption)).toEqual({
      catalog: ["agent.release: not found in the manifest; write it, or run again with --release"],
    });
    expect(entriesOf(adoption)).toEqual({});
    expect(servicesYaml(key, adoption.proposals)).toContain(
      ["    # catalog:", "    #   namespace: shop", "    #   kind: Deployment"].join("\n"),
    );
  });

  test.each([
    [
      "the address of nobody",
      { env: [{ name: "SW_AGENT_COLLECTOR_BACKEND_SERVICES", value: "oap.elsewhere:11800" }] },
      /^origin: oap\.elsewhere:11800 belongs to none of the declared generations \(v6, v9\)/,
    ],
    [
      "settings where nothing overrides them",
      {
        args: [jar, "-Dskywalking.collector.backend_service=oap-v6.skywalking-v6:11800", "-jar", "/app.jar"],
        env: [{ name: "SW_AGENT_NAME", value: "catalog" }],
      },
      /^inject: would have no effect: its command line sets collector\.backend_service/,
    ],
    [
      "an agent that the image attaches",
      {
        command: [],
        args: [],
        env: [
          { name: "JAVA_HOME", value: "/java" },
          { name: "SW_AGENT_NAME", value: "catalog" },
        ],
      },
      /^imageEnv\.JAVA_TOOL_OPTIONS: is missing/,
    ],
    [
      "an agent that its application's code tells everything",
      { image: "rust:1", command: ["/app"], args: [], env: [{ name: "SW_AGENT_NAME", value: "catalog" }] },
      /^agent\.language: not found in the manifest/,
    ],
  ])("%s", (_, parts, reason) => {
    const { catalog } = questionsOf(adopt(silent, only("catalog", parts), release("6.6.0")));
    expect(catalog?.[0]).toMatch(reason);
  });

  test("an agent that the new backend refuses", () => {
    const raw = changed(silent, { "generations.v9.agents": undefined });
    const { catalog } = questionsOf(adopt(raw, only("catalog", {}), release("6.6.0")));
    expect(catalog).toEqual([expect.stringMatching(/^agent\.release: "6\.6\.0" /)]);
  });

  test("one that reports to the new backend already: at baseline it would be moved", () => {
    const env = [
      { name: "SW_AGENT_COLLECTOR_BACKEND_SERVICES", value: "oap-v9.skywalking-v9.svc:11800" },
      { name: "SW_AGENT_NAME", value: "catalog" },
    ];
    const raw = changed(silent, { "generations.v6.version": "9.6.0", "generations.v9.agents": undefined });
    const { catalog } = questionsOf(adopt(raw, only("catalog", { env }), release("9.3.0")));
    expect(catalog).toEqual(["an update at stage baseline would restart its pods, since it does not report there"]);
  });

  test("one that a controller makes", () => {
    const maker = { apiVersion: "flagger.app/v1beta1", kind: "Canary", name: "catalog" };
    const [listed] = only("catalog", {});
    if (listed === undefined) throw new Error("the example has no catalog");
    const made = { ...listed, workload: { ...listed.workload, name: "catalog-primary", maker } };
    expect(questionsOf(adopt(silent, [made], release("6.6.0")))).toEqual({
      catalog: [
        "Canary catalog makes Deployment shop/catalog-primary and undoes what others change in it -> name catalog instead, the target of the Canary (spec.targetRef), which it copies",
      ],
    });
  });
});

test("an address with or without cluster domain, or of the own namespace, is the same", () => {
  const raw = changed(silent, {
    "generations.v6": { managed: false, version: "6.6.0", address: "oap.shop.svc:11800", agentNamespace: "v6" },
  });
  for (const value of [
    "oap:11800",
    "oap.shop:11800",
    "oap.shop.svc.cluster.local:11800",
    "other.shop:11800,oap:11800",
  ]) {
    const env = [
      { name: "SW_AGENT_COLLECTOR_BACKEND_SERVICES", value },
      { name: "SW_AGENT_NAME", value: "catalog" },
    ];
    expect(questionsOf(adopt(raw, only("catalog", { env }), release("6.6.0")))).toEqual({ catalog: [] });
  }
});

test("an agent of another language is told by its own variables", () => {
  const raw = changed(silent, {
    "generations.v6": { managed: false, version: "9.6.0", address: "oap-v6.skywalking-v6:11800", agentNamespace: "v6" },
  });
  const parts = {
    command: ["sw-python", "run", "gunicorn", "shop:app"],
    args: [],
    env: [
      { name: "SW_AGENT_NAME", value: "catalog" },
      { name: "SW_AGENT_COLLECTOR_BACKEND_SERVICES", value: "oap-v6.skywalking-v6:11800" },
      { name: "SW_AGENT_NAMESPACE", value: "v6" },
    ],
  };
  // The Java agent's release is none of Python's.
  expect(entriesOf(adopt(raw, only("catalog", parts), release("8.16.0", "1.0.1")))).toEqual({
    catalog: { namespace: "shop", kind: "Deployment", agent: { language: "python", release: "1.0.1" } },
  });
});

describe("injection", () => {
  const sameAgent = changed(silent, { "generations.v6.version": "9.6.0", "generations.v9.agents": undefined });
  const settings = [{ name: "SW_AGENT_NAME", value: "catalog" }];
  test.each([
    [undefined, []],
    [
      "jdk-java-options",
      [{ name: "JAVA_TOOL_OPTIONS", valueFrom: { configMapKeyRef: { name: "jvm", key: "options" } } }],
    ],
    ["jdk-java-options", [{ name: "JDK_JAVA_OPTIONS", value: "-Dskywalking.agent.namespace=v6" }]],
    [undefined, [{ name: "JAVA_TOOL_OPTIONS", value: "-Xmx1g -Dskywalking.agent.namespace=v6" }]],
    [
      "agent-options",
      [{ name: "CATALINA_OPTS", value: `${jar}=agent.namespace=v6` }],
      { command: ["catalina.sh"], args: [] },
    ],
  ])("%s", (inject, env, parts: object = {}) => {
    const { catalog } = entriesOf(
      adopt(sameAgent, only("catalog", { env: [...settings, ...env], ...parts }), release("9.3.0")),
    );
    expect((catalog as { inject?: string }).inject).toBe(inject);
  });
});

test("what only admission puts into the pods is read from a pod", () => {
  const [listed] = only("catalog", { command: [], args: [], env: [] });
  if (listed === undefined) throw new Error("no catalog");
  const env = [
    { name: "JAVA_TOOL_OPTIONS", value: "-javaagent:/sky/agent/skywalking-agent.jar" },
    { name: "SW_AGENT_NAME", value: "catalog" },
  ];
  const spec = {
    containers: [{ name: "catalog", env }],
    initContainers: [{ name: "inject-skywalking-agent", image: "apache/skywalking-java-agent:8.16.0-java8" }],
  };
  const pod = { name: "catalog-1", ready: true, annotations: {}, labels: {}, spec };
  const [proposal] = adopt(silent, [{ ...listed, pods: [pod] }], nothingAssumed).proposals;
  expect(proposal?.entry).toMatchObject({ agent: { language: "java", release: "8.16.0" } });
});

describe("an agent's image of a release that is not known", () => {
  const initContainers = [{ name: "agent", image: "apache/skywalking-java-agent:99.0.0-java17" }];
  const unknown = () =>
    running((_, spec) => Object.assign(spec, { initContainers })).filter(({ workload }) => workload.name === "catalog");

  test("asks for the release that it behaves like", () => {
    const { catalog } = questionsOf(adopt(silent, unknown(), nothingAssumed));
    expect(catalog).toEqual([expect.stringMatching(/^agent\.release: "99\.0\.0" is newer than .* set behavesLike /)]);
  });

  test("takes it from serviceDefaults", () => {
    const raw = changed(silent, {
      "serviceDefaults.agent.language": "java",
      "serviceDefaults.agent.release": "99.0.0",
      "serviceDefaults.agent.behavesLike": "7.0.0",
    });
    const adoption = adopt(raw, unknown(), nothingAssumed);
    expect(questionsOf(adoption)).toEqual({ catalog: [] });
    expect(entriesOf(adoption)).toEqual({ catalog: { namespace: "shop", kind: "Deployment" } });
  });
});

test("what is wrong with the stack's config apart from that is said", () => {
  expect(() => adopt(changed(silent, { from: "v7" }), running(), nothingAssumed)).toThrow(
    'from: "v7" is not a declared generation',
  );
});

test("the summary counts, and repeats the questions", () => {
  expect(
    summary(adopt(silent, running(), nothingAssumed), undefined)
      .split("\n")
      .slice(0, 3),
  ).toEqual([
    "0 services can be taken over as found.",
    "5 services with open questions, written as comments: catalog, frontend, cart, inventory, gateway.",
    "  - catalog: agent.release: not found in the manifest; write it, or run again with --release",
  ]);
});
