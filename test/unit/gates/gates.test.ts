import { asksAgain, planGates, type PlannedGate, type PlannedGates } from "../../../upgrade/gates/gates";
import { plan } from "../../../upgrade/plan";
import { readConfig } from "../../../upgrade/read-config";
import { stageFlagTexts } from "../../../upgrade/stage";
import { changed, exampleConfig, exampleWorkloads, fixtureConfig, type RawConfig } from "../../example";
import { problemsOf } from "../problems-of";
import { textsOf } from "../texts-of";

function gatesOf(raw: RawConfig, workloads = exampleWorkloads()): PlannedGates {
  const config = readConfig(raw);
  return planGates(config, plan(config, { present: new Map(), labelsOf: new Map() }), workloads);
}

const placesOf = ({ gates }: PlannedGates): string[] => gates.map(({ name, place }) => `${name}: ${place}`);

function named({ gates }: PlannedGates, name: string): PlannedGate {
  const gate = gates.find((each) => each.name === name);
  if (gate === undefined) throw new Error(`there is no gate ${name}`);
  return gate;
}

const askedAs = (planned: PlannedGates, name: string): string[] => {
  const { question } = named(planned, name);
  return question.kind === "arrived" ? question.services.map(({ reportedAs }) => reportedAs) : [];
};

describe("which gates stand at a stage", () => {
  const canary = ["v9-healthy: agents move", "v9-arrived: the old stops"];
  const withEarlier = [
    "v9-healthy: agents move",
    "v9-earlier-waves-arrived: the rest moves",
    "v9-arrived: the old stops",
  ];
  const drain = [...withEarlier, "v6-departed: the old stops"];

  test.each([
    ["baseline", []],
    ["provision", []],
    ["canary-1", canary],
    ["canary-2", withEarlier],
    ["canary-3", withEarlier],
    ["shift", withEarlier],
    ["drain", drain],
    ["retire", drain],
  ])("canary: %s", (stage, places) => {
    expect(placesOf(gatesOf(changed(exampleConfig(), { stage })))).toEqual(places);
  });

  test("at shift, all that moves at once has nothing to wait for", () => {
    expect(placesOf(gatesOf(changed(exampleConfig(), { stage: "shift", waves: [] })))).toEqual(canary);
  });

  test("at shift, those in no wave move when the waves have arrived", () => {
    const planned = gatesOf(changed(exampleConfig(), { stage: "shift", waves: [["catalog"]] }));
    expect(placesOf(planned)).toEqual(withEarlier);
    expect(askedAs(planned, "v9-earlier-waves-arrived")).toEqual(["catalog|v9|"]);
    expect([...named(planned, "v9-earlier-waves-arrived").services]).toEqual(["catalog"]);
  });

  test.each(stageFlagTexts("hot-reboot", 0))("hot-reboot: %s", (stage) => {
    const gates = ["v9-healthy: agents move", "v9-arrived: the old stops"];
    const places = stage === "baseline" || stage === "provision" ? [] : gates;
    expect(placesOf(gatesOf(changed(fixtureConfig("hot-reboot"), { stage }), new Map()))).toEqual(places);
  });

  test.each(stageFlagTexts("in-place", 0))("in-place: %s, of the next release", (stage) => {
    const planned = gatesOf(changed(fixtureConfig("in-place"), { stage }), new Map());
    expect(placesOf(planned)).toEqual(
      stage === "baseline" ? [] : ["main-healthy: agents move", "main-arrived: the old stops"],
    );
    for (const { inputs } of planned.gates) expect(inputs.version).toBe("10.0.1");
  });

  test("in-place: the storage has what was reported to the servers of before, which does not count", () => {
    const { question, inputs } = named(
      gatesOf(changed(fixtureConfig("in-place"), { stage: "shift" }), new Map()),
      "main-arrived",
    );
    expect(question).toMatchObject({ kind: "arrived", sinceStart: true });
    expect(inputs.asks).toBe("whether 2 services are alive on main, by what they reported to its servers of 10.0.1");
  });

  test("hot-reboot: what was reported before the new OAP was started anew does not count; a canary's pods are new", () => {
    const arrivedOf = (planned: PlannedGates): unknown => named(planned, "v9-arrived").question;
    expect(arrivedOf(gatesOf(changed(fixtureConfig("hot-reboot"), { stage: "shift" }), new Map()))).toMatchObject({
      sinceStart: true,
    });
    expect(arrivedOf(gatesOf(changed(exampleConfig(), { stage: "shift" })))).toMatchObject({ sinceStart: false });
  });
});

