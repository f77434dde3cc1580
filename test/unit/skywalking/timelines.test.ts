import { isDeepStrictEqual } from "node:util";
import { agentFacts, agentLanguages } from "../../../skywalking/agent";
import { storageBreaks, storageCautions } from "../../../skywalking/compatibility/storage";
import { oapReleases } from "../../../skywalking/oap";
import { isAtLeast, type Timeline } from "../../../skywalking/release";
import { datedFacts } from "./dated-facts";

type AnyTimeline = Timeline<string, unknown>;

const changes: readonly unknown[] = [storageBreaks, storageCautions];

const every = datedFacts
  .filter(({ rows }) => !changes.includes(rows))
  .map(({ file, name, agent, rows }) => ({
    name: `${file}: ${name}`,
    agent,
    // What has rows and is no list of changes is a timeline: those two are all that have no values.
    timeline: rows as AnyTimeline,
    releases: agent === undefined ? oapReleases : agentFacts[agent].releases,
  }));

/** `repository@tag:path:line`, one or more. */
function expectPlaces(source: string): void {
  for (const place of source.split(", ")) {
    expect(place).toMatch(/^apache\/skywalking(-[a-z]+)*@[\w.-]+:[\w./-]+(:\d+)?$/);
  }
}

test("all tables are under test", () => {
  expect(every.filter(({ agent }) => agent === undefined).length).toBe(59);
  for (const language of agentLanguages) {
    expect(every.filter(({ agent }) => agent === language).length).toBe(6);
  }
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
