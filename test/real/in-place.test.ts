import { setTimeout as sleep } from "node:timers/promises";

import { Backend } from "./backend";
import { markdownTable, seconds } from "../../tools/figures";
import { eventually } from "../eventually";
import { writeRealFigures } from "./figures";
import { RealScene } from "./scene";
import { shopServices, v9Agents } from "./shop";
import { inPlaceStack } from "./stack";
import { chapter, describeReal } from "./story";
import type { EmittedSegment, Traffic } from "./traffic";

jest.setTimeout(3_600_000);

const main = new Backend("main");

describeReal("in place: OAP 9.6.0 to 10.1.0 on one Elasticsearch, under agents 9.4.0", () => {
  let scene: RealScene;
  let traffic: Traffic;
  let pods: string[];
  /** Since when every service has reported. */
  let started: number;
  /** When the update began that replaced the servers, and when every service reported again. */
  let replaced: { readonly from: number; readonly to: number };

  const podIds = async (): Promise<string[]> => (await scene.pods("store")).map(({ metadata }) => metadata.uid);

  beforeAll(async () => {
    scene = await RealScene.open(inPlaceStack);
  });

  afterAll(async () => {
    await scene.close(["store", main.namespace]);
  });

  chapter("baseline", async () => {
    await scene.deployShop({
      namespace: "store",
      backendService: "oap-main.skywalking-main.svc:11800",
      agentImages: v9Agents,
    });
    await scene.enter("baseline");
    traffic = await scene.startTraffic("store", "gateway", 4);
    await main.listsOnly(shopServices);
    started = Date.now();
    pods = await podIds();
  });

  chapter("shift replaces the servers, and the agents come back by themselves", async () => {
    const from = Date.now();
    await scene.enter("shift");
    await main.listsOnly(shopServices);
    replaced = { from, to: Date.now() };
    expect(await podIds()).toEqual(pods);
  });

  chapter("no request failed, traces are missing only while no OAP ran, and the old ones are still shown", async () => {
    await eventually("something is traced again", 60, () =>
      Promise.resolve(traffic.tally(replaced.to).emitted.length > 0),
    );
    await traffic.stop();
    const { emitted, failures, sent, untraced } = traffic.tally(started);
    const lost = await lostForGood(emitted);
    const missing = [...lost, ...untraced].map(({ at }) => at);
    const longest = seconds(Math.max(...missing) - Math.min(...missing));
    const table = markdownTable(
      ["sent", "failed", "emitted", "not traced", "lost", "without traces"],
      [[sent, failures.length, emitted.length, untraced.length, lost.length, longest]],
    );
    console.log(table);
    await writeRealFigures("in-place", table);
    expect(failures).toEqual([]);
    expect(missing.filter((at) => at < replaced.from || at > replaced.to)).toEqual([]);
    const [first] = emitted;
    const spans = await main.spans(first?.traceId ?? "");
    expect(spans.map(({ segmentId }) => segmentId)).toContain(first?.segmentId);
  });

  /** Segments that are not stored, once those from before and after the gap are or three minutes have passed. */
  async function lostForGood(emitted: readonly EmittedSegment[]): Promise<EmittedSegment[]> {
    const end = Date.now() + 180_000;
    for (;;) {
      const stored = new Set((await main.segments()).map(({ segmentId }) => segmentId));
      const lost = emitted.filter(({ segmentId }) => !stored.has(segmentId));
      if (lost.every(({ at }) => at >= replaced.from && at <= replaced.to) || Date.now() > end) return lost;
      // An OAP writes in bulks, and Elasticsearch shows them half a minute later.
      await sleep(10_000);
    }
  }
});