test.each<[string, string, RawConfig, boolean]>([
  [
    "behind one entrance, with the ids of another OAP",
    "hot-reboot",
    {
      "generations.v8.version": "6.6.0",
      "generations.v9.version": "7.0.0",
      "serviceDefaults.agent.release": "6.6.0",
    },
    true,
  ],
  ["behind one entrance, by their names", "hot-reboot", {}, false],
  [
    "in place, where their ids stay theirs",
    "in-place",
    {
      "generations.main.version": "6.6.0",
      "generations.main.inPlace.version": "7.0.0",
      "serviceDefaults.agent.release": "6.6.0",
    },
    false,
  ],
])("agents that stay: %s", (_, fixture, changes, bringsIds) => {
  const { gates } = gatesOf(changed(fixtureConfig(fixture), { ...changes, stage: "shift" }), new Map());
  expect(gates.map(({ question }) => question)).toContainEqual(
    expect.objectContaining({
      kind: "arrived",
      services: [expect.objectContaining({ bringsIds }), expect.objectContaining({ bringsIds })],
    }),
  );
});

test("a service that has been moved before is asked for with the time of then, by the API server's notes", () => {
  const workloads = exampleWorkloads();
  const cart = workloads.get("Deployment/default/shop/cart");
  if (cart === undefined) throw new Error("the example has no cart");
  const [then, later] = [new Date("2026-01-01T10:00:00Z"), new Date("2026-01-01T11:00:00Z")];
  workloads.set("Deployment/default/shop/cart", {
    ...cart,
    managedFields: [
      { manager: "skywalking-canary", time: then },
      { manager: "helm", time: later },
      { manager: "skywalking-canary" },
    ],
  });
  const { question } = named(gatesOf(changed(exampleConfig(), { stage: "shift" }), workloads), "v9-arrived");
  if (question.kind !== "arrived") throw new Error(question.kind);
  const applied = Object.fromEntries(question.services.map(({ key, applied: at }) => [key, at]));
  expect(applied).toMatchObject({ cart: then, catalog: undefined });
});

describe("modes", () => {
  const at = (changes: RawConfig): string[] =>
    gatesOf(changed(exampleConfig(), { stage: "drain", ...changes })).gates.map(({ name, mode }) => `${name} ${mode}`);

  test.each<[string, RawConfig, string[]]>([
    [
      "enforce is the default",
      {},
      ["v9-healthy", "v9-earlier-waves-arrived", "v9-arrived", "v6-departed"].map((name) => `${name} enforce`),
    ],
    ["off", { gates: "off" }, []],
    [
      "warn for all",
      { gates: "warn" },
      ["v9-healthy", "v9-earlier-waves-arrived", "v9-arrived", "v6-departed"].map((name) => `${name} warn`),
    ],
    [
      "off for one, warn for another",
      { gates: { healthy: { mode: "off" }, departed: { mode: "warn" } } },
      ["v9-earlier-waves-arrived enforce", "v9-arrived enforce", "v6-departed warn"],
    ],
    ["the others off", { gates: { arrived: { mode: "off" }, departed: { mode: "off" } } }, ["v9-healthy enforce"]],
    [
      "only one",
      { gates: { mode: "off", arrived: { mode: "enforce" } } },
      ["v9-earlier-waves-arrived enforce", "v9-arrived enforce"],
    ],
  ])("%s", (_, changes, gates) => {
    expect(at(changes)).toEqual(gates);
  });
});

