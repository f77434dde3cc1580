import * as fc from "fast-check";

import type { Config } from "../../upgrade/config";
import { plan, type Facts, type Plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { parseStageFlag, stageFlagTexts } from "../../upgrade/stage";
import { changed, exampleConfig, type RawConfig } from "../example";
import { textsOf } from "./texts-of";

const nothingThere: Facts = { present: new Map(), labelsOf: new Map() };
const bothThere: Facts = {
  present: new Map([
    ["v6", 2],
    ["v9", 2],
  ]),
  labelsOf: new Map(),
};

function planOf(changes: RawConfig = {}, facts = nothingThere): Plan {
  return plan(readConfig(changed(exampleConfig(), changes)), facts);
}

const generationsOf = ({ generations }: Plan): string[] =>
  generations.map(({ name, running, protect }) => `${name} ${running ? "up" : "idle"}${protect ? " protected" : ""}`);

/** Which generation each service reports to. */
const placesOf = ({ waves }: Plan): Record<string, string> =>
  Object.fromEntries(waves.flat().map(({ key, generation }) => [key, generation]));

describe("the stage table", () => {
  const inWaves = (catalog: string, second: string, third: string) => ({
    catalog,
    cart: second,
    payment: second,
    frontend: third,
    inventory: third,
    gateway: third,
  });
  test.each([
    ["baseline", ["v6 up protected"], inWaves("v6", "v6", "v6")],
    ["provision", ["v6 up protected", "v9 up protected"], inWaves("v6", "v6", "v6")],
    ["canary", ["v6 up protected", "v9 up protected"], inWaves("v9", "v6", "v6")],
    ["canary-1", ["v6 up protected", "v9 up protected"], inWaves("v9", "v6", "v6")],
    ["canary-2", ["v6 up protected", "v9 up protected"], inWaves("v9", "v9", "v6")],
    ["canary-3", ["v6 up protected", "v9 up protected"], inWaves("v9", "v9", "v9")],
    ["shift", ["v6 up protected", "v9 up protected"], inWaves("v9", "v9", "v9")],
    ["drain", ["v6 idle", "v9 up protected"], inWaves("v9", "v9", "v9")],
    ["retire", ["v9 up protected"], inWaves("v9", "v9", "v9")],
  ])("%s", (stage, generations, places) => {
    const planned = planOf({ stage });
    expect(generationsOf(planned)).toEqual(generations);
    expect(placesOf(planned)).toEqual(places);
  });

  test("back at baseline, the new backend that is there is kept, at 0 replicas", () => {
    expect(generationsOf(planOf({ stage: "baseline" }, bothThere))).toEqual(["v6 up protected", "v9 idle protected"]);
  });

  test("services in no wave move at shift", () => {
    expect(placesOf(planOf({ stage: "canary-1", waves: [["catalog"]] }))).toMatchObject({ catalog: "v9", cart: "v6" });
    expect(placesOf(planOf({ stage: "shift", waves: [["catalog"]] }))).toMatchObject({ catalog: "v9", cart: "v9" });
  });

  test("waves are in the order of the config, services in no wave come last", () => {
    const { waves } = planOf({ waves: [["gateway", "cart"], ["catalog"]] });
    expect(waves.map((wave) => wave.map(({ key }) => key))).toEqual([
      ["gateway", "cart"],
      ["catalog"],
      ["frontend", "payment", "inventory"],
    ]);
  });
});

describe("what an agent is told", () => {
  const settingsOf = (changes: RawConfig, key: string) =>
    planOf(changes)
      .waves.flat()
      .find((planned) => planned.key === key)?.settings;

  test("nothing at its origin: its own manifest says it", () => {
    expect(settingsOf({ stage: "provision" }, "catalog")).toBeUndefined();
  });

  test("address, namespace and the agent that the generation asks for", () => {
    expect(settingsOf({ stage: "shift" }, "catalog")).toEqual({
      generation: "v9",
      agent: { language: "java", release: "9.3.0" },
      token: false,
      tls: undefined,
      backendService: "oap-v9.skywalking-v9.svc:11800",
      agentNamespace: "v9",
      javaAgent: {
        release: "9.3.0",
        image: "apache/skywalking-java-agent:9.3.0-alpine",
        directory: "/skywalking/agent",
      },
    });
  });

  test("no agent where its own is as new as the one asked for", () => {
    const changes = { stage: "shift", "services.catalog.agent": { language: "java", release: "9.4.0" } };
    expect(() => settingsOf(changes, "catalog")).toThrow(/9\.4\.0" cannot report to v6/);
    const sameProtocol = { "generations.v6.version": "9.5.0", "generations.v6.storage.version": "7.17.29" };
    expect(
      settingsOf(
        {
          ...changes,
          ...sameProtocol,
          services: { catalog: { agent: { language: "java", release: "9.4.0" } } },
          waves: [],
        },
        "catalog",
      ),
    ).toMatchObject({ javaAgent: undefined });
  });

  test("image and directory of the agent may be the user's", () => {
    expect(
      settingsOf(
        {
          stage: "shift",
          "generations.v9.agents.java": { release: "9.3.0", image: "mirror/agent:1", directory: "/agent" },
        },
        "catalog",
      )?.javaAgent,
    ).toEqual({ release: "9.3.0", image: "mirror/agent:1", directory: "/agent" });
  });

  test("an adopted generation's address is its own", () => {
    const adopted = {
      managed: false,
      version: "9.7.0",
      address: "a:11800,b:11800",
      agents: { java: { release: "9.3.0" } },
    };
    expect(settingsOf({ stage: "shift", "generations.v9": adopted }, "catalog")).toMatchObject({
      backendService: "a:11800,b:11800",
      agentNamespace: "",
    });
  });

  test("no namespace where neither the generation nor the manifest has one", () => {
    const none = { stage: "shift", "generations.v6.agentNamespace": undefined };
    const neither = { ...none, "generations.v9.agentNamespace": undefined };
    expect(settingsOf(none, "catalog")).toMatchObject({ agentNamespace: "v9" });
    expect(settingsOf(neither, "catalog")).toMatchObject({ agentNamespace: undefined });
    // Nobody knows what the manifest says.
    expect(settingsOf({ ...neither, origin: "none" }, "catalog")).toMatchObject({ agentNamespace: "" });
  });

  test("everything is written where no declared generation is the origin", () => {
    const v9 = { version: "9.7.0", agentNamespace: "v9", storage: { kind: "elasticsearch", version: "7.17.29" } };
    const v10 = { ...v9, version: "10.4.0", agentNamespace: "v10" };
    const agents = { agents: { java: { release: "9.3.0" } } };
    const next = {
      origin: "none",
      from: "v9",
      to: "v10",
      generations: { v9: { ...v9, ...agents }, v10: { ...v10, ...agents } },
    };
    expect(settingsOf(next, "catalog")).toMatchObject({ agentNamespace: "v9" });
    expect(settingsOf({ ...next, stage: "shift" }, "catalog")).toMatchObject({ agentNamespace: "v10" });
  });
});

describe("a service that was made for the new backend", () => {
  const made = { "services.catalog.origin": "v9", "services.catalog.agent": { language: "java", release: "9.4.0" } };

  test("stays there in every stage, and the backend is kept up for it", () => {
    const planned = planOf({ ...made, stage: "baseline" });
    expect(placesOf(planned)).toMatchObject({ catalog: "v9", cart: "v6" });
    expect(generationsOf(planned)).toEqual(["v6 up protected", "v9 up protected"]);
    expect(textsOf(planned.warnings)).toContain(
      "catalog: made for v9, with an agent that cannot report to v6, so they stay on v9 in every stage",
    );
  });
});

describe("next stages", () => {
  const nextOf = (changes: RawConfig): string[] =>
    planOf(changes).next.map(({ direction, stage }) => `${direction} ${stage}`);

  test.each([
    ["baseline", ["forward provision"]],
    ["provision", ["forward canary-1", "back baseline"]],
    ["canary-2", ["forward canary-3", "back canary-1", "back provision", "back baseline"]],
    ["canary-3", ["forward shift", "back canary-2", "back canary-1", "back provision", "back baseline"]],
    [
      "drain",
      [
        "forward retire",
        "back shift",
        "back canary-3",
        "back canary-2",
        "back canary-1",
        "back provision",
        "back baseline",
      ],
    ],
    ["retire", []],
  ])("from %s", (stage, next) => {
    expect(nextOf({ stage })).toEqual(next);
  });

  test("without waves, provision is followed by shift", () => {
    expect(nextOf({ stage: "provision", waves: [] })).toEqual(["forward shift", "back baseline"]);
  });

  test("each says what it would do, and the command", () => {
    expect(planOf({ stage: "canary-1" }).next).toEqual([
      {
        stage: "canary-2",
        direction: "forward",
        does: "runs both; the services of the first waves report to v9: wave 2 of 3 is cart, payment",
        command: "pulumi config set stage canary-2 && pulumi up",
      },
      {
        stage: "provision",
        direction: "back",
        does: "runs v9 beside v6; every agent reports to v6",
        command: "pulumi config set stage provision && pulumi up",
      },
      {
        stage: "baseline",
        direction: "back",
        does: "every agent reports to v6; v9 is not created, or kept at 0 OAP replicas if it exists",
        command: "pulumi config set stage baseline && pulumi up",
      },
    ]);
  });
});

describe("warnings", () => {
  const all = "catalog, frontend, cart, payment, inventory, gateway";
  const renamed = `${all}: listed on v9 by another name (catalog|v9| for catalog); alarm rules, sampling, dashboards and autoscalers that use the old one are affected -> leave generations.v9.agentNamespace out to keep the names`;
  const cutOff = `${all}: the propagation header changes; a call between a moved and an unmoved service loses its trace link`;
  const split = `${all}: a call between a moved and an unmoved service has its parent segment stored in the other backend`;
  /** From 9.5.0 on the same Elasticsearch, with agents that can report to both. */
  const fromNine = {
    "generations.v6.version": "9.5.0",
    "generations.v6.storage.version": "7.17.29",
    "serviceDefaults.agent": { language: "java", release: "9.3.0" },
    "services.payment.agent": undefined,
  };
  const fromEight = {
    ...fromNine,
    "generations.v6.version": "8.9.1",
    "generations.v9.agents": undefined,
    "serviceDefaults.agent": { language: "java", release: "8.9.0" },
  };
  const unnamed = { "generations.v9.agentNamespace": undefined };
  const before = { "generations.v6.agentNamespace": undefined };
  test.each<[string, RawConfig, string[]]>([
    ["from protocol v2 to v3, and a namespace that renames the service", {}, [renamed, cutOff]],
    ["from protocol v2 to v3 without a namespace", unnamed, [cutOff]],
    ["agents since 8.10 keep the header and rename the service", { ...fromNine, ...before }, [renamed, split]],
    ["without a namespace they keep both", { ...fromNine, ...unnamed, ...before }, [split]],
    ["agents before 8.10 change the header", fromEight, [cutOff]],
    ["also where only the backend that is left has a namespace", { ...fromEight, ...unnamed }, [cutOff]],
    ["services that are there already do not move", { ...fromNine, ...unnamed, origin: "v9" }, []],
    ["nothing crosses when all have moved", { ...unnamed, stage: "drain" }, []],
    [
      "services in no wave",
      { waves: [["catalog", "frontend", "payment", "inventory"]] },
      [renamed, cutOff, "cart, gateway: in no wave, so they move at shift"],
    ],
    [
      "a storage that is on its way out",
      { ...fromNine, ...unnamed, "generations.v9.version": "10.4.0", origin: "v9", stage: "retire" },
      ["v9: Elasticsearch 7.17.29: OAP 10.4.0 is no longer tested with Elasticsearch 7"],
    ],
    [
      "variables that an earlier release read",
      {
        ...fromNine,
        ...unnamed,
        "generations.v9.version": "11.0.0",
        "generations.v9.ui": { replicas: 0 },
        "generations.v9.storage.version": "8.18.8",
        "generations.v9.oap.env": { SW_STATUS_QUERY: "default", SW_ENABLE_UPDATE_UI_TEMPLATE: "true", SW_STATUS: "" },
        origin: "v9",
        stage: "retire",
      },
      [
        "v9: OAP 11.0.0 does not read SW_STATUS_QUERY, which oap.env sets; it reads SW_STATUS",
        "v9: OAP 11.0.0 does not read SW_ENABLE_UPDATE_UI_TEMPLATE, which oap.env sets",
      ],
    ],
    [
      "a storage in memory",
      {
        ...fromNine,
        ...unnamed,
        "generations.v9.oap": { replicas: 1 },
        "generations.v9.storage": { kind: "h2" },
        origin: "v9",
        stage: "retire",
      },
      ["v9: its data is in the memory of its OAP, and is lost when the OAP stops"],
    ],
    [
      "a backend that is left and not ours, at drain",
      {
        stage: "drain",
        "generations.v9.agentNamespace": undefined,
        "generations.v6": { managed: false, version: "6.6.0", address: "oap:11800", agentNamespace: "v6" },
      },
      ["v6 is not managed here: scale its OAP to 0 yourself"],
    ],
    [
      "a backend that is left and not ours, at retire",
      {
        stage: "retire",
        "generations.v9.agentNamespace": undefined,
        "generations.v6": { managed: false, version: "6.6.0", address: "oap:11800", agentNamespace: "v6" },
      },
      ["v6 is not managed here: remove its OAP, UI, Services, RBAC and storage by hand, wherever you installed them"],
    ],
    [
      "a generation in no role",
      {
        stage: "retire",
        "generations.v9.agentNamespace": undefined,
        "generations.v8": {
          version: "8.9.1",
          agentNamespace: "v8",
          storage: { kind: "elasticsearch", version: "7.17.29" },
        },
      },
      ["v8 is neither `from` nor `to`: it is not declared, and whatever is left of it is deleted"],
    ],
  ])("%s", (_, changes, warnings) => {
    expect(textsOf(planOf(changes).warnings)).toEqual(warnings);
  });

  test("a backend that is left and not ours asks for nothing before drain", () => {
    const adopted = { managed: false, version: "6.6.0", address: "oap:11800", agentNamespace: "v6" };
    expect(textsOf(planOf({ "generations.v6": adopted, ...unnamed }).warnings)).toEqual([cutOff]);
  });

  test("retire from a backend that has not been drained", () => {
    const changes = { stage: "retire", "generations.v9.agentNamespace": undefined };
    expect(textsOf(planOf(changes, bothThere).warnings)).toEqual([
      "v6 has not been drained and its OAP still has 2 replicas, so the engine refuses to delete it. Do not unprotect anything, go through drain: pulumi config set stage drain && pulumi up",
    ]);
    expect(planOf(changes, { ...nothingThere, present: new Map([["v6", 0]]) }).warnings).toEqual([]);
  });

  test("of many services the first are named", () => {
    const names = Array.from({ length: 20 }, (_, index) => `s${String(index)}`);
    const services = Object.fromEntries(names.map((name) => [name, {}]));
    expect(textsOf(planOf({ services, waves: [["s0"]] }).warnings)).toContain(
      "s1, s2, s3, s4, s5, s6, s7, s8 and 11 more: in no wave, so they move at shift",
    );
  });
});

test("a wave has placements of services only", () => {
  const config = readConfig(exampleConfig());
  expect(
    plan({ ...config, waves: [["nobody"]] }, nothingThere)
      .waves.flat()
      .map(({ key }) => key),
  ).not.toContain("nobody");
});

describe("for any legal config", () => {
  /** Services, waves of some of them in some order, and a stage. */
  const configs: fc.Arbitrary<Config> = fc
    .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), { minLength: 1, maxLength: 12 })
    .chain((names) =>
      fc.record({
        names: fc.constant(names),
        waves: fc
          .shuffledSubarray(names)
          .chain((some) =>
            fc
              .array(fc.nat(3), { minLength: some.length, maxLength: some.length })
              .map((waveOf) =>
                [0, 1, 2, 3]
                  .map((wave) => some.filter((_, index) => waveOf[index] === wave))
                  .filter((wave) => wave.length > 0),
              ),
          ),
        place: fc.nat(99),
        origins: fc.array(fc.constantFrom(undefined, "v6", "none"), {
          minLength: names.length,
          maxLength: names.length,
        }),
      }),
    )
    .map(({ names, waves, place, origins }) => {
      const flags = stageFlagTexts("canary", waves.length);
      const services = Object.fromEntries(
        names.map((name, index) => [name, origins[index] === undefined ? {} : { origin: origins[index] }]),
      );
      return readConfig(changed(exampleConfig(), { services, waves, stage: flags[place % flags.length] }));
    });

  test("every service reports to one generation, which is declared and runs", () => {
    fc.assert(
      fc.property(configs, (config) => {
        const planned = plan(config, nothingThere);
        const running = planned.generations.filter(({ running }) => running).map(({ name }) => name);
        const keys = planned.waves.flat().map(({ key }) => key);
        expect([...keys].sort()).toEqual(Object.keys(config.services).sort());
        for (const { generation } of planned.waves.flat()) expect(running).toContain(generation);
      }),
    );
  });

  test("address and namespace are of one generation", () => {
    fc.assert(
      fc.property(configs, (config) => {
        for (const { generation, settings } of plan(config, nothingThere).waves.flat()) {
          if (settings === undefined) continue;
          expect(settings.backendService).toBe(`oap-${generation}.skywalking-${generation}.svc:11800`);
          expect(settings.agentNamespace).toBe(generation);
        }
      }),
    );
  });

  test("no stage moves a service back that an earlier one has moved", () => {
    fc.assert(
      fc.property(configs, (config) => {
        let before = new Set<string>();
        for (const flag of stageFlagTexts(config.strategy, config.waves.length)) {
          const { waves } = plan(readConfigAt(config, flag), nothingThere);
          const moved = new Set(
            waves.flat().flatMap(({ key, generation }) => (generation === config.to.name ? [key] : [])),
          );
          for (const key of before) expect(moved).toContain(key);
          before = moved;
        }
      }),
    );
  });

  test("going forth and back gives the same plan, and the last stage protects what it keeps", () => {
    fc.assert(
      fc.property(configs, (config) => {
        const first = plan(config, nothingThere);
        for (const { stage } of first.next) plan(readConfigAt(config, stage), nothingThere);
        expect(plan(config, nothingThere)).toEqual(first);
        for (const { name, protect } of first.generations) {
          expect(protect).toBe(!(config.stage.stage === "drain" && name === config.from.name));
        }
      }),
    );
  });

  function readConfigAt(config: Config, stage: string): Config {
    const flag = parseStageFlag(stage, config.strategy, config.waves.length);
    if (flag === undefined) throw new RangeError(stage);
    return { ...config, stage: flag };
  }
});
