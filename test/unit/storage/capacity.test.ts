import {
  capacityQuestions,
  checkCapacity,
  type Capacity,
  type CapacityQuestion,
  type CapacityReading,
} from "../../../upgrade/storage/capacity";
import { plan } from "../../../upgrade/plan";
import { describeProblem, type Problem } from "../../../upgrade/problem";
import { readConfig } from "../../../upgrade/read-config";
import { changed, exampleConfig, type RawConfig } from "../../example";

const elsewhere = { kind: "elasticsearch-external", version: "7.17.29", urls: ["http://es:9200"] };

/** What is asked for the example with both generations on an Elasticsearch that somebody else runs. */
function questionsOf(changes: RawConfig = {}, present: readonly string[] = ["v6"]): CapacityQuestion[] {
  const config = readConfig(
    changed(exampleConfig(), {
      stage: "provision",
      services: {},
      waves: [],
      "generations.v6.version": "8.7.0",
      "generations.v6.storage": elsewhere,
      "generations.v9.storage": elsewhere,
      ...changes,
    }),
  );
  const there = new Map(present.map((name) => [name, 1]));
  return capacityQuestions(config, plan(config, { present: there, labelsOf: new Map() }).generations, there);
}

const asked = (...args: Parameters<typeof questionsOf>): string[] => questionsOf(...args).map(({ name }) => name);

describe("who is asked", () => {
  test("the storage of an OAP that is to be installed, as the OAP's user, and about the one that shares it", () => {
    const storage = { ...elsewhere, user: "oap", password: "secret" };
    expect(questionsOf({ "generations.v9.storage": storage })).toEqual([
      {
        name: "v9",
        generation: expect.objectContaining({ version: "9.7.0" }) as unknown,
        reach: { kind: "url", url: "http://es:9200", ca: undefined, user: "oap", password: "secret" },
        shared: { name: "v6", prefix: "v6_" },
      },
    ]);
  });

  test("as the administrator, where there is one", () => {
    const admin = { url: "http://admin:9200", user: "elastic", password: "secret" };
    const [question] = questionsOf({ "generations.v9.storage": { ...elsewhere, user: "oap", password: "x", admin } });
    expect(question?.reach).toEqual({ kind: "url", ca: undefined, ...admin });
  });

  test("one of its own is shared with nobody", () => {
    const [question] = questionsOf({ "generations.v9.storage": { ...elsewhere, urls: ["http://other:9200"] } });
    expect(question?.shared).toBeUndefined();
  });

  test("a prefix that is empty, whatever the OAP makes of it", () => {
    const of = (version: string) =>
      questionsOf({ "generations.v6.version": version, "generations.v6.storage": { ...elsewhere, namespace: "" } });
    expect(of("8.7.0")[0]?.shared?.prefix).toBe("sw_");
  });

  test.each<[string, RawConfig, string[], string[]]>([
    ["both, when none is there", { stage: "provision" }, [], ["v6", "v9"]],
    ["the old one alone, before there is a new one", { stage: "baseline" }, [], ["v6"]],
    ["nobody, when both are there", {}, ["v6", "v9"], []],
    [
      "nobody, where the program runs it",
      { "generations.v9.storage": { kind: "elasticsearch", version: "7.17.29" } },
      ["v6"],
      [],
    ],
    [
      "nobody, where it is no Elasticsearch",
      { "generations.v9.storage": { kind: "h2" }, "generations.v9.oap.replicas": 1 },
      ["v6"],
      [],
    ],
    [
      "nobody, where it is adopted",
      { "generations.v9": { managed: false, version: "9.7.0", address: "oap:11800", agentNamespace: "v9" } },
      ["v6"],
      [],
    ],
  ])("%s", (_, changes, present, expected) => {
    expect(asked(changes, present)).toEqual(expected);
  });
});

const terabyte = 1024 ** 4;
const roomy: Capacity = {
  openShards: 100,
  dataNodes: 1,
  maxShardsPerNode: 1000,
  sharedShards: 0,
  disks: [{ node: "es-0", total: terabyte, available: 0.5 * terabyte }],
  lowWatermark: { low: "85%", maxHeadroom: "-1" },
};

/** What is said of an answer, as problems and warnings. */
function said(
  answer: CapacityReading["answer"],
  changes: RawConfig = {},
  present: readonly string[] = ["v6"],
): string[] {
  const problems: Problem[] = [];
  const readings = questionsOf(changes, present).map((question) => ({ question, answer }));
  const warnings = checkCapacity(readings, (problem) => problems.push(problem));
  return [...problems.map(describeProblem), ...warnings.map(({ id, text }) => `${id}: ${text}`)];
}