describe("the names that an OAP shows", () => {
  const stage = "drain";
  const known = (planned: PlannedGates): [string, readonly string[]][] => {
    const { question } = named(planned, "v6-departed");
    return question.kind === "departed" ? [...question.known] : [];
  };

  test("agents that are upgraded beyond 8.10 add their namespace on `to`; before, on `from`, they do not", () => {
    const planned = gatesOf(changed(exampleConfig(), { stage }));
    expect(askedAs(planned, "v9-arrived")).toContain("cart|v9|");
    expect(known(planned)).toContainEqual(["cart", ["cart"]]);
  });

  const container = (env: { name: string; value: string }[], args: string[] = []) => {
    const workloads = exampleWorkloads();
    const key = "Deployment/default/shop/cart";
    const cart = workloads.get(key);
    if (cart === undefined) throw new Error("the example has no cart");
    workloads.set(key, { ...cart, podSpec: { containers: [{ name: "cart", env, args }] } });
    return workloads;
  };

  test.each([
    ["the variable", [{ name: "SW_AGENT_NAME", value: "basket" }], [], "basket"],
    ["a -D, which wins", [{ name: "SW_AGENT_NAME", value: "x" }], ["-Dskywalking.agent.service_name=basket"], "basket"],
    [
      "an agent option, which wins over that",
      [
        {
          name: "JAVA_TOOL_OPTIONS",
          value: "-javaagent:/a/skywalking-agent.jar=agent.service_name=basket -Dskywalking.agent.service_name=x",
        },
      ],
      [],
      "basket",
    ],
    ["nothing: the key", [], [], "cart"],
    ["an empty variable: the key", [{ name: "SW_AGENT_NAME", value: "" }], [], "cart"],
  ])("the manifest says %s", (_, env, args, name) => {
    expect(known(gatesOf(changed(exampleConfig(), { stage }), container(env, args)))).toContainEqual([name, ["cart"]]);
  });

  test("a backend without an agent namespace", () => {
    const planned = gatesOf(
      changed(exampleConfig(), {
        stage,
        "generations.v6.agentNamespace": undefined,
        "serviceDefaults.agent": { language: "java", release: "6.6.0" },
      }),
    );
    expect(known(planned)).toContainEqual(["cart", ["cart"]]);
  });

  test("the config's word comes first", () => {
    const config = changed(exampleConfig(), {
      stage,
      "services.cart.agent": { language: "java", release: "6.6.0", serviceName: "trolley" },
    });
    expect(known(gatesOf(config))).toContainEqual(["trolley", ["cart"]]);
  });

  test("a workload that is not there, and two that report as one", () => {
    const planned = gatesOf(
      changed(exampleConfig(), {
        stage,
        "services.frontend.agent": { language: "java", release: "6.6.0", serviceName: "cart" },
      }),
      new Map(),
    );
    expect(known(planned)).toContainEqual(["cart", ["cart", "frontend"]]);
  });

  test("without agent namespaces, a service has one name on both backends", () => {
    const planned = gatesOf(
      changed(exampleConfig(), {
        stage,
        "generations.v6.agentNamespace": undefined,
        "generations.v9.agentNamespace": undefined,
      }),
    );
    const services = ["catalog", "cart", "payment", "frontend", "inventory", "gateway"];
    expect(askedAs(planned, "v9-arrived")).toEqual(services);
    expect(known(planned)).toEqual(services.map((name) => [name, [name]]));
  });

  test("agents that are left alone keep the namespace that they have", () => {
    const fixture = changed(fixtureConfig("hot-reboot"), {
      stage: "shift",
      "generations.v8.agentNamespace": "old",
      "generations.v9.agentNamespace": "new",
      "serviceDefaults.agent": { language: "java", release: "8.12.0" },
    });
    expect(askedAs(gatesOf(fixture, new Map()), "v9-arrived")).toEqual(["web|old|", "api|old|"]);
  });

  test("nobody knows the names of the agents behind a Satellite", () => {
    const planned = gatesOf(
      changed(fixtureConfig("in-place"), {
        stage: "shift",
        "services.web": { agent: { language: "satellite", release: "1.2.0" } },
      }),
      new Map(),
    );
    expect(askedAs(planned, "main-arrived")).toEqual(["api"]);
  });
});

