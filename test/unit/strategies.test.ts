import { inNextRelease } from "../../upgrade/backend";
import { ConfigError, describeProblem } from "../../upgrade/problem";
import { plan, type Plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { stageRow } from "../../upgrade/stage";
import { changed, fixtureConfig, type RawConfig } from "../example";
import { textsOf } from "./texts-of";

const present = new Map([
  ["v8", 2],
  ["v9", 0],
]);
const planOf = (fixture: string, changes: RawConfig = {}, facts = new Map<string, number>()): Plan =>
  plan(readConfig(changed(fixtureConfig(fixture), changes)), { present: facts, labelsOf: new Map() });

const stateOf = ({ generations }: Plan): string[] =>
  generations.map(
    ({ name, generation, running, protect, recreate }) =>
      `${name} ${generation.version} ${running ? "up" : "idle"}${protect ? " protected" : ""}${recreate ? " recreate" : ""}`,
  );

function problemsOf(fixture: string, changes: RawConfig): string[] {
  try {
    planOf(fixture, changes);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(describeProblem);
    throw error;
  }
}

describe("hot-reboot", () => {
  test.each([
    ["baseline", ["v8 8.9.1 up protected"], "v8"],
    ["provision", ["v8 8.9.1 up protected", "v9 9.7.0 idle protected"], "v8"],
    ["shift", ["v8 8.9.1 idle protected", "v9 9.7.0 up protected"], "v9"],
    ["drain", ["v8 8.9.1 idle", "v9 9.7.0 up protected"], "v9"],
    ["retire", ["v9 9.7.0 up protected"], "v9"],
  ])("%s: only one OAP ever runs, and the entrance leads to it", (stage, state, leadsTo) => {
    const planned = planOf("hot-reboot", { stage });
    expect(stateOf(planned)).toEqual(state);
    expect(planned.entrance).toMatchObject({ namespace: "skywalking", name: "oap", leadsTo: { name: leadsTo } });
    expect(planned.reportsTo).toEqual({ web: leadsTo, api: leadsTo });
    expect(planned.waves).toEqual([]);
  });

  test("back at baseline, the new backend is kept at 0 replicas", () => {
    expect(stateOf(planOf("hot-reboot", {}, present))).toEqual(["v8 8.9.1 up protected", "v9 9.7.0 idle protected"]);
  });

  test("agents that are told nothing keep their token, and TLS or not", () => {
    const tls = { secretName: "oap-tls" };
    expect(problemsOf("hot-reboot", { "generations.v9.token": "t0ken", "generations.v8.tls": tls })).toEqual([
      "generations.v9.token: differs from that of v8, and a hot reboot does not reconfigure agents -> use the same in both, or strategy canary",
      "generations.v9.tls: differs from that of v8, and a hot reboot does not reconfigure agents -> use the same in both, or strategy canary",
    ]);
    const same = {
      "generations.v8.token": "t0ken",
      "generations.v9.token": "t0ken",
      "generations.v8.tls": tls,
      "generations.v9.tls": tls,
    };
    expect(problemsOf("hot-reboot", same)).toEqual([]);
  });

  test("the stages, and what the next one does", () => {
    expect(planOf("hot-reboot", { stage: "provision" }).next.map(({ stage, does }) => `${stage}: ${does}`)).toEqual([
      "shift: starts the OAP of v9, turns the entrance to it and stops the OAP of v8; every agent reconnects",
      "baseline: the entrance leads to v8; v9 is not created, or kept at 0 OAP replicas if it exists",
    ]);
  });

  const v2: RawConfig = {
    "generations.v8": {
      version: "6.5.0",
      namespace: "skywalking",
      createNamespace: false,
      storage: { kind: "elasticsearch-external", version: "6.8.0", urls: ["http://es6:9200"] },
    },
    "generations.v9": {
      version: "7.0.0",
      namespace: "skywalking",
      createNamespace: false,
      storage: { kind: "elasticsearch", version: "7.17.29" },
    },
  };
  const agent = (release: string) => ({ ...v2, "serviceDefaults.agent": { language: "java", release } });

  test.each<[string, RawConfig, string[]]>([
    ["stateless agents that send everything again", {}, []],
    [
      "agents that forget the properties of their instances",
      { "serviceDefaults.agent": { language: "java", release: "8.1.0" } },
      ["web, api: do not send the properties of their instances again; on v9 they are missing until the next restart"],
    ],
    [
      "agents that register again",
      agent("6.5.0"),
      [
        "web, api: trace nothing for 10 minutes after shift, unless agent.cool_down_threshold was set when their JVM started; the storage of v9 must be empty",
        "web, api: keep the ids that an OAP has given them; to go back, or to shift a second time, scale them to 0 until the update is done",
      ],
    ],
    [
      "an OAP that takes ids for itself",
      { ...agent("6.5.0"), "generations.v9.version": "6.6.0" },
      [
        expect.stringMatching(/^web, api: trace nothing for 10 minutes /) as string,
        expect.stringMatching(/^web, api: keep the ids /) as string,
        "web, api: an OAP 6.6.0 takes ids for itself, and an agent that has one of these reports under another name on v9, or loses its traces: v9-arrived waits for it, so restart its pods then; OAP 7.0.0 takes none, nor does an application.yml without receiver-so11y",
      ],
    ],
    [
      "retire from a backend that has not been drained",
      { stage: "retire" },
      [
        "v8 has not been drained and its OAP still has 2 replicas, so the engine refuses to delete it. Do not unprotect anything, go through drain: pulumi config set stage drain && pulumi up",
      ],
    ],
  ])("warnings: %s", (_, changes, warnings) => {
    expect(textsOf(planOf("hot-reboot", changes, present).warnings)).toEqual(warnings);
  });

  test.each<[string, RawConfig, (string | RegExp)[]]>([
    [
      "no entrance",
      { entrance: undefined },
      [
        "entrance: is missing: strategy hot-reboot needs one stable address, and agents must point at it before the upgrade begins -> set entrance.namespace and entrance.name",
      ],
    ],
    [
      "a generation in another namespace than the entrance",
      { "generations.v9.namespace": undefined },
      [
        'generations.v9.namespace: "skywalking-v9" is not that of the entrance (skywalking), and a Service only leads to pods in its own namespace -> set it to skywalking, with createNamespace: false in both generations',
      ],
    ],
    [
      "an adopted generation whose pods nobody can find",
      { "generations.v8": { managed: false, version: "8.9.1", address: "a:11800" } },
      [
        "generations.v8.podLabels: is missing: the entrance finds the OAP pods of an adopted generation by their labels -> set it to labels that all of them and no other pods have",
      ],
    ],
    [
      "two protocols",
      {
        ...agent("7.0.0"),
        "generations.v9": {
          version: "9.7.0",
          namespace: "skywalking",
          createNamespace: false,
          storage: { kind: "elasticsearch", version: "7.17.29" },
        },
      },
      [
        'strategy: "hot-reboot" is impossible from 6.5.0 to 9.7.0: their agents speak different protocols (v2, v3) and a running agent cannot change its protocol -> use strategy canary and upgrade the agents',
      ],
    ],
    [
      "an OAP before 6.3.0",
      { ...agent("6.5.0"), "generations.v8.version": "6.2.0" },
      [
        'strategy: "hot-reboot" is impossible from 6.2.0 to 7.0.0: agents register again only if both OAPs are 6.3.0 or newer -> use strategy canary',
      ],
    ],
    [
      "agents of 6.4.0",
      agent("6.4.0"),
      [
        /^services\.web\.agent\.release: "6\.4\.0" cannot stay for a hot reboot: .* -> upgrade that agent first \(6\.5\.0 or newer\), or use strategy canary$/,
        /^services\.api\.agent\.release: "6\.4\.0" cannot stay for a hot reboot: /,
      ],
    ],
    [
      "agents of 6.2.0",
      agent("6.2.0"),
      [
        'services.web.agent.release: "6.2.0" cannot stay for a hot reboot: does not register again with an OAP that does not know it -> upgrade that agent first (6.5.0 or newer), or use strategy canary',
        /^services\.api/,
      ],
    ],
    [
      "agents that the new OAP refuses",
      {
        "serviceDefaults.agent": { language: "java", release: "8.4.0" },
        "generations.v8.version": "8.4.0",
        "generations.v9.version": "8.3.0",
      },
      [
        /^services\.web\.agent\.release: "8\.4\.0" cannot report to v9 \(OAP 8\.3\.0\): .* -> use strategy canary, which can upgrade agents$/,
        /^services\.api/,
      ],
    ],
  ])("refused: %s", (_, changes, problems) => {
    expect(problemsOf("hot-reboot", changes)).toEqual(
      problems.map((problem): unknown => (typeof problem === "string" ? problem : expect.stringMatching(problem))),
    );
  });

  test.each([
    ["6.5.0", "7.0.0"],
    ["6.6.0", "7.0.0"],
    ["7.0.0", "7.0.0"],
  ])("agents of %s may stay from 6.5.0 to %s", (release) => {
    expect(problemsOf("hot-reboot", agent(release))).toEqual([]);
  });

  test("an adopted backend whose pods can be found may be left", () => {
    const adopted = {
      managed: false,
      version: "8.9.1",
      address: "oap.skywalking.svc:11800",
      podLabels: { app: "oap" },
    };
    expect(problemsOf("hot-reboot", { "generations.v8": adopted })).toEqual([]);
  });
});

describe("in-place", () => {
  test.each([
    ["baseline", ["main 10.0.0 up protected recreate"]],
    ["shift", ["main 10.0.1 up protected recreate"]],
    ["retire", ["main 10.0.1 up protected recreate"]],
  ])("%s: one backend, one release", (stage, state) => {
    const planned = planOf("in-place", { stage });
    expect(stateOf(planned)).toEqual(state);
    expect(planned.waves).toEqual([]);
    expect(planned.entrance).toBeUndefined();
    expect(planned.reportsTo).toEqual({ web: "main", api: "main" });
  });

  test("recommends the upgrade of older agents", () => {
    expect(textsOf(planOf("in-place").warnings)).toEqual([
      "web, api: run agents that are older than OAP 10.0.1; upgrade them as soon as practicable",
    ]);
    expect(textsOf(planOf("in-place", { services: {} }).warnings)).toEqual([]);
  });

  test("images of the next release may be the user's", () => {
    const inPlace = { version: "10.0.1", oapImage: "mirror/oap:1", uiImage: "mirror/ui:1" };
    const [backend] = planOf("in-place", { stage: "shift", "generations.main.inPlace": inPlace }).generations;
    expect(backend?.generation).toMatchObject({ oap: { image: "mirror/oap:1" }, ui: { image: "mirror/ui:1" } });
  });

  test.each<[string, RawConfig, RegExp[]]>([
    [
      "two generations",
      { to: "next", "generations.next": { managed: false, version: "10.1.0", address: "a:1" } },
      [
        /^to: "next" is not main: strategy in-place upgrades one generation in place -> set it to main, and generations\.main\.inPlace\.version to the new release$/,
      ],
    ],
    [
      "an adopted generation",
      { "generations.main": { managed: false, version: "10.0.0", address: "a:1" } },
      [/^generations\.main\.managed: false is not allowed with strategy in-place: /],
    ],
    [
      "no next release",
      { "generations.main.inPlace": undefined },
      [
        /^generations\.main\.inPlace: is missing: strategy in-place must know the release to upgrade to -> set generations\.main\.inPlace\.version$/,
      ],
    ],
    [
      "a release that demands erased indices",
      {
        "generations.main.version": "9.1.0",
        "generations.main.inPlace": { version: "9.2.0" },
        "serviceDefaults.agent": { language: "java", release: "8.9.0" },
      },
      [
        /^generations\.main\.inPlace\.version: "9\.2\.0" cannot start on the storage of 9\.1\.0: .* -> use strategy hot-reboot or canary, which bring a new storage$/,
      ],
    ],
    [
      "a release that cannot use the Elasticsearch",
      { "generations.main.version": "6.6.0", "generations.main.inPlace": { version: "6.5.0" }, services: {} },
      [/^generations\.main\.inPlace\.version: "6\.5\.0" cannot use the storage: /],
    ],
    [
      "agents that the next release refuses",
      {
        "serviceDefaults.agent": { language: "java", release: "8.9.0" },
        "generations.main.version": "8.3.0",
        "generations.main.inPlace": { version: "8.3.0" },
        "services.api": { agent: { language: "java", release: "8.3.0" } },
      },
      [
        /^services\.web\.agent\.release: "8\.9\.0" cannot report to main/,
        /^services\.web\.agent\.release: "8\.9\.0" cannot report to main \(OAP 8\.3\.0\): .* -> use strategy canary, which can upgrade agents$/,
      ],
    ],
  ])("refused: %s", (_, changes, problems) => {
    expect(problemsOf("in-place", changes)).toEqual(problems.map((problem): unknown => expect.stringMatching(problem)));
  });
});

describe("for a config that the checks would refuse", () => {
  const config = readConfig(fixtureConfig("in-place"));
  const adopted = {
    managed: false as const,
    cluster: "default",
    version: "10.0.0",
    behavesLike: "10.0.0" as const,
    agentNamespace: "",
    address: "a:1",
    agents: {},
  };

  test("an adopted generation stays as it is", () => {
    const planned = plan(
      { ...config, from: { name: "main", generation: adopted } },
      { present: new Map(), labelsOf: new Map() },
    );
    expect(planned.generations[0]?.generation).toBe(adopted);
    expect(textsOf(planned.warnings)).not.toContain(expect.stringContaining("older"));
  });

  test("a generation without a next release stays as it is", () => {
    const { generation } = readConfig(fixtureConfig("hot-reboot")).from;
    expect(generation.managed && inNextRelease(generation)).toBe(generation);
  });
});

test("a strategy has its own stages only", () => {
  expect(() => stageRow("in-place", "drain")).toThrow("strategy in-place has no stage drain");
  expect(problemsOf("in-place", { stage: "provision" })).toEqual([
    'stage: "provision" is not a stage of strategy in-place; allowed: baseline, shift, retire -> pulumi config set stage baseline',
  ]);
});