const tooFull = (has: string, fix = "", product = "Elasticsearch") =>
  `generations.v9.storage.urls: lead to an ${product} that has ${has}; allowed: 90 percent, since beyond 100 no OAP that uses it can store anything -> delete indices, add a data node, or raise cluster.max_shards_per_node${fix}`;
const v66 = { "generations.v9.version": "6.6.0" };
const env = "SW_STORAGE_ES_INDEX_SHARDS_NUMBER";
const orSet = `; or set ${env} in generations.v9.oap.env`;

describe("shards", () => {
  test.each<[string, Partial<Capacity>, RawConfig, string[]]>([
    ["90 percent", { openShards: 900 }, {}, []],
    ["more", { openShards: 901 }, {}, [tooFull("901 of 1000 shards open")]],
    ["two nodes take twice as many", { openShards: 901, dataNodes: 2 }, {}, []],
    ["another limit", { openShards: 19, maxShardsPerNode: 20 }, {}, [tooFull("19 of 20 shards open")]],
    ["a limit that is not told", { openShards: 901, maxShardsPerNode: Number.NaN, sharedShards: 500 }, {}, []],
    ["what the release opens at once", { openShards: 130 }, v66, []],
    [
      "more than what is left then",
      { openShards: 131 },
      v66,
      [tooFull("131 of 1000 shards open, and OAP 6.6.0 opens 770 at once", orSet)],
    ],
    ["fewer shards by the user", { openShards: 131 }, { ...v66, "generations.v9.oap.env": { [env]: "1" } }, []],
    [
      "OpenSearch has the limit in every release",
      { openShards: 901 },
      { "generations.v9.storage": { ...elsewhere, kind: "opensearch-external", version: "1.3.6" } },
      [tooFull("901 of 1000 shards open", "", "OpenSearch")],
    ],
    [
      "Elasticsearch 6 does not refuse them",
      { openShards: 2000 },
      { "generations.v9.storage": { ...elsewhere, version: "6.8.23" } },
      [],
    ],
    [
      "as many again as the one that shares it",
      { openShards: 500, sharedShards: 401 },
      {},
      [
        "storage-nearly-full: v9: its Elasticsearch has 500 of 1000 shards open, 401 of them those of v6. If v9 comes to need as many, neither of them can store anything: add a data node, or raise cluster.max_shards_per_node",
      ],
    ],
    ["both have room", { openShards: 500, sharedShards: 400 }, {}, []],
  ])("%s", (_, change, changes, expected) => {
    expect(said({ ...roomy, ...change }, changes)).toEqual(expected);
  });

  test("nobody shares it", () => {
    const own = { "generations.v9.storage": { ...elsewhere, urls: ["http://other:9200"] } };
    expect(said({ ...roomy, openShards: 890 }, own)).toEqual([]);
  });

  test("of several storages all are refused at once", () => {
    expect(said({ ...roomy, openShards: 999 }, {}, [])).toHaveLength(2);
  });
});

describe("disks", () => {
  const full = (free: number) => [
    `storage-nearly-full: v9: disks of its storage are fuller than the low watermark, so they get no new shards: es-0 (${String(free)} % free). Delete indices, or add disk`,
  ];

  test.each<[string, number, string, string, string[]]>([
    ["as much used as may be", 0.15, "85%", "-1", []],
    ["more", 0.14, "85%", "-1", full(14)],
    ["as a ratio", 0.14, "0.85", "-1", full(14)],
    ["free space", 0.14, "100gb", "-1", []],
    ["less than the free space", 0.09, "100GB", "-1", full(9)],
    ["never more than the headroom", 0.1, "85%", "100gb", []],
    ["less than the headroom", 0.09, "85%", "100GB", full(9)],
    ["a watermark that nobody understands", 0.01, "undefined", "undefined", []],
  ])("%s", (_, share, low, maxHeadroom, expected) => {
    const disks = [{ node: "es-0", total: terabyte, available: share * terabyte }];
    expect(said({ ...roomy, disks, lowWatermark: { low, maxHeadroom } })).toEqual(expected);
  });

  test("they do not matter where the user has said so", () => {
    const disks = [{ node: "es-0", total: terabyte, available: 0 }];
    expect(said({ ...roomy, disks, lowWatermark: undefined })).toEqual([]);
  });
});

test("one that cannot be asked is a warning", () => {
  expect(said({ unknown: "Cannot ask: it does not answer -> try `curl`" })).toEqual([
    "storage-cannot-ask: v9: whether its storage has room is not known. Cannot ask: it does not answer -> try `curl`",
  ]);
});