describe("an adopted backend", () => {
  const adopted = { managed: false, version: "6.6.0", address: "oap.tracing:11800", agentNamespace: "v6" };
  const warning = "v6 is not managed here and has no restUrl, so no gate can ask it: check yourself who reports to it";

  test("without a restUrl is not asked, which is said", () => {
    const planned = gatesOf(changed(exampleConfig(), { stage: "drain", "generations.v6": adopted }));
    expect(placesOf(planned)).not.toContain("v6-departed: the old stops");
    expect(textsOf(planned.warnings)).toEqual([warning]);
  });

  test("with one, it is", () => {
    const generation = { ...adopted, restUrl: "http://oap.tracing:12800" };
    const planned = gatesOf(changed(exampleConfig(), { stage: "drain", "generations.v6": generation }));
    expect(placesOf(planned)).toContain("v6-departed: the old stops");
    expect(planned.warnings).toEqual([]);
  });

  test("as the one that is entered", () => {
    const to = {
      managed: false,
      version: "9.7.0",
      address: "oap9.tracing:11800",
      agentNamespace: "v9",
      agents: { java: { release: "9.3.0" } },
    };
    const at = (restUrl?: string) =>
      gatesOf(
        changed(exampleConfig(), {
          stage: "canary-2",
          "generations.v9": restUrl === undefined ? to : { ...to, restUrl },
        }),
      );
    expect(at().gates).toEqual([]);
    expect(textsOf(at().warnings)).toEqual([warning.replace("v6", "v9")]);
    expect(placesOf(at("https://oap9"))).toHaveLength(3);
  });
});

describe("checks of the user's own", () => {
  const checks = {
    smoke: { before: ["canary", "shift"], command: ["./smoke.sh", "v9"] },
    sla: { before: ["drain", "retire"], url: "http://slo/v9", timeout: "90s", mode: "warn" },
    never: { before: ["shift"], url: "http://x", mode: "off" },
  };
  const at = (stage: string) =>
    gatesOf(changed(exampleConfig(), { stage, gates: { checks } })).gates.filter(({ name }) =>
      name.startsWith("check-"),
    );

  const smoke = (stage: string) =>
    `check-smoke: agents move, at ${stage} whether \`./smoke.sh v9\` succeeds, enforce, 300 s`;
  const sla = (stage: string) => `check-sla: the old stops, at ${stage} whether GET http://slo/v9 succeeds, warn, 90 s`;

  test.each([
    ["provision", []],
    ["canary-2", [smoke("canary-2")]],
    ["shift", [smoke("shift")]],
    ["drain", [smoke("shift"), sla("drain")]],
    ["retire", [smoke("shift"), sla("retire")]],
  ])("%s", (stage, gates) => {
    expect(
      at(stage).map(
        ({ name, place, inputs, mode, timeout }) =>
          `${name}: ${place}, at ${inputs.stage} ${inputs.asks}, ${mode}, ${String(timeout / 1000)} s`,
      ),
    ).toEqual(gates);
  });
});

test.each([
  ["shift", ["check-backup: the servers change"]],
  ["retire", ["check-backup: the servers change", "check-smoke: the old stops"]],
])("in place, a check before shift stands before the servers are replaced: at %s", (stage, places) => {
  const checks = {
    backup: { before: ["shift"], command: ["./backup.sh"] },
    smoke: { before: ["retire"], command: ["./smoke.sh"] },
  };
  const planned = gatesOf(changed(fixtureConfig("in-place"), { stage, gates: { checks } }), new Map());
  expect(placesOf(planned).filter((place) => place.startsWith("check-"))).toEqual(places);
});

test("a gate that is not asked at a stage stands there with its last question, so that its answer is kept", () => {
  const asked = (stage: string) =>
    Object.fromEntries(
      gatesOf(changed(exampleConfig(), { stage })).gates.map(({ name, inputs }) => [name, inputs.stage]),
    );
  expect(asked("drain")).toEqual({
    "v9-healthy": "drain",
    "v9-earlier-waves-arrived": "shift",
    "v9-arrived": "drain",
    "v6-departed": "drain",
  });
  expect(asked("retire")).toMatchObject({ "v9-arrived": "retire", "v6-departed": "drain" });
});

