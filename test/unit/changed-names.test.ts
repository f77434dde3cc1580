import type { Autoscalers } from "../../upgrade/observed";
import { plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { renamesOf } from "../../upgrade/renames";
import type { Warning } from "../../upgrade/warnings/warning";
import { changed, exampleConfig, exampleWorkloads, fixtureConfig, type RawConfig } from "../example";
import { textsOf } from "./texts-of";

const ids = ["service-renamed", "rule-for-old-name", "autoscaler-for-old-name", "autoscalers-not-read"];

/** What is said of names. */
function namesIn(raw: RawConfig, autoscalers?: Autoscalers): Warning[] {
  const facts = { present: new Map(), labelsOf: new Map(), workloads: exampleWorkloads() };
  const planned = plan(readConfig(raw), { ...facts, ...(autoscalers === undefined ? {} : { autoscalers }) });
  return planned.warnings.filter(({ id }) => ids.includes(id));
}

/** The example with cart and catalog alone, from 9.5.0, with agents that have the namespace in their name. */
const twoServices = {
  "generations.v6.version": "9.5.0",
  "generations.v6.agentNamespace": undefined,
  "generations.v6.storage.version": "7.17.29",
  "serviceDefaults.agent": { language: "java", release: "9.3.0" },
  services: { cart: {}, catalog: {} },
  waves: [["cart"]],
};
const two = (changes: RawConfig = {}): RawConfig => changed(exampleConfig(), { ...twoServices, ...changes });

const renamed = (fix: string): string =>
  `cart, catalog: listed on v9 by another name (cart|v9| for cart); alarm rules, sampling, dashboards and autoscalers that use the old one are affected${fix}`;

describe("a service that is listed by another name", () => {
  test.each<[string, RawConfig, string[]]>([
    ["a namespace that was not there", {}, [renamed(" -> leave generations.v9.agentNamespace out to keep the names")]],
    ["no namespace", { "generations.v9.agentNamespace": undefined }, []],
    [
      "another namespace than before",
      { "generations.v6.agentNamespace": "v6" },
      [renamed(" -> set generations.v9.agentNamespace to v6 to keep the names").replace("for cart)", "for cart|v6|)")],
    ],
    ["the same as before", { "generations.v6.agentNamespace": "v9" }, []],
    [
      "none where there was one",
      { "generations.v6.agentNamespace": "v6", "generations.v9.agentNamespace": undefined },
      [
        "cart, catalog: listed on v9 by another name (cart for cart|v6|); alarm rules, sampling, dashboards and autoscalers that use the old one are affected -> set generations.v9.agentNamespace to v6 to keep the names",
      ],
    ],
    ["some have moved: to change it now would move them again", { stage: "canary-1" }, [renamed("")]],
    [
      "an agent that needs another namespace beside one that it renames",
      { "services.catalog.agent": { language: "java", release: "8.9.0" }, "generations.v9.agents": undefined },
      [renamed("").replace("cart, catalog", "cart")],
    ],
    ["what is there already", { origin: "v9" }, []],
    [
      "nobody tells the agents of a Satellite",
      { services: { cart: { agent: { language: "satellite", release: "1.2.0" } } } },
      [],
    ],
  ])("%s", (_, changes, texts) => {
    expect(textsOf(namesIn(two(changes)))).toEqual(texts);
  });

  test("a name that newer agents cut off, whatever the namespace", () => {
    const serviceName = "a".repeat(51);
    const services = { cart: { agent: { language: "java", release: "6.6.0", serviceName } } };
    const unnamed = { "generations.v6.agentNamespace": undefined, "generations.v9.agentNamespace": undefined };
    expect(textsOf(namesIn(changed(exampleConfig(), { ...unnamed, services, waves: [] })))).toEqual([
      `cart: listed on v9 by another name (${"a".repeat(50)} for ${serviceName}); alarm rules, sampling, dashboards and autoscalers that use the old one are affected`,
    ]);
  });

  test("agents that are left alone keep their names", () => {
    const fixture = { "generations.v9.agentNamespace": "new", "generations.v8.agentNamespace": "old" };
    const config = readConfig(changed(fixtureConfig("hot-reboot"), fixture));
    expect(renamesOf(config, new Map())).toEqual([]);
  });

  test("workloads that report as one service are one", () => {
    const agent = { language: "java", release: "9.3.0", serviceName: "shop" };
    const [warning] = namesIn(two({ services: { blue: { agent }, green: { agent } }, waves: [] }));
    expect(warning).toMatchObject({ id: "service-renamed", services: ["blue", "green"] });
    expect(warning?.text).toContain("(shop|v9| for shop)");
  });
});

describe("a rule of the new backend that is for a service by its old name", () => {
  const rules = (config: Record<string, string>, dynamic: Record<string, string> = {}, changes: RawConfig = {}) =>
    namesIn(two({ "generations.v9.oap": { config, dynamicConfig: { config: dynamic } }, ...changes })).filter(
      ({ id }) => id === "rule-for-old-name",
    );

  test("is told by file and place, with what to write", () => {
    const alarms = "rules:\n  slow_rule:\n    include-names: [cart, catalog, other]\n    exclude-names-regex: cart|x\n";
    expect(
      rules({ "alarm-settings.yml": alarms, "service-apdex-threshold.yml": "default: 500\ncatalog: 100\n" }),
    ).toEqual([
      {
        id: "rule-for-old-name",
        severity: "warning",
        services: ["cart", "catalog"],
        generation: "v9",
        text: "generations.v9.oap.config.alarm-settings.yml, rules.slow_rule.include-names: says cart, catalog, and matches nothing on v9 by that -> write cart|v9|, catalog|v9|",
      },
      {
        id: "rule-for-old-name",
        severity: "warning",
        services: ["cart"],
        generation: "v9",
        text: "generations.v9.oap.config.alarm-settings.yml, rules.slow_rule.exclude-names-regex: says cart|x, and matches nothing on v9 by that -> write an expression that matches cart|v9|",
      },
      {
        id: "rule-for-old-name",
        severity: "warning",
        services: ["catalog"],
        generation: "v9",
        text: "generations.v9.oap.config.service-apdex-threshold.yml: says catalog, and matches nothing on v9 by that -> write catalog|v9|",
      },
    ]);
  });

  test("in the dynamic configuration likewise", () => {
    const settings = { "configuration-discovery.default.agentConfigurations": "configurations: { cart: {}, web: {} }" };
    expect(textsOf(rules({}, settings))).toEqual([
      "generations.v9.oap.dynamicConfig.config.configuration-discovery.default.agentConfigurations, configurations: says cart, and matches nothing on v9 by that -> write cart|v9|",
    ]);
  });

  test.each([
    ["has the new name", "rules: { a_rule: { include-names: [cart|v9|] } }"],
    ["has both, for the way back", "rules: { a_rule: { include-names: [cart, cart|v9|] } }"],
    ["matches both", 'rules: { a_rule: { include-names-regex: "(cart|catalog).*" } }'],
    ["is for others", "rules: { a_rule: { include-names: [web] } }"],
  ])("not where it %s", (_, alarms) => {
    expect(rules({ "alarm-settings.yml": alarms })).toEqual([]);
  });

  test("not where no name changes", () => {
    const alarms = "rules: { a_rule: { include-names: [cart] } }";
    expect(rules({ "alarm-settings.yml": alarms }, {}, { "generations.v9.agentNamespace": undefined })).toEqual([]);
  });

  test("an adopted backend has its rules elsewhere", () => {
    const adopted = { managed: false, version: "9.7.0", address: "oap:11800", agentNamespace: "v9" };
    expect(textsOf(namesIn(two({ "generations.v9": adopted })))).toEqual([
      renamed(" -> leave generations.v9.agentNamespace out to keep the names"),
    ]);
  });
});

describe("an autoscaler", () => {
  const byMetric = (name: string, service: string): Autoscalers => ({
    found: [{ namespace: "shop", name: "cart", metrics: [{ name, labels: { service } }] }],
    notRead: [],
  });
  const said = (autoscalers: Autoscalers, changes: RawConfig = {}): Warning[] =>
    namesIn(two(changes), autoscalers).filter(({ id }) => id.startsWith("autoscaler"));

  test("that scales by a metric of a service by its old name is named, with what selects the new one", () => {
    expect(said(byMetric("skywalking.apache.org|service_cpm", "cart"))).toEqual([
      {
        id: "autoscaler-for-old-name",
        severity: "warning",
        services: ["cart"],
        generation: "v9",
        text: 'HorizontalPodAutoscaler shop/cart: scales by skywalking.apache.org|service_cpm of cart, which v9 lists as cart|v9|; where the metric is not found, it stops scaling -> when the adapter asks v9, select service.str.0: "cart", service.byte.1: "7c", service.str.2: "v9", service.byte.3: "7c"',
      },
    ]);
  });

  test.each([
    ["of another service", byMetric("skywalking.apache.org|service_cpm", "web")],
    ["of something else", byMetric("queue_length", "cart")],
  ])("by a metric %s is not", (_, autoscalers) => {
    expect(said(autoscalers)).toEqual([]);
  });

  test("that nobody could look for is said to be unknown", () => {
    const notRead = [{ namespace: "shop", why: "Cannot list them (403)" }];
    expect(said({ found: [], notRead })).toEqual([
      {
        id: "autoscalers-not-read",
        severity: "warning",
        text: "the HorizontalPodAutoscalers of namespace shop were not looked at, and may scale by the old names: Cannot list them (403)",
      },
    ]);
  });
});
