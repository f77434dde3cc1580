import type { KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { askGate, type Answer } from "../../components/gates/ask";
import type { GateClusters } from "../../components/gates/look";
import { RecordedOap } from "../../tools/recorded-oap/server";
import { planGates, type PlannedGate } from "../../upgrade/gates/gates";
import { plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { workloadKey } from "../../upgrade/workload/ref";
import { changed, exampleConfig, exampleWorkloads, type RawConfig } from "../example";

jest.setTimeout(60_000);

let v6: RecordedOap;
let v9: RecordedOap;

beforeEach(async () => {
  applied = new Date();
  clusters.knownBefore.clear();
  v6 = await RecordedOap.start({ release: "6.6.0" });
  // Its clock is off by 10 minutes, and it lives in another time zone.
  v9 = await RecordedOap.start({ release: "9.7.0", skew: -10, offset: 330 });
});

afterEach(async () => {
  await Promise.all([v6.stop(), v9.stop()]);
});

const services = ["catalog", "frontend", "cart", "payment", "inventory", "gateway"];

/** When every workload was moved. */
let applied: Date;

/** Who has undone the moves. */
let undone: string | undefined;

/** Every workload has two pods. Adopted backends are asked without the cluster. */
const clusters: GateClusters = {
  knownBefore: new Map(),
  movedWorkloads: (refs) =>
    Promise.resolve(new Map(refs.map((ref) => [workloadKey(ref), { desired: 2, ready: 2, applied, undone }] as const))),
  reader: () => ({
    kube: {} as KubeConfig, // Not asked for an adopted backend.
    livePods: () => Promise.reject(new Error("nobody asks for the pods of an adopted backend")),
  }),
};

/** A gate of the example at `drain`, with both backends adopted. */
function gate(
  name: string,
  gates: RawConfig = {},
  workloads = exampleWorkloads(),
  changes: RawConfig = {},
): PlannedGate {
  const config = readConfig(
    changed(exampleConfig(), {
      stage: "drain",
      "generations.v6": {
        managed: false,
        version: "6.6.0",
        address: "oap6:11800",
        agentNamespace: "v6",
        restUrl: v6.url,
      },
      "generations.v9": {
        managed: false,
        version: "9.7.0",
        address: "oap9:11800",
        agentNamespace: "v9",
        restUrl: v9.url,
        agents: { java: { release: "9.3.0" } },
      },
      gates,
      ...changes,
    }),
  );
  const planned = plan(config, { present: new Map(), since: new Map(), storage: new Map(), labelsOf: new Map() });
  const found = planGates(config, planned, workloads).gates.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no gate ${name}`);
  return found;
}

/** Asks a gate until it passes, if need be for longer than a busy machine takes. */
async function ask(
  planned: PlannedGate,
  onProgress = (): void => undefined,
  timeout = 20_000,
): Promise<{ answer: Answer; progress: string[] }> {
  const progress: string[] = [];
  const quick = { ...planned, timeout, interval: 100, soak: Math.min(planned.soak, 300) };
  const answer = await askGate(quick, clusters, (text) => {
    progress.push(text);
    onProgress();
  });
  return { answer, progress };
}

/** Asks a gate and gives up after a few looks. */
const askBriefly = (planned: PlannedGate) => ask(planned, undefined, 300);

const arriveOn = (oap: RecordedOap, names: readonly string[]): void => {
  for (const name of names) for (const pod of [1, 2]) oap.reports(`${name}|v9|`, `${name}-${String(pod)}`);
};

describe("healthy", () => {
  test("holds", async () => {
    const { answer } = await ask(gate("v9-healthy"));
    expect(answer).toMatchObject({ held: true, said: "the OAP of v9 answers as 9.7.0-0000000", health: "healthy" });
    expect(Math.abs(Date.now() - Date.parse(answer.at))).toBeLessThan(60_000);
  });

  test("holds on a release that is not known, which is asked as what it behaves like", async () => {
    v9.version = "99.0.0-0000000";
    const unknown = { "generations.v9.version": "99.0.0", "generations.v9.behavesLike": "9.7.0" };
    const { answer } = await ask(gate("v9-healthy", {}, exampleWorkloads(), unknown));
    expect(answer).toMatchObject({ held: true, said: "the OAP of v9 answers as 99.0.0-0000000", health: "healthy" });
  });

  test("holds after a while", async () => {
    v9.score = 1;
    const { answer, progress } = await ask(gate("v9-healthy"), () => {
      v9.score = 0;
    });
    expect(progress).toEqual(["the OAP of v9: it is not healthy: storage_elasticsearch"]);
    expect(answer.held).toBe(true);
  });

  test("never holds", async () => {
    v9.score = 1;
    const { answer } = await askBriefly(gate("v9-healthy"));
    expect(answer).toMatchObject({ held: false, health: "storage_elasticsearch" });
  });
});

describe("healthy, on an OAP that has no checkHealth", () => {
  /** Asked of v6, which could be the `to` of an older one. */
  function healthyV6(): PlannedGate {
    const { question } = gate("v6-departed");
    if (question.kind !== "departed") throw new Error("it asks something else");
    return { ...gate("v9-healthy"), question: { ...question, kind: "healthy" } };
  }

  test("holds", async () => {
    const { answer } = await ask(healthyV6());
    expect(answer).toMatchObject({ held: true, said: "the OAP of v6 answers as 6.0", health: "cannot be asked" });
  });

  test("does not hold while its storage is gone, and says what the OAP says", async () => {
    v6.misbehaviour = "has no storage";
    const { answer, progress } = await ask(healthyV6(), () => {
      v6.misbehaviour = undefined;
    });
    expect(progress[0]).toMatch(
      /^Cannot ask the OAP of v6 for its services: it answered with an error: Exception while fetching data \(\/getAllServices\) : Connection refused -> try by hand/,
    );
    expect(answer.held).toBe(true);
  });
});

describe("arrived", () => {
  test("holds when it has held for the soak", async () => {
    arriveOn(v9, services);
    const { answer, progress } = await ask(gate("v9-arrived"));
    expect(progress).toEqual(["6 of 6 services alive on v9; for 0.3 s"]);
    expect(answer).toMatchObject({ held: true, instances: { cart: 2, gateway: 2 } });
  });

  test("holds after a while, and says who is waited for", async () => {
    arriveOn(v9, services.slice(1));
    const { answer, progress } = await ask(gate("v9-arrived"), () => {
      arriveOn(v9, services);
    });
    expect(progress[0]).toBe("5 of 6 services alive on v9, waiting for catalog (as catalog|v9|, 0 of 2)");
    expect(answer.held).toBe(true);
  });

  test("never holds", async () => {
    arriveOn(v9, services.slice(1));
    const { answer } = await askBriefly(gate("v9-arrived"));
    expect(answer).toMatchObject({ held: false, instances: { catalog: 0 } });
    expect(answer.said).toBe("5 of 6 services alive on v9, waiting for catalog (as catalog|v9|, 0 of 2)");
  });

  test("fails at once where somebody has moved an agent back", async () => {
    arriveOn(v9, services.slice(1));
    undone = "argocd-controller has changed JAVA_TOOL_OPTIONS";
    const { answer, progress } = await ask(gate("v9-arrived")).finally(() => {
      undone = undefined;
    });
    expect(progress).toEqual([]);
    expect(answer.held).toBe(false);
    expect(answer.said).toContain("argocd-controller has changed JAVA_TOOL_OPTIONS");
    expect(answer.fix).toContain("keep it from doing so");
  });

  test("what a service reported before it was moved again does not count", async () => {
    const workloads = new Map(
      [...exampleWorkloads()].map(([key, workload]) => {
        const ours = { manager: "skywalking-canary", time: new Date(0) };
        return [key, key.endsWith("/cart") ? { ...workload, managedFields: [ours] } : workload] as const;
      }),
    );
    const planned = gate("v9-arrived", {}, workloads);
    arriveOn(v9, services);
    for (const pod of [1, 2]) v9.reports("cart|v9|", `cart-${String(pod)}`, 1);
    expect((await askBriefly(planned)).answer.said).toBe(
      "5 of 6 services alive on v9, waiting for cart (as cart|v9|, 0 of 2)",
    );
    applied = new Date(Date.now() - 3 * 60_000);
    expect((await ask(planned)).answer).toMatchObject({ held: true, instances: { cart: 2 } });
    // It had gone back in between, so that the workload does not tell that it was here before.
    clusters.knownBefore.set("v9", new Set(["cart|v9|"]));
    applied = new Date(Date.now() + 60_000);
    expect((await askBriefly(gate("v9-arrived"))).answer.said).toContain("waiting for cart (as cart|v9|, 0 of 2)");
    clusters.knownBefore.clear();
    // This update has left it as it was.
    applied = new Date(0);
    expect((await ask(planned)).answer.held).toBe(true);
  });

  test("half of the pods will do where the config says so", async () => {
    for (const name of services) v9.reports(`${name}|v9|`, name);
    const { answer } = await ask(gate("v9-arrived", { arrived: { share: "50%" } }));
    expect(answer.held).toBe(true);
  });

  test("asks for the instances of those services only", async () => {
    arriveOn(v9, services);
    for (let index = 0; index < 1000; index += 1) v9.reports(`other-${String(index)}`, "instance");
    const planned = gate("v9-arrived");
    await askGate({ ...planned, soak: 0 }, clusters, () => undefined);
    // The clock, the services, and the instances of each.
    expect(v9.requests).toBe(2 + services.length);
  });
});

describe("departed", () => {
  test("holds when nobody has reported within the window", async () => {
    v6.reports("cart", "cart-1", 10);
    const { answer } = await ask(gate("v6-departed"));
    expect(answer).toMatchObject({ held: true, said: "no live instance is left on v6", unlisted: [], listed: [] });
  });

  test("never holds while somebody reports: named, with the last heartbeat, those in no config first", async () => {
    v6.reports("cart", "cart-1", 3);
    v6.reports("legacy-batch", "batch-1");
    const { answer } = await askBriefly(gate("v6-departed"));
    expect(answer).toMatchObject({ held: false, unlisted: ["legacy-batch"], listed: ["cart"] });
    expect(answer.said).toMatch(
      /^2 services still report to v6: "legacy-batch", which no config lists: batch-1, last heartbeat within the last minute, "cart" \(services\.cart\): cart-1, last heartbeat [34] minutes ago$/,
    );
  });

  test("1,000 services that report still are counted, and some named", async () => {
    for (let index = 0; index < 1000; index += 1) v6.reports(`service-${String(index)}`, "instance");
    const { answer } = await askBriefly(gate("v6-departed"));
    expect(answer.held).toBe(false);
    expect(answer.said).toMatch(/^1000 services still report to v6: "service-0", .* and 992 more$/);
    expect(answer.unlisted).toHaveLength(1000);
  });
});

describe("a service that both backends show by one name", () => {
  const none = { "generations.v6.agentNamespace": undefined, "generations.v9.agentNamespace": undefined };
  const named = (name: string) => gate(name, {}, exampleWorkloads(), none);
  const reportTo = (oap: RecordedOap, minutesAgo = 0): void => {
    for (const name of services) for (const pod of [1, 2]) oap.reports(name, `${name}-${String(pod)}`, minutesAgo);
  };

  test("has arrived when the backend that it moves to has it, not the one that it leaves", async () => {
    reportTo(v6);
    const { answer, progress } = await ask(named("v9-arrived"), () => {
      reportTo(v9);
    });
    expect(progress[0]).toMatch(/^0 of 6 services alive on v9, waiting for catalog \(0 of 2\), cart \(0 of 2\)/);
    expect(answer).toMatchObject({ held: true, instances: { cart: 2, gateway: 2 } });
  });

  test("has departed when the backend that it leaves has not heard of it, whatever the other has", async () => {
    reportTo(v9);
    reportTo(v6, 3);
    expect((await askBriefly(named("v6-departed"))).answer).toMatchObject({ held: false, unlisted: [] });
    await v6.stop();
    v6 = await RecordedOap.start({ release: "6.6.0" });
    reportTo(v6, 10);
    expect((await ask(named("v6-departed"))).answer.held).toBe(true);
  });
});

describe.each([
  ["v9-healthy", () => v9, "its version"],
  ["v9-arrived", () => v9, "its clock"],
  ["v6-departed", () => v6, "its clock"],
])("%s, when its OAP cannot be asked", (name, oap, what) => {
  test("that is what it waits for, and it goes on when it can", async () => {
    arriveOn(v9, services);
    oap().misbehaviour = "fails";
    const { answer, progress } = await ask(gate(name), () => {
      oap().misbehaviour = undefined;
    });
    expect(progress[0]).toMatch(
      new RegExp(`^Cannot ask the OAP of v\\d for ${what}: it answered 500 -> try by hand: \`curl -s http://`),
    );
    expect(answer.held).toBe(true);
  });

  test("unreachable: it fails when its time is up", async () => {
    const planned = gate(name);
    await oap().stop();
    const { answer } = await askBriefly(planned);
    expect(answer.held).toBe(false);
    expect(answer.said).toContain("ECONNREFUSED");
  });

  test("no permission: it fails at once", async () => {
    oap().misbehaviour = "forbids";
    const { answer, progress } = await ask(gate(name));
    expect(progress).toEqual([]);
    expect(answer.held).toBe(false);
    expect(answer.said).toContain("it answered 403");
    expect(oap().requests).toBe(1);
  });
});

