import { plan, type Plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { call } from "../../upgrade/schema/call";
import { fits, resolveWaves } from "../../upgrade/waves";
import { labelsOfServices } from "../../upgrade/patches";
import { workloadKey } from "../../upgrade/workload/ref";
import { changed, exampleConfig, exampleWorkloads, type RawConfig } from "../example";

const none = new Map<string, Record<string, string>>();
const names = Array.from({ length: 1000 }, (_, index) => `service-${String(index)}`);
const many = (changes: RawConfig): RawConfig =>
  changed(exampleConfig(), { services: Object.fromEntries(names.map((name) => [name, {}])), ...changes });
const membersOf = (raw: RawConfig, labels: Parameters<typeof resolveWaves>[1] = none): readonly string[][] =>
  resolveWaves(readConfig(raw), labels).waves;

describe("a share", () => {
  const shares = membersOf(many({ waves: ["10%", "50%", "100%"] }));

  test("is of all services that have moved when its wave is done", () => {
    const moved = [1, 2, 3].map((count) => shares.slice(0, count).flat().length);
    expect(moved[0]).toBeGreaterThan(70);
    expect(moved[0]).toBeLessThan(130);
    expect(moved[1]).toBeGreaterThan(450);
    expect(moved[1]).toBeLessThan(550);
    expect(moved[2]).toBe(1000);
  });

  test("takes each service once", () => {
    expect(new Set(shares.flat()).size).toBe(shares.flat().length);
  });

  test("leaves a service in its wave when others come and go", () => {
    const half = names.filter((_, index) => index % 2 === 0);
    const services = Object.fromEntries(half.map((name) => [name, {}]));
    expect(membersOf(many({ services, waves: ["10%", "50%", "100%"] }))).toEqual(
      shares.map((wave) => wave.filter((name) => half.includes(name))),
    );
  });

  test("does not take what a list names, even a later one", () => {
    const [first, second] = membersOf(many({ waves: ["100%", ["service-1"]] }));
    expect(first).not.toContain("service-1");
    expect(first).toHaveLength(999);
    expect(second).toEqual(["service-1"]);
  });
});

describe("a selector", () => {
  test.each([
    ["tier=backend", { tier: "backend" }, true],
    ["tier=backend", { tier: "frontend" }, false],
    ["tier=backend", {}, false],
    ["tier=backend,team=a", { tier: "backend", team: "a" }, true],
    ["tier=backend,team=a", { tier: "backend" }, false],
    ["app.kubernetes.io/part-of=shop", { "app.kubernetes.io/part-of": "shop" }, true],
    ["canary=", { canary: "" }, true],
  ])("%s on %j: %p", (selector, labels, expected) => {
    expect(fits(selector, labels)).toBe(expected);
  });

  test("takes the services whose workloads have the labels", () => {
    const workloads = exampleWorkloads();
    const key = workloadKey({ cluster: "default", kind: "DaemonSet", namespace: "shop", name: "edge-gateway" });
    const gateway = workloads.get(key);
    if (gateway !== undefined) workloads.set(key, { ...gateway, labels: { tier: "edge" } });
    const raw = changed(exampleConfig(), { waves: [{ selector: "tier=edge" }, "100%"] });
    const { services } = readConfig(raw);
    expect(membersOf(raw, labelsOfServices(services, workloads))).toEqual([
      ["gateway"],
      ["catalog", "frontend", "cart", "payment", "inventory"],
    ]);
    expect(membersOf(raw, labelsOfServices(services, new Map()))[0]).toEqual([]);
    expect(membersOf(raw)[0]).toEqual([]);
  });
});

describe("calls", () => {
  const planOf = (changes: RawConfig): Plan =>
    plan(readConfig(changed(exampleConfig(), changes)), { present: new Map(), labelsOf: none });
  const crossing = (changes: RawConfig): string[] =>
    planOf({ calls: ["frontend -> cart", "cart->catalog"], ...changes }).warnings.flatMap(({ id, text }) =>
      id === "call-between-backends" ? [text] : [],
    );

  test.each<[string, RawConfig, string[]]>([
    ["none crosses before the first wave", { stage: "provision" }, []],
    ["none crosses when all have moved", { stage: "shift" }, []],
    [
      "agents 6 and 9 have different headers",
      { stage: "canary-1" },
      ["cart (v6) -> catalog (v9): the trace link is lost, because their headers differ"],
    ],
    [
      "from the other side",
      { stage: "canary-2" },
      ["frontend (v6) -> cart (v9): the trace link is lost, because their headers differ"],
    ],
    [
      "agents since 8.10 have one header, and the parent is elsewhere",
      {
        stage: "canary-1",
        "generations.v6.version": "9.5.0",
        "generations.v6.storage.version": "7.17.29",
        services: { catalog: {}, cart: {}, frontend: {} },
        waves: [["catalog"]],
        "serviceDefaults.agent": { language: "java", release: "9.3.0" },
      },
      ["cart (v6) -> catalog (v9): its parent segment is stored in the other backend"],
    ],
    [
      "agents before 8.10 have a header for each namespace",
      {
        stage: "canary-1",
        "generations.v6.version": "8.9.1",
        "generations.v6.storage.version": "7.17.29",
        "generations.v9.agents": undefined,
        services: { catalog: {}, cart: {}, frontend: {} },
        waves: [["catalog"]],
        "serviceDefaults.agent": { language: "java", release: "8.9.0" },
      },
      ["cart (v6) -> catalog (v9): the trace link is lost, because their headers differ"],
    ],
    [
      "which are the same where no namespace is set",
      {
        stage: "canary-1",
        "generations.v6.version": "8.9.1",
        "generations.v6.storage.version": "7.17.29",
        "generations.v9.agents": undefined,
        "generations.v9.agentNamespace": undefined,
        services: { catalog: {}, cart: {}, frontend: {} },
        waves: [["catalog"]],
        "serviceDefaults.agent": { language: "java", release: "8.9.0" },
      },
      ["cart (v6) -> catalog (v9): the trace link is lost, because their headers differ"],
    ],
  ])("%s", (_, changes, warnings) => {
    expect(crossing(changes)).toEqual(warnings);
  });

  test.each([
    ["a -> b", { caller: "a", callee: "b" }],
    [" a->b ", { caller: "a", callee: "b" }],
  ])("%p", (text, expected) => {
    expect(call.parse(text)).toEqual(expected);
  });
});
