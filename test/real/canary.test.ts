import { setTimeout as sleep } from "node:timers/promises";

import { Backend, type StoredSegment } from "./backend";
import { brokenPromises, promisedOf, type Promised } from "./crossing";
import { markdownTable, seconds, type Row } from "../../tools/figures";
import { writeRealFigures } from "./figures";
import { podFigures } from "./node-figures";
import { cutOff } from "../cut-off";
import { eventually } from "../eventually";
import { RealScene } from "./scene";
import { shopServices } from "./shop";
import { canaryStack } from "./stack";
import { chapter, describeReal } from "./story";
import { Tally, type Traffic } from "./traffic";

jest.setTimeout(3_600_000);

const perSecond = 4;
const old = new Backend("v9");
const next = new Backend("v10");

/** What was measured at each stage, for the page. */
const rows: Row[] = [];
const stageHead = [
  "stage",
  "update",
  "until seen",
  "sent",
  "answered",
  "failed",
  "emitted",
  "not traced",
  "in v9",
  "in v10",
];
/** What the pods used while both backends were running. */
const podRows: Row[] = [];
/** What the plan said about crossing calls, and when it applied. */
const promises: {
  readonly stage: string;
  readonly promised: Promised[];
  readonly from: number;
  readonly to: number;
}[] = [];

