import { setTimeout as sleep } from "node:timers/promises";

import { Backend } from "./backend";
import { markdownTable, seconds } from "../../tools/figures";
import { writeRealFigures } from "./figures";
import { eventually } from "../eventually";
import { RealScene } from "./scene";
import { shopServices, v2Agents } from "./shop";
import { hotRebootStack } from "./stack";
import { chapter, describeReal } from "./story";
import type { EmittedSegment, Traffic } from "./traffic";

jest.setTimeout(3_600_000);

/** How long agents to 7.0 send nothing after a reset, in minutes: ten by default. */
const coolDown = Number(process.env.SKYWALKING_CANARY_TEST_COOL_DOWN ?? "1");
const old = new Backend("h6", "skywalking");
const next = new Backend("next", "skywalking");

describeReal("hot-reboot: OAP 6.5.0 to another OAP 6.5.0 under agents 6.6.0 and 7.0.0", () => {
  let scene: RealScene;
  let traffic: Traffic;
  let pods: string[];

  const podIds = async (): Promise<string[]> =>
    (await scene.pods("market")).map(({ metadata, status }) => {
      const restarts = status.containerStatuses?.reduce((sum, { restartCount }) => sum + restartCount, 0);
      return `${metadata.name} ${metadata.uid} ${String(restarts)}`;
    });

  beforeAll(async () => {
    scene = await RealScene.open(hotRebootStack);
    await scene.kubectl(["create", "namespace", "skywalking"]);
    await scene.kubectl(["label", "namespace", "skywalking", "pod-security.kubernetes.io/enforce=restricted"]);
  });

  afterAll(async () => {
    await scene.close(["market", "skywalking"]);
  });

  chapter("baseline and provision", async () => {
    await scene.deployShop({
      namespace: "market",
      backendService: "oap.skywalking.svc:11800",
      agentImages: v2Agents,
      agentOptions: [`agent.cool_down_threshold=${String(coolDown)}`],
    });
    await scene.enter("baseline");
    // The next OAP counts from the beginning. An agent with an id that it has given to itself, or to an agent that came
    // first, is not reset there. After a restart, everyone has an id that the next OAP does not reach.
    await old.listsOnly(shopServices);
    await eventually("the old OAP reports itself", 300, () => old.reportsItself());
    await scene.kubectl(["-n", "market", "rollout", "restart", "deployments"]);
    for (const service of shopServices) {
      await scene.kubectl(["-n", "market", "rollout", "status", `deployment/${service}`, "--timeout=300s"]);
    }
    pods = await podIds();
    traffic = await scene.startTraffic("market", "gateway", 4);
    await old.listsOnly(shopServices);
    await scene.enter("provision");
  });

  chapter("shift turns the entrance and restarts no service", async () => {
    await scene.enter("shift");
    await next.listsOnly(shopServices);
    expect(await podIds()).toEqual(pods);
  });

  chapter("no request failed, and traces are missing only while agents had no backend", async () => {
    await eventually("the new OAP stores segments of every service", 300, async () => {
      const inNext = await idsIn(next);
      const arrived = traffic.tally().emitted.filter(({ segmentId }) => inNext.has(segmentId));
      const missing = shopServices.filter((name) => arrived.every(({ service }) => service !== name));
      if (missing.length > 0) throw new Error(`none of ${missing.join(", ")}`);
      return true;
    });
    await traffic.stop();
    const { emitted, failures, untraced, sent } = traffic.tally();
    const { inOld, inNext, lost, lostOutsideOfGaps, longest } = await stored(emitted);
    const row = [sent, failures.length, emitted.length, untraced.length, inOld.size, inNext.size, lost.length];
    const head = ["sent", "failed", "emitted", "not traced", "in h6", "in next", "lost", "without traces"];
    const table = markdownTable(head, [[...row, seconds(longest)]]);
    console.log(table);
    await writeRealFigures("hot-reboot", table);
    expect(failures).toEqual([]);
    expect(lostOutsideOfGaps).toEqual([]);
    await expectOwnNames(emitted.filter(({ segmentId }) => inNext.has(segmentId)));
  });

  /** An OAP 6.5.0 that knew an id of an agent's would show its segments under another's name. */
  async function expectOwnNames(stored: readonly EmittedSegment[]): Promise<void> {
    for (const service of shopServices) {
      const last = stored.findLast((segment) => segment.service === service);
      const spans = await next.spans(last?.traceId ?? "");
      expect(spans.filter(({ segmentId }) => segmentId === last?.segmentId)).toContainEqual(
        expect.objectContaining({ serviceCode: service }),
      );
    }
  }

  /** Where the segments are, once every one outside of the gaps is stored somewhere or three minutes have passed. */
  async function stored(emitted: readonly EmittedSegment[]) {
    const end = Date.now() + 180_000;
    for (;;) {
      const [inOld, inNext] = [await idsIn(old), await idsIn(next)];
      const lost = emitted.filter(({ segmentId }) => !inOld.has(segmentId) && !inNext.has(segmentId));
      // Each agent takes its own time to find the new OAP.
      const gaps = shopServices.map((service) => {
        const own = emitted.filter((segment) => segment.service === service);
        const times = (ids: Set<string>) => own.filter(({ segmentId }) => ids.has(segmentId)).map(({ at }) => at);
        return { service, from: Math.max(...times(inOld)), to: Math.min(...times(inNext)) };
      });
      const inGap = ({ service, at }: EmittedSegment) =>
        gaps.some((gap) => gap.service === service && at > gap.from - 5_000 && at < gap.to + 5_000);
      const longest = Math.max(...gaps.map(({ from, to }) => to - from));
      const lostOutsideOfGaps = lost.filter((segment) => !inGap(segment));
      if (lostOutsideOfGaps.length === 0 || Date.now() > end)
        return { inOld, inNext, lost, lostOutsideOfGaps, longest };
      // An OAP writes in bulks, and Elasticsearch shows them half a minute later.
      await sleep(10_000);
    }
  }

  const idsIn = async (backend: Backend): Promise<Set<string>> =>
    new Set((await backend.segments()).map(({ segmentId }) => segmentId));
});
