import { setTimeout as sleep } from "node:timers/promises";

import { Backend, type StoredSegment } from "./backend";
import { brokenPromises, promisedOf, type Promised } from "./crossing";
import { markdownTable, seconds, type Row } from "../../tools/figures";
import { writeRealFigures } from "./figures";
import { podFigures } from "./node-figures";
import { cutOff } from "../cut-off";
import { eventually } from "../eventually";
import { RealScene } from "./scene";
import { shopServices, v2Agents } from "./shop";
import { canaryStack, nextUpgrade } from "./stack";
import { chapter, describeReal } from "./story";
import { Tally, type Traffic } from "./traffic";

jest.setTimeout(3_600_000);

const perSecond = 4;
const v6 = new Backend("v6");
const v9 = new Backend("v9");
const v10 = new Backend("v10");

/** What was measured at each stage, for the page. */
const rows: Row[] = [];
const stageHead = [
  "to",
  "stage",
  "update",
  "until seen",
  "sent",
  "answered",
  "failed",
  "emitted",
  "not traced",
  "in v6",
  "in v9",
  "in v10",
];
/** What the pods used while both backends of an upgrade were running. */
const podRows: Row[] = [];
/** What the plan said about crossing calls, and when it applied. */
const promises: {
  readonly stage: string;
  readonly promised: Promised[];
  readonly from: number;
  readonly to: number;
}[] = [];

