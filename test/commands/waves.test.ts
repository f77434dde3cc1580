import fc from "fast-check";
import { parse } from "yaml";

import { OapConnection } from "../../components/query/connection";
import { OapClient } from "../../components/query/oap-client";
import { recordedReleases, type RecordedReleaseName } from "../../tools/recorded-oap/releases";
import { RecordedOap } from "../../tools/recorded-oap/server";
import { callGraph } from "../../commands/waves/call-graph";
import { alphabetical, crossingPerWave, proposeWaves } from "../../commands/waves/propose";
import { remarks, wavesTable } from "../../commands/waves/report";
import { readTopology } from "../../commands/waves/topology";
import { wavesYaml } from "../../commands/waves/waves-yaml";
import { call, type Call } from "../../upgrade/schema/call";
import { readConfig } from "../../upgrade/read-config";
import { changed, exampleConfig } from "../example";

const calls = (...texts: readonly string[]): Call[] => texts.map((text) => call.parse(text));
const total = (waves: readonly (readonly string[])[], between: readonly Call[]): number =>
  crossingPerWave(waves, between).reduce((sum, count) => sum + count, 0);

describe("the proposal", () => {
  test("moves services together that call each other, the small group first", () => {
    const between = calls("web -> cart", "cart -> stock", "web -> stock", "admin -> report");
    expect(proposeWaves(["admin", "cart", "report", "stock", "web"], between, 2)).toEqual([
      ["admin", "report"],
      ["cart", "stock", "web"],
    ]);
  });

  test("cuts a group that is too large where the fewest calls cross", () => {
    // Two triangles with one call between.
    const between = calls("a -> b", "b -> c", "a -> c", "x -> y", "y -> z", "x -> z", "c -> x");
    const waves = proposeWaves(["a", "b", "c", "x", "y", "z"], between, 2);
    expect(waves.map((wave) => wave.join(""))).toContainEqual(expect.stringMatching(/^(abc|xyz)$/));
    expect(crossingPerWave(waves, between)).toEqual([1, 0]);
  });

  test("has small waves first", () => {
    const services = Array.from({ length: 160 }, (_, index) => `service-${String(index)}`);
    expect(proposeWaves(services, [], 4).map(({ length }) => length)).toEqual([10, 30, 50, 70]);
  });

  test("has no more waves than services, and no empty one", () => {
    expect(proposeWaves(["a", "b"], [], 4)).toEqual([["a"], ["b"]]);
    expect(proposeWaves([], [], 4)).toEqual([]);
  });

  const graphs = fc.integer({ min: 1, max: 9 }).chain((size) => {
    const services = Array.from({ length: size }, (_, index) => String.fromCharCode(97 + index));
    const service = fc.constantFrom(...services);
    const pair = fc
      .tuple(service, service)
      .filter(([caller, callee]) => caller !== callee)
      .map(([caller, callee]) => ({ caller, callee }));
    return fc.record({
      services: fc.constant(services),
      calls: size < 2 ? fc.constant([]) : fc.uniqueArray(pair, { selector: (it) => JSON.stringify(it), maxLength: 20 }),
      count: fc.integer({ min: 1, max: 5 }),
    });
  });

  test("has every service once, whatever the calls", () => {
    fc.assert(
      fc.property(graphs, ({ services, calls: between, count }) => {
        const waves = proposeWaves(services, between, count);
        expect(waves.flat().sort()).toEqual(services);
        expect(waves.every(({ length }) => length > 0)).toBe(true);
      }),
    );
  });

  test("is never worse than the alphabetical order", () => {
    fc.assert(
      fc.property(graphs, ({ services, calls: between, count }) => {
        const waves = proposeWaves(services, between, count);
        expect(total(waves, between)).toBeLessThanOrEqual(total(alphabetical(waves), between));
      }),
    );
  });

  /** The fewest calls that cross, of all ways to fill waves of these sizes. */
  function fewest(services: readonly string[], sizes: readonly number[], between: readonly Call[]): number {
    const subsets = (from: readonly string[], size: number): string[][] =>
      size === 0
        ? [[]]
        : from.flatMap((first, index) => subsets(from.slice(index + 1), size - 1).map((rest) => [first, ...rest]));
    const fill = (left: readonly string[], [size, ...others]: readonly number[]): string[][][] =>
      size === undefined
        ? [[]]
        : subsets(left, size).flatMap((wave) =>
            fill(
              left.filter((service) => !wave.includes(service)),
              others,
            ).map((rest) => [wave, ...rest]),
          );
    return Math.min(...fill(services, sizes).map((waves) => total(waves, between)));
  }

  test("is within a tenth of the best there is, over many small graphs", () => {
    const sums = { proposed: 0, best: 0 };
    fc.assert(
      fc.property(graphs, ({ services, calls: between, count }) => {
        const waves = proposeWaves(services, between, Math.min(count, 3));
        const sizes = waves.map(({ length }) => length);
        sums.proposed += total(waves, between);
        sums.best += fewest(services, sizes, between);
      }),
      { seed: 6, numRuns: 100 },
    );
    expect(sums.best).toBeGreaterThan(100);
    expect(sums.proposed).toBeLessThanOrEqual(sums.best * 1.1);
  });

  test("keeps teams together among a thousand services with five thousand calls", () => {
    let seed = 1;
    const next = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    // Teams of 20 that mostly call each other; their names say nothing of the team.
    const services = Array.from({ length: 1000 }, (_, index) => `service-${String((index * 617) % 1000)}`);
    const between = Array.from({ length: 5000 }, () => {
      const caller = next(1000);
      const callee = next(20) === 0 ? next(1000) : caller - (caller % 20) + next(20);
      return { caller: services[caller] ?? "", callee: services[callee] ?? "" };
    }).filter(({ caller, callee }) => caller !== callee);
    const waves = proposeWaves(services, between, 4);
    expect(total(waves, between)).toBeLessThan(total(alphabetical(waves), between) / 2);
  }, 60_000);
});