describe("checks of the user's own", () => {
  const check = (settings: RawConfig) =>
    askBriefly(gate("check-own", { checks: { own: { before: ["drain"], ...settings } } })).then(({ answer }) => answer);

  test("a command that ends with 0", async () => {
    expect(await check({ command: ["node", "--version"] })).toMatchObject({
      held: true,
      said: "`node --version` ended with 0",
    });
  });

  test("a command that does not, with the last it said", async () => {
    expect(
      await check({
        command: ["node", "-e", "console.error('first'); console.error('budget spent'); process.exit(3)"],
      }),
    ).toMatchObject({
      held: false,
      said: expect.stringMatching(/ended with 3: budget spent$/) as unknown,
    });
  });

  test("a command that is not there", async () => {
    expect(await check({ command: ["no-such-program"] })).toMatchObject({
      held: false,
      said: "`no-such-program` ended with ENOENT",
    });
  });

  test("a URL", async () => {
    // A GET of GraphQL's path is none of an OAP's.
    expect(await check({ url: `${v9.url}/graphql` })).toMatchObject({
      held: false,
      said: `GET ${v9.url}/graphql answered 404`,
    });
    v9.misbehaviour = "cuts";
    expect(await check({ url: v9.url })).toMatchObject({ held: true });
    await v9.stop();
    expect((await check({ url: v9.url })).said).toContain("ECONNREFUSED");
  });
});
