import { isDeepStrictEqual } from "node:util";
import { agentFacts, agentLanguages } from "../../../skywalking/agent";
import { refusals } from "../../../skywalking/compatibility/agents";
import { storageBreaks, storageCautions } from "../../../skywalking/compatibility/storage";
import { oapReleases } from "../../../skywalking/oap";
import * as environment from "../../../skywalking/oap/environment";
import { queryFacts } from "../../../skywalking/oap/query";
import * as health from "../../../skywalking/oap/health";
import * as image from "../../../skywalking/oap/image";
import * as selector from "../../../skywalking/oap/selector";
import * as start from "../../../skywalking/oap/start";
import * as ui from "../../../skywalking/oap/ui";
import { isAtLeast, type Timeline } from "../../../skywalking/release";
import { storageOffers } from "../../../skywalking/storage";

type AnyTimeline = Timeline<string, unknown>;

function timelinesOf(subject: string, exports: object): [name: string, AnyTimeline][] {
  return Object.entries(exports).flatMap(([name, value]): [string, AnyTimeline][] =>
    Array.isArray(value) ? [[`${subject} ${name}`, value as unknown as AnyTimeline]] : [],
  );
}

const ofOap = [
  ...timelinesOf("OAP environment:", environment),
  ...timelinesOf("OAP queries:", queryFacts),
  ...timelinesOf("OAP health:", health),
  ...timelinesOf("OAP image:", image),
  ...timelinesOf("OAP SW_STORAGE:", selector),
  ...timelinesOf("OAP start:", start),
  ...timelinesOf("UI:", ui),
  ...timelinesOf("storage:", storageOffers),
  ...timelinesOf("agents refused:", refusals),
];

const ofAgents = agentLanguages.map((language) => {
  const { releases, ...facts } = agentFacts[language];
  return { language, releases: releases, timelines: timelinesOf(language, facts) };
});

const every = [
  ...ofOap.map(([name, timeline]) => ({ name, timeline, releases: oapReleases })),
  ...ofAgents.flatMap(({ releases, timelines }) => timelines.map(([name, timeline]) => ({ name, timeline, releases }))),
];

/** `repository@tag:path:line`, one or more. */
function expectPlaces(source: string): void {
  for (const place of source.split(", ")) {
    expect(place).toMatch(/^apache\/skywalking(-[a-z]+)*@[\w.-]+:[\w./-]+(:\d+)?$/);
  }
}

test("all tables are under test", () => {
  expect(ofOap).toHaveLength(50);
  expect(ofAgents.map(({ timelines }) => timelines.length)).toEqual(agentLanguages.map(() => 6));
});

describe.each(every)("$name", ({ timeline, releases }) => {
  test("starts at the first release, so that it has no hole", () => {
    expect(timeline[0].since).toBe(releases[0]);
  });

  test("has rows at releases that exist, each once and oldest first, so that no two can disagree", () => {
    expect(timeline.map(({ since }) => since)).toEqual(
      releases.filter((release) => timeline.some(({ since }) => since === release)),
    );
  });

  test("says something new in every row", () => {
    const repeated = timeline.filter(
      (row, index) => isDeepStrictEqual(row.value, timeline[index - 1]?.value) && index > 0,
    );
    expect(repeated).toEqual([]);
  });

  test("says at every release what exactly one range of it says", () => {
    for (const release of releases) {
      const ranges = timeline.filter((row, index) => {
        const next = timeline[index + 1];
        return isAtLeast(release, row.since) && (next === undefined || !isAtLeast(release, next.since));
      });
      expect(ranges).toHaveLength(1);
    }
  });

  test("names the public place of every row", () => {
    for (const { source } of timeline) expectPlaces(source);
  });
});

test.each([
  ["breaks", storageBreaks],
  ["cautions", storageCautions],
])("storage %s stand oldest first, each with its source", (_, rows) => {
  const positions = rows.map(({ since }) => oapReleases.indexOf(since));
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  for (const { source } of rows) expectPlaces(source);
});
