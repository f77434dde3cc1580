import { matchesOnly, renamedEntity, rulesOfDynamicKey, rulesOfFile } from "../../../skywalking/oap/service-rules";

const alarms = `
rules:
  slow_rule:
    expression: sum(service_resp_time > 1000) >= 1
    include-names:
      - cart
      - GET:/items in cart
    exclude-names-regex: test-.*
  all_rule:
    metrics-name: service_sla
    include-names:
hooks:
  webhook:
    default: { is-default: true, urls: [] }
`;

describe("what a file says of single services", () => {
  test("alarm rules, by included and excluded entities and by expressions", () => {
    expect(rulesOfFile("alarm-settings.yml", alarms)).toEqual([
      { place: "rules.slow_rule.include-names", texts: ["cart", "GET:/items in cart"], kind: "entity" },
      { place: "rules.slow_rule.exclude-names", texts: [], kind: "entity" },
      { place: "rules.slow_rule.include-names-regex", texts: [], kind: "expression" },
      { place: "rules.slow_rule.exclude-names-regex", texts: ["test-.*"], kind: "expression" },
      { place: "rules.all_rule.include-names", texts: [], kind: "entity" },
      { place: "rules.all_rule.exclude-names", texts: [], kind: "entity" },
      { place: "rules.all_rule.include-names-regex", texts: [], kind: "expression" },
      { place: "rules.all_rule.exclude-names-regex", texts: [], kind: "expression" },
    ]);
    expect(rulesOfDynamicKey("alarm.default.alarm-settings", alarms)).toHaveLength(8);
  });

  test.each([
    [
      "trace-sampling-policy-settings.yml",
      "agent-analyzer.default.traceSamplingPolicy",
      "default: { rate: 10000 }\nservices:\n  - name: cart\n    rate: 1000\n",
      "services",
    ],
    ["service-apdex-threshold.yml", "core.default.apdexThreshold", "cart: 1000\n", undefined],
    [
      "endpoint-name-grouping.yml",
      "core.default.endpoint-name-grouping",
      "grouping:\n  - service-name: cart\n    rules: [/items/{var}]\n",
      "grouping",
    ],
    [
      "openapi-definitions/cart/items.yaml",
      "core.default.endpoint-name-grouping-openapi.cart.items",
      "openapi: 3.0.0\n",
      "x-sw-service-name",
    ],
    [
      "openapi-definitions/items.yaml",
      "core.default.endpoint-name-grouping-openapi.web",
      "openapi: 3.0.0\nx-sw-service-name: cart\n",
      "x-sw-service-name",
    ],
  ])("%s, and %s", (path, key, content, place) => {
    const rules = [{ place, texts: ["cart"], kind: "name" }];
    expect(rulesOfFile(path, content)).toEqual(rules);
    expect(rulesOfDynamicKey(key, content)).toEqual(rules);
  });

  test("settings for agents, which only the dynamic configuration has", () => {
    const content = "configurations:\n  cart:\n    agent.sample_n_per_3_secs: 10\n";
    expect(rulesOfDynamicKey("configuration-discovery.default.agentConfigurations", content)).toEqual([
      { place: "configurations", texts: ["cart"], kind: "name" },
    ]);
  });

  test("conditions of scripts, by the texts that they compare with", () => {
    const oal = 'cart_cpm = from(Service.*).filter(name == "cart").cpm();';
    expect(rulesOfFile("oal/core.oal", oal)).toEqual([{ place: undefined, texts: ["cart"], kind: "name" }]);
    const lal = "rules:\n  - dsl: |\n      filter { if (log.service == 'cart') { abort {} } }\n";
    expect(rulesOfFile("lal/default.yaml", lal)).toEqual([{ place: undefined, texts: ["cart"], kind: "name" }]);
  });

  test.each([
    ["a definition that is for nobody", "openapi-definitions/items.yaml", "openapi: 3.0.0\n"],
    ["an empty script", "oal/core.oal", ""],
  ])("%s", (_, path, content) => {
    expect(rulesOfFile(path, content).flatMap(({ texts }) => texts)).toEqual([]);
  });

  test.each([
    ["another file", "log4j2.xml", "<a/>"],
    ["gateways, whose names are not used", "gateways.yml", "gateways:\n  - name: cart\n"],
    ["what is empty", "alarm-settings.yml", ""],
    ["what is no YAML", "alarm-settings.yml", "rules: ["],
    ["what has another form", "trace-sampling-policy-settings.yml", "services: cart\n"],
  ])("%s: nothing", (_, path, content) => {
    expect(rulesOfFile(path, content)).toEqual([]);
    expect(rulesOfDynamicKey("core.default.log4j-xml", content)).toEqual([]);
  });
});

test.each([
  ["cart", "cart|v9|"],
  ["pod-1 of cart", "pod-1 of cart|v9|"],
  ["GET:/cart in cart", "GET:/cart in cart|v9|"],
  ["web to cart", "web to cart|v9|"],
  ["a of cart to b of web", "a of cart|v9| to b of web"],
  ["carts", undefined],
  ["GET:/cart in web", undefined],
])("the entity %s, with the service's other name: %s", (entity, renamed) => {
  expect(renamedEntity(entity, "cart", "cart|v9|")).toBe(renamed);
});

test.each([
  ["cart", true],
  ["cart|web", true],
  ["(?i)CART", true],
  [".*in cart", true],
  ["web to cart", false],
  [".* to cart", true],
  ["cart.*", false],
  ["c.*", false],
  ["web", false],
  ["\\p{Alpha}art++", false],
  ["", false],
])("the expression %j matches a service by its old name only: %s", (pattern, only) => {
  expect(matchesOnly(pattern, "cart", "cart|v9|")).toBe(only);
});