test("a call from the first wave to the third crosses after the first and the second", () => {
  expect(crossingPerWave([["a"], ["b"], ["c"]], calls("a -> c"))).toEqual([1, 1, 0]);
});

describe("the call graph", () => {
  const topology = {
    nodes: [
      { id: "1", name: "web|v6|", isReal: true },
      { id: "2", name: "cart|v6|", isReal: true },
      { id: "3", name: "mailer", isReal: true },
      { id: "4", name: "mysql:3306", isReal: false },
      { id: "0", name: "User", isReal: false },
    ],
    calls: [
      { source: "0", target: "1" },
      { source: "1", target: "2" },
      { source: "1", target: "2" },
      { source: "2", target: "2" },
      { source: "2", target: "3" },
      { source: "2", target: "4" },
    ],
  };
  const names = new Map([
    ["frontend", "web|v6|"],
    ["cart", "cart|v6|"],
    ["batch", "batch|v6|"],
  ]);

  test("has the calls between configured services, each once, by their keys", () => {
    expect(callGraph(topology, names).calls).toEqual(calls("frontend -> cart"));
  });

  test("names services that nobody listed, and those that nobody has seen", () => {
    const graph = callGraph(topology, names);
    expect(graph.unlisted).toEqual([{ name: "mailer", neighbours: ["cart"] }]);
    expect(graph.unseen).toEqual(["batch"]);
    expect(remarks(graph, "v6")).toEqual([
      "Report to v6, but no config lists them, so they would go dark at `drain`:",
      "  - mailer (calls or is called by cart)",
      "In the config, but in no call that v6 has seen, so they move early: batch",
    ]);
  });
});

test("the table has the crossing calls of the proposal beside those of the alphabetical order", () => {
  const between = calls("a -> z", "b -> y");
  expect(
    wavesTable(
      [
        ["a", "z"],
        ["b", "y"],
      ],
      between,
    ),
  ).toBe(
    [
      "  STAGE     MOVES  CALLS THAT CROSS  IN ALPHABETICAL ORDER  SERVICES",
      "  canary-1  2      0                 2                      a, z",
      "  canary-2  2      0                 0                      b, y",
    ].join("\n"),
  );
});

test("what it writes loads", () => {
  const between = calls("frontend -> cart", "cart -> payment");
  const services = Object.keys(exampleConfig().services as object);
  const text = wavesYaml("skywalking-canary:", proposeWaves(services, between, 3), between);
  const { config } = parse(text) as { config: Record<string, unknown> };
  const read = readConfig(
    changed(exampleConfig(), {
      waves: config["skywalking-canary:waves"],
      calls: config["skywalking-canary:calls"],
    }),
  );
  expect(read.waves.flat()).toHaveLength(services.length);
  expect(read.calls).toEqual(calls("cart -> payment", "frontend -> cart"));
});

describe.each(Object.keys(recordedReleases) as RecordedReleaseName[])("OAP %s", (release) => {
  test("tells the topology of the last hours", async () => {
    const oap = await RecordedOap.start({ release, offset: release === "6.4.0" ? 0 : 330 });
    try {
      oap.reports("web", "web-1");
      oap.calls("web", "mysql:3306");
      const client = new OapClient(release, new OapConnection("v6", { url: oap.url, byHand: "`curl it`" }));
      expect(await readTopology(client, 24)).toMatchObject({
        nodes: [
          { name: "web", isReal: true },
          { name: "mysql:3306", isReal: false },
        ],
        calls: [{ source: "web", target: "mysql:3306" }],
      });
    } finally {
      await oap.stop();
    }
  });
});