test("how often a gate looks is a key, and another interval does not make it ask again", () => {
  const at = (gates: RawConfig) => gatesOf(changed(exampleConfig(), { stage: "drain", gates })).gates;
  const checks = { smoke: { before: ["drain"], command: ["./smoke.sh"] } };
  const slow = at({ interval: "60s", checks });
  expect(new Set(at({ checks }).map(({ interval }) => interval))).toEqual(new Set([5_000]));
  expect(new Set(slow.map(({ interval }) => interval))).toEqual(new Set([60_000]));
  expect(slow.map(({ inputs }) => inputs)).toEqual(at({ checks }).map(({ inputs }) => inputs));
});

test.each([
  ["the first time", undefined, "canary-1", true],
  ["the next stage", "canary-1", "canary-2", true],
  ["the same stage, with other services", "shift", "shift", true],
  ["a stage that is no more", "canary-9", "canary-1", true],
  ["the way back", "shift", "canary-1", false],
])("asks again: %s", (_, before, now, asks) => {
  expect(asksAgain("canary", 3, before === undefined ? undefined : { stage: before }, { stage: now })).toBe(asks);
});

test.each([
  ["the next stage", { stage: "shift", version: "10.0.1" }, { stage: "retire", version: "10.0.1" }, true],
  ["the way back", { stage: "retire", version: "10.0.1" }, { stage: "shift", version: "10.0.1" }, false],
  ["the next upgrade", { stage: "retire", version: "10.0.1" }, { stage: "shift", version: "10.1.0" }, true],
])("in place, asks again: %s", (_, before, now, asks) => {
  expect(asksAgain("in-place", 0, before, now)).toBe(asks);
});

test.each<[string, unknown, string]>([
  [
    "a mode",
    "enforced",
    'gates.mode: "enforced" is not allowed; allowed: enforce, warn, off -> did you mean "enforce"?',
  ],
  [
    "a window in seconds",
    { window: "300s" },
    'gates.window: "300s" is not a window; allowed: a whole number with m or h, at least 3m, since with less live instances could look dead -> write e.g. "5m"',
  ],
  [
    "a window in which a living agent may not have been heard",
    { window: "2m" },
    'gates.window: "2m" is not a window; allowed: a whole number with m or h, at least 3m, since with less live instances could look dead -> write e.g. "5m"',
  ],
  [
    "an interval of more than a minute",
    { interval: "61s" },
    'gates.interval: "61s" is not an interval; allowed: 1s to 60s -> write e.g. "5s"',
  ],
  [
    "a share over the whole",
    { arrived: { share: "120%" } },
    'gates.arrived.share: "120%" is not a share; allowed: 1% to 100% -> write e.g. "80%"',
  ],
  [
    "a time that is up before an agent can count as gone",
    { departed: { timeout: "5m" } },
    'gates.departed.timeout: "5m" is not longer than gates.window (5m), and an agent that has moved still counts as alive for that long -> lengthen it, or shorten the window',
  ],
  [
    "a check of nothing",
    { checks: { smoke: { before: ["shift"] } } },
    "gates.checks.smoke: has neither a command nor a url -> set one of them",
  ],
  [
    "a check of two things",
    { checks: { smoke: { before: ["shift"], url: "http://x", command: ["true"] } } },
    "gates.checks.smoke: has both a command and a url -> set one of them",
  ],
  [
    "an unknown key",
    { arrive: {} },
    'gates.arrive: is not a known key; allowed: mode, window, interval, healthy, arrived, departed, checks -> did you mean "arrived"?',
  ],
])("refused: %s", (_, gates, problem) => {
  expect(problemsOf(changed(exampleConfig(), { gates }))).toEqual([problem]);
});

test("a restUrl has no path and no user", () => {
  const adopted = {
    managed: false,
    version: "6.6.0",
    address: "a:1",
    agentNamespace: "v6",
    restUrl: "http://u:p@oap/x",
  };
  expect(problemsOf(changed(exampleConfig(), { "generations.v6": adopted }))).toEqual([
    'generations.v6.restUrl: "http://...@oap/x" is not a URL; allowed: http or https, host and port up to 65535, no path, no user -> write e.g. "http://skywalking-oap.tracing:12800"',
  ]);
});