describeReal("canary: OAP 9.6.0 with agents 8.6.0 to OAP 10.1.0 with agents 9.4.0", () => {
  let scene: RealScene;
  let traffic: Traffic;

  beforeAll(async () => {
    scene = await RealScene.open(canaryStack);
  });

  afterAll(async () => {
    await scene.close(["shop", old.namespace, next.namespace]);
  });

  /** The service of each live pod of the shop, by address. */
  async function livePods(): Promise<Map<string, string>> {
    const pods = await scene.pods("shop");
    return new Map(pods.map(({ metadata, status }) => [status.podIP ?? "", metadata.labels.app ?? ""]));
  }

  /** Services that have instances of live pods in a backend, under the names that the agents give. */
  async function reporting(backend: Backend): Promise<string[]> {
    const pods = await livePods();
    const found: string[] = [];
    for (const [service, instances] of await backend.instances(5)) {
      const alive = instances.some((name) => pods.get(name.split("@")[1] ?? "") === service.split("|")[0]);
      if (alive) found.push(service);
    }
    return found.sort();
  }

  /** Enters a stage, waits until everything reports where the plan says, and records what was measured. */
  async function stage(name: string, moved: readonly string[]): Promise<void> {
    const begin = Date.now();
    await scene.enter(name);
    const updated = Date.now();
    const onNext = moved.map((service) => `${service}|v10|`).sort();
    const onOld = shopServices.filter((service) => !moved.includes(service)).sort();
    await eventually(`at ${name}, ${onNext.join(", ")} on v10`, 900, async () => {
      if (onNext.length === 0) return true;
      const found = await reporting(next);
      if (found.join() !== onNext.join()) throw new Error(`on v10: ${found.join(", ")}`);
      return true;
    });
    await eventually(`at ${name}, ${onOld.join(", ")} on v9`, 900, async () => {
      if (onOld.length === 0) return true;
      const found = await reporting(old);
      if (found.join() !== onOld.join()) throw new Error(`on v9: ${found.join(", ")}`);
      return true;
    });
    const arrived = Date.now();
    await expectNoMixing();
    promises.push({ stage: name, promised: promisedOf(await scene.stack.outputs()), from: updated, to: arrived });
    const { sent, answered, failures, emitted, untraced } = traffic.tally();
    const stored = [await count(old), await count(next)];
    const row = [name, seconds(updated - begin), seconds(arrived - updated), sent, answered, failures.length];
    rows.push([...row, emitted.length, untraced.length, ...stored]);
    console.log(rows.at(-1)?.join(" | "));
  }

  /** OAP servers must talk only to those of their own backend: their connections on the port of the cluster show it. */
  async function expectNoMixing(): Promise<void> {
    const members = { v9: await oapPods("v9"), v10: await oapPods("v10") };
    for (const [generation, own] of Object.entries(members)) {
      for (const { name } of own) {
        const peers = await peersOf(`skywalking-${generation}`, name);
        expect({ name, strangers: peers.filter((peer) => own.every(({ address }) => address !== peer)) }).toEqual({
          name,
          strangers: [],
        });
      }
    }
  }

  async function oapPods(generation: string): Promise<{ name: string; address: string }[]> {
    const pods = await scene.pods(`skywalking-${generation}`);
    return pods
      .filter(({ metadata }) => metadata.labels["app.kubernetes.io/component"] === "oap")
      .map(({ metadata, status }) => ({ name: metadata.name, address: status.podIP ?? "" }));
  }

  /** Addresses to whose port 11800 a pod has open connections. */
  async function peersOf(namespace: string, pod: string): Promise<string[]> {
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
      backendService: "oap-v9.skywalking-v9.svc:11800",
      agentImage: "apache/skywalking-java-agent:8.6.0-jdk11",
      agentNamespace: "v9",
      reconnect: 5,
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
    // Agent 8.6.0 does not read this variable; for 9.4.0 it means TLS, which the OAP does not speak.
    const tls = (value: string) => scene.kubectl(["-n", "shop", "set", "env", "deployment/payment", value]);
    await tls("SW_AGENT_FORCE_TLS=true");
    await scene.kubectl(["-n", "shop", "rollout", "status", "deployment/payment", "--timeout=300s"]);
    scene.configure({ "gates.arrived.timeout": "30s", stage: "shift" });
    const { code, output } = await scene.up();
    expect(code).not.toBe(0);
    expect(output).toContain("payment");
    console.log(
      output
        .split("\n")
        .filter((line) => line.includes("payment"))
        .slice(-3)
        .join("\n"),
    );
    await tls("SW_AGENT_FORCE_TLS-");
    scene.configure({ "gates.arrived.timeout": "15m" });
  });

  chapter("shift, and back to baseline", async () => {
    await stage("shift", shopServices);
    podRows.push(...(await podFigures(scene, "skywalking-v9")), ...(await podFigures(scene, "skywalking-v10")));
    const [first, second] = await oapPods("v10");
    // The two of one backend do talk to each other, so finding no connection to the other backend means something.
    expect(await peersOf("skywalking-v10", first?.name ?? "")).toContain(second?.address);
    await stage("baseline", []);
  });

  chapter("shift again, drain, retire", async () => {
    await stage("shift", shopServices);
    await eventually("nothing reports to v9 any more", 900, async () => {
      const left = await old.instances(1);
      if (left.size > 0) throw new Error([...left.keys()].join(", "));
      return true;
    });
    await scene.enter("drain");
  });

  chapter("no request failed, and every segment is stored in one of the two", async () => {
    await traffic.stop();
    const tally = traffic.tally();
    // An OAP writes in bulks, and Elasticsearch shows them half a minute later.
    const { inOld, inNext, lost } = await settled(tally);
    await scene.enter("retire");
    expect(tally.failures).toEqual([]);
    const sumHead = ["", "sent", "answered", "failed", "emitted", "stored in v9", "stored in v10", "lost"];
    const { sent, answered, failures, emitted } = tally;
    const counts = [sent, answered, failures.length, emitted.length, inOld.length, inNext.length, lost.length];
    const sum = markdownTable(sumHead, [["in all", ...counts]]);
    console.log(sum, lost);
    expect(lost).toEqual([]);
    expect(inOld.length + inNext.length).toBe(tally.emitted.length);
    const traces = new Map([...inOld, ...inNext].map(({ segmentId, traceId }) => [segmentId, traceId]));
    for (const { stage: name, promised, from, to } of promises) {
      const { calls } = new Tally(tally.lines.filter(({ at }) => at > from && at < to - 5_000));
      const broken = brokenPromises(calls, promised, (segment) => traces.get(segment ?? ""));
      expect({ stage: name, broken }).toEqual({ stage: name, broken: [] });
    }
    await writeRealFigures("sum", sum);
    await writeRealFigures("canary", markdownTable(stageHead, rows));
    await writeRealFigures("pods", markdownTable(["pod", "until ready or finished", "resident", "limit"], podRows));
  });

  /** What is stored, once everything is or three minutes have passed. */
  async function settled(tally: Tally) {
    const end = Date.now() + 180_000;
    for (;;) {
      const [inOld, inNext] = [await old.segments(), await next.segments()];
      const lost = missingSegments(tally, [...inOld, ...inNext]);
      if (lost.length === 0 || Date.now() > end) return { inOld, inNext, lost };
      await sleep(10_000);
    }
  }

  function missingSegments({ emitted }: Tally, stored: readonly StoredSegment[]) {
    const found = new Set(stored.map(({ segmentId }) => segmentId));
    return emitted.filter(({ segmentId }) => !found.has(segmentId));
  }
});
