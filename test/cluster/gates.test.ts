import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { SimulatedAgents } from "../../tools/recorded-oap/simulated-agents";
import { RecordedOap } from "../../tools/recorded-oap/server";
import { containers, Scene } from "./scene";

jest.setTimeout(300_000);

let v6: RecordedOap;
let v9: RecordedOap;
let scene: Scene;
let agents: SimulatedAgents;

beforeAll(async () => {
  v6 = await RecordedOap.start({ release: "6.6.0" });
  v9 = await RecordedOap.start({ release: "9.7.0", offset: 120, skew: 10 });
  scene = await Scene.open({
    behindPods: [
      { namespace: "skywalking-v6", port: v6.port },
      { namespace: "skywalking-v9", port: v9.port },
    ],
  });
  agents = new SimulatedAgents({
    backends: new Map([
      ["oap-v6.skywalking-v6.svc:11800", v6],
      ["oap-v9.skywalking-v9.svc:11800", v9],
    ]),
    origin: v6,
    containers,
    pods: () => scene.list<V1Pod>(["pods"], "shop"),
  });
  scene.configure({
    "gates.window": "3m",
    "gates.healthy.timeout": "5s",
    "gates.arrived.timeout": "20s",
    "gates.arrived.soak": "2s",
    "gates.departed.timeout": "181s",
  });
});

afterAll(async () => {
  await agents.stop();
  await scene.close();
  await Promise.all([v6.stop(), v9.stop()]);
});

const anyString: unknown = expect.any(String);

const replicasOf = async (name: string): Promise<number | undefined> => {
  const [oap] = (
    await scene.list<{ metadata: { name: string }; spec: { replicas: number } }>(["deployments"], `skywalking-${name}`)
  ).filter(({ metadata }) => metadata.name === `oap-${name}`);
  return oap?.spec.replicas;
};

test("the preview shows the gates, and asks nothing", async () => {
  await scene.enter("provision");
  expect(await scene.gates()).toEqual({});
  scene.configure({ stage: "canary-1" });
  const before = v9.requests;
  const { output } = await scene.stack.succeed(["preview", "--diff=false"]);
  expect(output).toMatch(/skywalking-canary:index:Gate v9-healthy create/);
  expect(output).toContain(
    "asked at `pulumi up`: whether the OAP of v9 answers, is release 9.7.0, and is alone in its cluster",
  );
  expect(output).toContain("asked at `pulumi up`: whether 1 service is alive on v9");
  expect(v9.requests).toBe(before);
});

test("a wave moves when the new OAP is healthy, and the stage ends when its services have arrived", async () => {
  await scene.enter("canary-1");
  expect(await scene.moved()).toEqual(["catalog"]);
  expect(await scene.gates()).toEqual({
    "v9-healthy": {
      held: true,
      at: anyString,
      said: "the OAP of v9 answers as 9.7.0-0000000",
      version: "9.7.0-0000000",
      health: "healthy",
    },
    "v9-arrived": {
      held: true,
      at: anyString,
      said: "1 of 1 services alive on v9",
      instances: { catalog: 2 },
    },
  });
});

test("an unchanged stage asks nothing, and keeps what was found", async () => {
  const [before, found] = [v9.requests, await scene.gates()];
  await scene.expectNoChanges();
  expect(v9.requests).toBe(before);
  expect(await scene.gates()).toEqual(found);
});

test("a service that does not arrive fails the stage, by name, and nothing further moves", async () => {
  agents.muted.add("cart");
  const output = await scene.refused("canary-2");
  expect(output).toContain("2 of 3 services alive on v9, waiting for cart (as cart|v9|, 0 of 2)");
  expect(output).toContain("v9-arrived did not pass within 20 s");
  expect(await scene.moved()).toEqual(["cart", "catalog", "payment"]);

  const again = await scene.refused("shift");
  expect(again).toContain("v9-earlier-waves-arrived did not pass");
  expect(await scene.moved()).toEqual(["cart", "catalog", "payment"]);
});

test("when it has arrived, the next update goes on", async () => {
  agents.muted.clear();
  await scene.enter("shift");
  expect(Object.keys(await scene.gates()).sort()).toEqual(["v9-arrived", "v9-earlier-waves-arrived", "v9-healthy"]);
  expect((await scene.gates())["v9-arrived"]).toMatchObject({
    said: "6 of 6 services alive on v9",
    instances: { catalog: 2, cart: 2, payment: 2, frontend: 3, inventory: 2, gateway: 3 },
  });
});

test("a service that nobody listed blocks drain, by name", async () => {
  const stray = setInterval(() => {
    v6.reports("legacy-batch", "batch-1@10.0.0.7");
  }, 1000);
  const output = await scene.refused("drain").finally(() => {
    clearInterval(stray);
  });
  expect(output).toContain(
    '1 service still reports to v6: "legacy-batch", which no config lists: batch-1@10.0.0.7, last heartbeat within the last minute',
  );
  expect(output).toContain("v6-departed did not pass within 181 s");
  expect(await replicasOf("v6")).toBe(2);
});

test("unless the config says that it may go dark", async () => {
  v6.reports("legacy-batch", "batch-1@10.0.0.7");
  scene.configure({ "gates.departed.ignore": ["legacy-batch"] });
  await scene.enter("drain");
  expect(await replicasOf("v6")).toBe(0);
  expect((await scene.gates())["v6-departed"]).toMatchObject({
    said: "no live instance is left on v6",
    ignored: ["legacy-batch"],
  });
  await scene.expectNoChanges();
});

test("the way back asks nothing, whatever the new OAP does", async () => {
  v9.misbehaviour = "stalls";
  const before = v9.requests;
  await scene.enter("shift");
  await scene.enter("canary-1");
  expect(await scene.moved()).toEqual(["catalog"]);
  await scene.enter("provision");
  expect(await scene.moved()).toEqual([]);
  expect(v9.requests).toBe(before);
});

test("a stage that is entered again asks again", async () => {
  v9.misbehaviour = "fails";
  const output = await scene.refused("canary-1");
  expect(output).toContain("v9-healthy did not pass within 5 s");
  expect(output).toMatch(
    /Cannot ask the OAP of v9 for its version: it answered 500 -> try by hand: `kubectl --context \S+ -n skywalking-v9 port-forward deployment\/oap-v9 12800`/,
  );
  expect(await scene.moved()).toEqual([]);
});

test("with warn, the stage goes on and says what did not hold", async () => {
  scene.configure({ "gates.mode": "warn" });
  const output = await scene.enter("canary-1");
  expect(output).toContain("warning: v9-healthy did not pass within 5 s");
  expect(output).toContain("warning: v9-arrived did not pass within 20 s");
  expect(await scene.moved()).toEqual(["catalog"]);
  expect((await scene.gates())["v9-arrived"]).toMatchObject({ held: false });
  await scene.expectNoChanges();
});

test("what a service reported before it is moved again does not count", async () => {
  await scene.enter("provision");
  scene.configure({ "gates.mode": "enforce" });
  v9.misbehaviour = undefined;
  agents.muted.add("catalog");
  for (const pod of [1, 2]) v9.reports("catalog|v9|", `catalog-of-before-${String(pod)}`);
  const output = await scene.refused("canary-1");
  expect(output).toContain(
    "v9-arrived did not pass within 20 s: 0 of 1 services alive on v9, waiting for catalog (as catalog|v9|, 0 of 2)",
  );
  expect(await scene.moved()).toEqual(["catalog"]);
});