describeReal("canary: OAP 6.5.0 with agents 6.6.0 and 7.0.0 to 9.6.0 with agents 9.4.0, and on to 10.1.0", () => {
  let scene: RealScene;
  let traffic: Traffic;
  /** The backends of the present upgrade. */
  let [old, next] = [v6, v9];
  /** What was stored in v6, which is deleted before the next upgrade. */
  let inV6: readonly StoredSegment[] = [];

  beforeAll(async () => {
    scene = await RealScene.open(canaryStack);
  });

  afterAll(async () => {
    await scene.close(["shop", ...[v6, v9, v10].map(({ namespace }) => namespace)]);
  });

  /** The service of each live pod of the shop, by name and by address: agents name their instances by one of these. */
  async function livePods(): Promise<Map<string, string>> {
    const pods = await scene.pods("shop");
    return new Map(
      pods.flatMap(({ metadata, status }) => {
        const { app = "" } = metadata.labels;
        return [
          [metadata.name, app],
          [status.podIP ?? "", app],
        ];
      }),
    );
  }

  /** Services that have instances of live pods in a backend, under the names that the agents give. */
  async function reporting(backend: Backend): Promise<string> {
    const pods = await livePods();
    const found: string[] = [];
    for (const [service, instances] of await backend.instances(5)) {
      const alive = instances.some((name) => pods.get(name.split("@")[1] ?? "") === service.split("|")[0]);
      if (alive) found.push(service);
    }
    return found.sort().join(", ");
  }

  /** Waits until exactly these services report to a backend, under the names that they have there. */
  async function expectReporting(backend: Backend, services: readonly string[]): Promise<void> {
    const names = services.map((service) => (backend === v6 ? service : `${service}|v9|`));
    const expected = names.sort().join(", ");
    if (expected === "") return;
    await eventually(`${expected} on ${backend.name}`, 900, async () => {
      const found = await reporting(backend);
      if (found !== expected) throw new Error(`on ${backend.name}: ${found}`);
      return true;
    });
  }

  /** Enters a stage, waits until everything reports where the plan says, and records what was measured. */
  async function stage(name: string, moved: readonly string[]): Promise<void> {
    const begin = Date.now();
    await scene.enter(name);
    const updated = Date.now();
    await expectReporting(next, moved);
    await expectReporting(
      old,
      shopServices.filter((service) => !moved.includes(service)),
    );
    const arrived = Date.now();
    await expectNoMixing();
    promises.push({ stage: name, promised: promisedOf(await scene.stack.outputs()), from: updated, to: arrived });
    const { sent, answered, failures, emitted, untraced } = traffic.tally();
    const stored = [await count(v6), await count(v9), await count(v10)];
    const row = [
      next.name,
      name,
      seconds(updated - begin),
      seconds(arrived - updated),
      sent,
      answered,
      failures.length,
    ];
    rows.push([...row, emitted.length, untraced.length, ...stored]);
    console.log(rows.at(-1)?.join(" | "));
  }

  /** OAP servers must talk only to those of their own backend: their connections on the port of the cluster show it. */
  async function expectNoMixing(): Promise<void> {
    for (const backend of [old, next]) {
      const own = await oapPods(backend);
      for (const { name } of own) {
        const peers = await peersOf(backend, name);
        expect({ name, strangers: peers.filter((peer) => own.every(({ address }) => address !== peer)) }).toEqual({
          name,
          strangers: [],
        });
      }
    }
  }

  async function oapPods({ namespace }: Backend): Promise<{ name: string; address: string }[]> {
    return (await scene.pods(namespace))
      .filter(({ metadata }) => metadata.labels["app.kubernetes.io/component"] === "oap")
      .map(({ metadata, status }) => ({ name: metadata.name, address: status.podIP ?? "" }));
  }

  /** Addresses to whose port 11800 a pod has open connections. */
  async function peersOf({ namespace }: Backend, pod: string): Promise<string[]> {
    const lines = await scene.kubectl(["-n", namespace, "exec", pod, "--", "netstat", "-tn"]);
    const found = lines.matchAll(/\s(?:::ffff:)?([\d.]+):11800\s+ESTABLISHED/g);
    return [...new Set([...found].map(([, address]) => address ?? ""))];
  }

  async function count(backend: Backend): Promise<number | string> {
    return backend.segmentCount().catch(() => "-");
  }

  chapter("baseline: the old backend starts, and services report to it", async () => {
    await scene.deployShop({
      namespace: "shop",
      backendService: "oap-v6.skywalking-v6.svc:11800",
      agentImages: v2Agents,
      agentOptions: ["agent.namespace=v6", "collector.grpc_channel_check_interval=5"],
      // Agents to 7.0 do not read it; for 9.4.0 it means TLS, which the OAP does not speak.
      env: { payment: { SW_AGENT_FORCE_TLS: "true" } },
    });
    await scene.enter("baseline");
    traffic = await scene.startTraffic("shop", "gateway", perSecond);
    await stage("baseline", []);
  });

  chapter("provision", async () => {
    await stage("provision", []);
  });

  chapter("canary-1, and back to baseline", async () => {
    await stage("canary-1", ["gateway", "catalog"]);
    await stage("baseline", []);
  });

  chapter("canary-2: killed in the middle of a wave, then run again", async () => {
    scene.configure({ stage: "canary-2" });
    await cutOff(scene.stack, async () => {
      const template = ["-n", "shop", "get", "deployments", "orders", "-o", "jsonpath={.spec.template}"];
      while (!(await scene.kubectl(template)).includes("skywalking-canary-agent")) await sleep(200);
    });
    await scene.stack.succeed(["cancel", "--yes"]);
    await stage("canary-2", ["gateway", "catalog", "orders"]);
  });

  chapter("an agent that cannot connect holds shift, by name", async () => {
    scene.configure({ "gates.arrived.timeout": "20s", stage: "shift" });
    const { code, output } = await scene.up();
    expect(code).not.toBe(0);
    // On a busy machine ledger may not have arrived in that time either.
    expect(output).toMatch(/waiting for .*payment \(as payment\|v9\|/);
    await scene.kubectl(["-n", "shop", "set", "env", "deployment/payment", "SW_AGENT_FORCE_TLS-"]);
    await scene.kubectl(["-n", "shop", "rollout", "status", "deployment/payment", "--timeout=300s"]);
    scene.configure({ "gates.arrived.timeout": "15m" });
  });

  chapter("shift, and back to baseline", async () => {
    await stage("shift", shopServices);
    podRows.push(...(await podFigures(scene, old.namespace)), ...(await podFigures(scene, next.namespace)));
    const [first, second] = await oapPods(next);
    // The two of one backend do talk to each other, so finding no connection to the other backend means something.
    expect(await peersOf(next, first?.name ?? "")).toContain(second?.address);
    await stage("baseline", []);
  });

  chapter("shift again, drain, retire", async () => {
    // What moves a second time counts from its first whole minute on, so each wave would take that much longer.
    scene.configure({ waves: [] });
    await stage("shift", shopServices);
    await scene.enter("drain");
    inV6 = await v6.segments();
    await scene.enter("retire");
  });

  chapter(
    "the next upgrade, in the same stack: another name would silence an alarm, and the preview says so",
    async () => {
      scene.configure({ ...nextUpgrade, "generations.v10.agentNamespace": "v10", stage: "provision" });
      const { code, output } = await scene.stack.pulumi(["preview"]);
      expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
      expect(output).toContain(
        "rules.gateway_called_rule.include-names: says gateway|v9|, and matches nothing on v10 by that -> write gateway|v10|",
      );
      scene.configure({ "generations.v10.agentNamespace": "v9" });
      [old, next] = [v9, v10];
      await stage("provision", []);
    },
  );

  chapter("the next upgrade: services keep their names, and so an alarm about one is raised", async () => {
    await stage("shift", shopServices);
    await eventually("the alarm is raised", 300, async () => (await v10.alarms()).includes("gateway|v9| is called"));
    podRows.push(...(await podFigures(scene, next.namespace)));
  });

  chapter("no request failed, and every segment is stored in one of the three", async () => {
    await traffic.stop();
    const tally = traffic.tally();
    // An OAP writes in bulks, and Elasticsearch shows them half a minute later.
    const { inV9, inV10, lost } = await settled(tally);
    expect(tally.failures).toEqual([]);
    const sumHead = ["", "sent", "answered", "failed", "emitted", "stored in v6", "in v9", "in v10", "lost"];
    const { sent, answered, failures, emitted } = tally;
    const counts = [sent, answered, failures.length, emitted.length, inV6.length, inV9.length, inV10.length];
    const sum = markdownTable(sumHead, [["in all", ...counts, lost.length]]);
    console.log(sum, lost);
    expect(lost).toEqual([]);
    expect(inV6.length + inV9.length + inV10.length).toBe(tally.emitted.length);
    expect(tracedAgain(tally)).toEqual([]);
    const traces = new Map([...inV6, ...inV9, ...inV10].map(({ segmentId, traceId }) => [segmentId, traceId]));
    const traceOf = (segmentId: string | null) => traces.get(segmentId ?? "");
    for (const { stage: name, promised, from, to } of promises) {
      const broken = brokenPromises(
        new Tally(tally.lines.filter(({ at }) => at > from && at < to)).calls,
        promised,
        traceOf,
      );
      expect({ stage: name, broken }).toEqual({ stage: name, broken: [] });
    }
    await writeRealFigures("sum", sum);
    await writeRealFigures("canary", markdownTable(stageHead, rows));
    await writeRealFigures("pods", markdownTable(["pod", "until ready or finished", "resident", "limit"], podRows));
  });

  /** Pods of which a request was not traced after another one was: an agent that has a connection keeps it. */
  function tracedAgain({ emitted, untraced }: Tally): string[] {
    const first = new Map<string, number>();
    for (const { pod, at } of emitted) first.set(pod, Math.min(at, first.get(pod) ?? Infinity));
    return [...new Set(untraced.filter(({ pod, at }) => at > (first.get(pod) ?? Infinity)).map(({ pod }) => pod))];
  }

  /** What is stored, once everything is or three minutes have passed. */
  async function settled(tally: Tally) {
    const end = Date.now() + 180_000;
    for (;;) {
      const [inV9, inV10] = [await v9.segments(), await v10.segments()];
      const lost = missingSegments(tally, [...inV6, ...inV9, ...inV10]);
      if (lost.length === 0 || Date.now() > end) return { inV9, inV10, lost };
      await sleep(10_000);
    }
  }

  function missingSegments({ emitted }: Tally, stored: readonly StoredSegment[]) {
    const found = new Set(stored.map(({ segmentId }) => segmentId));
    return emitted.filter(({ segmentId }) => !found.has(segmentId));
  }
});
