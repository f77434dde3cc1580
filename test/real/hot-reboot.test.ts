import { setTimeout as sleep } from "node:timers/promises";

import { Backend } from "./backend";
import { markdownTable, seconds, writeFigures } from "../../tools/figures";
import { realCluster } from "./real-cluster";
import { eventually } from "../eventually";
import { Scene } from "./scene";
import { shopServices } from "./shop";
import { hotRebootStack } from "./stack";
import { chapter, describeReal } from "./story";
import type { EmittedSegment, Traffic } from "./traffic";

jest.setTimeout(3_600_000);

const old = new Backend("h9", "skywalking");
const next = new Backend("h10", "skywalking");

describeReal("hot-reboot: OAP 9.6.0 to OAP 10.1.0 under agents 9.4.0", () => {
  let scene: Scene;
  let traffic: Traffic;
  let pods: string[];

  const podIds = async (): Promise<string[]> =>
    (await scene.pods("market")).map(({ metadata, status }) => {
      const restarts = status.containerStatuses?.reduce((sum, { restartCount }) => sum + restartCount, 0);
      return `${metadata.name} ${metadata.uid} ${String(restarts)}`;
    });

  const reporting = (backend: Backend) =>
    eventually(`every service reports to ${backend.name}`, 900, async () => {
      const found = [...(await backend.instances(2)).keys()].sort();
      if (found.join() !== [...shopServices].sort().join()) throw new Error(found.join(", "));
      return true;
    });

  beforeAll(async () => {
    await realCluster("up");
    scene = await Scene.open(hotRebootStack);
    await scene.kubectl(["create", "namespace", "skywalking"]);
    await scene.kubectl(["label", "namespace", "skywalking", "pod-security.kubernetes.io/enforce=restricted"]);
  });

  afterAll(async () => {
    await scene.close();
  });

  chapter("baseline and provision", async () => {
    await scene.deployShop({
      namespace: "market",
      backendService: "oap.skywalking.svc:11800",
      agentImage: "apache/skywalking-java-agent:9.4.0-java17",
      agentNamespace: undefined,
    });
    await scene.enter("baseline");
    pods = await podIds();
    traffic = await scene.startTraffic("market", "gateway", 4);
    await reporting(old);
    await scene.enter("provision");
  });

  chapter("shift turns the entrance and restarts no service", async () => {
    await scene.enter("shift");
    await reporting(next);
    expect(await podIds()).toEqual(pods);
  });

  chapter("no request failed, and traces are missing only while agents had no backend", async () => {
    await traffic.stop();
    // An OAP writes in bulks, and Elasticsearch shows what it has got half a minute later.
    await sleep(90_000);
    const { emitted, failures, untraced, sent } = traffic.tally();
    const [inOld, inNext] = [await old.segments(), await next.segments()].map(
      (stored) => new Set(stored.map(({ segmentId }) => segmentId)),
    );
    const lost = emitted.filter(({ segmentId }) => inOld?.has(segmentId) !== true && inNext?.has(segmentId) !== true);
    // Each agent finds the new OAP in its own time.
    const gaps = shopServices.map((service) => {
      const own = emitted.filter((segment) => segment.service === service);
      const times = (stored: Set<string> | undefined) =>
        own.filter(({ segmentId }) => stored?.has(segmentId) === true).map(({ at }) => at);
      return { service, from: Math.max(...times(inOld)), to: Math.min(...times(inNext)) };
    });
    const inGap = ({ service, at }: EmittedSegment) =>
      gaps.some((gap) => gap.service === service && at > gap.from - 5_000 && at < gap.to + 5_000);
    const longest = Math.max(...gaps.map(({ from, to }) => to - from));
    const row = [
      sent,
      failures.length,
      emitted.length,
      untraced.length,
      inOld?.size ?? 0,
      inNext?.size ?? 0,
      lost.length,
    ];
    const head = ["sent", "failed", "emitted", "not traced", "in h9", "in h10", "lost", "without traces"];
    const table = markdownTable(head, [[...row, seconds(longest)]]);
    console.log(table);
    await writeFigures("real-run.md", "hot-reboot", table);
    expect(failures).toEqual([]);
    expect(lost.filter((segment) => !inGap(segment))).toEqual([]);
  });
});
