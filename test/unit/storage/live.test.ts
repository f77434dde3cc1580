import { checkLiveStorage } from "../../../upgrade/storage/live";
import type { LiveClaim, LiveStatefulSet, LiveStorage } from "../../../upgrade/observed";
import { plan } from "../../../upgrade/plan";
import { describeProblem, type Problem } from "../../../upgrade/problem";
import { readConfig } from "../../../upgrade/read-config";
import { changed, exampleConfig } from "../../example";

const liveSet: LiveStatefulSet = {
  replicas: 3,
  serviceName: "elasticsearch-v9-nodes",
  version: "7.17.29",
  dropsVolumes: false,
  initialMasters: undefined,
};

const statefulSets = (
  sets: Record<string, Partial<LiveStatefulSet>>,
  claims: Record<string, LiveClaim> = {},
): LiveStorage => ({
  statefulSets: new Map(Object.entries(sets).map(([name, set]) => [name, { ...liveSet, ...set }])),
  claims: new Map(Object.entries(claims)),
});

/** What is said of the example with changes, at a stage, to somebody whose cluster has this. */
function problemsOf(changes: Record<string, unknown>, storage: Record<string, LiveStorage>): string[] {
  const config = readConfig(changed(exampleConfig(), { stage: "provision", services: {}, waves: [], ...changes }));
  const live = new Map(Object.entries(storage));
  const { generations } = plan(config, { present: new Map(), labelsOf: new Map(), storage: live });
  const problems: Problem[] = [];
  checkLiveStorage(config, generations, live, (problem) => problems.push(problem));
  return problems.map(describeProblem);
}

const allow = "name it in allowReplace; docs/storage.md says what that does";
const v9 = statefulSets(
  { "elasticsearch-v9": {} },
  {
    "data-elasticsearch-v9-0": { size: "20Gi", storageClass: "standard" },
    "data-elasticsearch-v9-1": { size: "20Gi", storageClass: undefined },
  },
);

const refused: [string, changes: Record<string, unknown>, live: LiveStorage, problems: string[]][] = [
  [
    "another storage class",
    { "generations.v9.storage.storageClass": "fast" },
    v9,
    [
      `generations.v9.storage.storageClass: "fast" differs from that of the volumes of elasticsearch-v9 (standard), which cannot be changed in place -> set it back, or ${allow}`,
    ],
  ],
  [
    "a smaller volume",
    { "generations.v9.storage.volumeSize": "10Gi" },
    v9,
    [
      `generations.v9.storage.volumeSize: "10Gi" is smaller than the volumes of elasticsearch-v9 (20Gi), which cannot shrink -> set it to 20Gi or more, or ${allow}`,
    ],
  ],
  [
    "smaller volumes of masters, and fewer of them",
    { "generations.v9.storage.masters": { replicas: 1, volumeSize: "1Gi" } },
    statefulSets(
      { "elasticsearch-v9": {}, "elasticsearch-v9-master": { serviceName: "elasticsearch-v9-master-nodes" } },
      { "data-elasticsearch-v9-master-0": { size: "5Gi", storageClass: "slow" } },
    ),
    [
      `generations.v9.storage.masters.volumeSize: "1Gi" is smaller than the volumes of elasticsearch-v9-master (5Gi), which cannot shrink -> set it to 5Gi or more, or ${allow}`,
      "generations.v9.storage.masters.replicas: 1 is fewer than elasticsearch-v9-master has (3), and data that only the removed nodes hold would be missing -> move their shards away first (cluster.routing.allocation.exclude._name), then name v9 in allowReplace",
    ],
  ],
  [
    "another Service",
    {},
    statefulSets({ "elasticsearch-v9": { serviceName: "elasticsearch" } }),
    [
      `generations.v9.storage: would replace the StatefulSet elasticsearch-v9: its Service is elasticsearch, and must become elasticsearch-v9-nodes -> ${allow}`,
    ],
  ],
  [
    "fewer nodes",
    { "generations.v9.storage.replicas": 2 },
    v9,
    [
      "generations.v9.storage.replicas: 2 is fewer than elasticsearch-v9 has (3), and data that only the removed nodes hold would be missing -> move their shards away first (cluster.routing.allocation.exclude._name), then name v9 in allowReplace",
    ],
  ],
  [
    "an older release",
    { "generations.v9.storage.version": "7.10.2", "generations.v9.storage.masters": {} },
    statefulSets({
      "elasticsearch-v9": {},
      "elasticsearch-v9-master": { serviceName: "elasticsearch-v9-master-nodes" },
    }),
    [
      'generations.v9.storage.version: "7.10.2" is older than what elasticsearch-v9 runs (7.17.29), and cannot read its data -> set it to 7.17.29 or newer',
    ],
  ],
  [
    "another kind",
    { "generations.v9.storage": { kind: "banyandb" } },
    v9,
    [
      `generations.v9.storage: would delete the StatefulSet elasticsearch-v9, which exists and holds the data of v9 -> use another storage in a new generation, or ${allow}`,
    ],
  ],
  [
    "no masters any more",
    {},
    statefulSets({ "elasticsearch-v9": {}, "elasticsearch-v9-master": {} }),
    [
      `generations.v9.storage: would delete the StatefulSet elasticsearch-v9-master, which exists and holds the data of v9 -> use another storage in a new generation, or ${allow}`,
    ],
  ],
];

test.each(refused)("%s is refused", (_, changes, live, problems) => {
  expect(problemsOf(changes, { v9: live })).toEqual(problems);
});

test.each(refused)("%s is allowed where the generation is named", (_, changes, live) => {
  expect(problemsOf({ ...changes, allowReplace: ["v9"] }, { v9: live })).toEqual([]);
});

test.each<[string, Record<string, unknown>, LiveStorage]>([
  ["nothing", {}, v9],
  ["growth", { "generations.v9.storage.volumeSize": "1Ti" }, v9],
  ["more nodes", { "generations.v9.storage.replicas": 5 }, v9],
  ["dedicated masters", { "generations.v9.storage.masters": {} }, v9],
  ["a newer release", { "generations.v9.storage.version": "8.18.8" }, v9],
  ["the same class, now by its name", { "generations.v9.storage.storageClass": "standard" }, v9],
  [
    "what a StatefulSet and a claim do not say",
    { "generations.v9.storage.storageClass": "fast" },
    statefulSets(
      { "elasticsearch-v9": { version: undefined } },
      { "data-elasticsearch-v9-0": { size: "", storageClass: undefined } },
    ),
  ],
])("%s is no replacement", (_, changes, live) => {
  expect(problemsOf(changes, { v9: live })).toEqual([]);
});

test("a generation that is not declared at this stage is left alone", () => {
  expect(problemsOf({ stage: "baseline", "generations.v9.storage": { kind: "banyandb" } }, { v9 })).toEqual([]);
});

test("an adopted generation has no storage to look at", () => {
  const adopted = { managed: false, version: "6.6.0", address: "oap:11800" };
  expect(problemsOf({ "generations.v6": adopted }, { v6: statefulSets({ "elasticsearch-v6": {} }) })).toEqual([]);
  expect(problemsOf({ stage: "retire", "generations.v6": adopted }, {})).toEqual([]);
});

describe("volumes are dropped by retire as drain has prepared it", () => {
  const key = "generations.v6.storage.dropVolumes";
  const way = "apply it at drain first: pulumi config set stage drain && pulumi up, then retire";
  const at = (dropsVolumes: boolean) => ({ v6: statefulSets({ "elasticsearch-v6": { dropsVolumes } }) });

  test.each<[string, boolean, boolean, string[]]>([
    ["neither", false, false, []],
    ["both", true, true, []],
    [
      "the key alone",
      true,
      false,
      [`${key}: true has not been applied to the storage of v6, whose volumes would be kept -> ${way}`],
    ],
    [
      "drain alone",
      false,
      true,
      [`${key}: false has not been applied to the storage of v6, whose volumes would be deleted -> ${way}`],
    ],
  ])("%s", (_, dropVolumes, prepared, problems) => {
    expect(problemsOf({ stage: "retire", [key]: dropVolumes }, at(prepared))).toEqual(problems);
  });

  test("which needs no word when they are gone, or elsewhere", () => {
    expect(problemsOf({ stage: "retire", [key]: true }, {})).toEqual([]);
    const elsewhere = { kind: "elasticsearch-external", version: "7.10.2", urls: ["http://es:9200"] };
    expect(problemsOf({ stage: "retire", "generations.v6.storage": elsewhere }, {})).toEqual([]);
  });

  test.each(["baseline", "provision", "shift", "drain", "retire"])("is decided at drain alone: %s", (stage) => {
    const config = readConfig(
      changed(exampleConfig(), {
        stage,
        services: {},
        waves: [],
        [key]: true,
        "generations.v9.storage.dropVolumes": true,
      }),
    );
    const { generations } = plan(config, { present: new Map([["v9", 1]]), labelsOf: new Map() });
    const dropping = generations.filter(({ storage }) => storage.dropVolumes).map(({ name }) => name);
    expect(dropping).toEqual(stage === "drain" ? ["v6"] : []);
  });
});

test("the engine may replace the storage of a generation that is named, and no other", () => {
  const config = readConfig(
    changed(exampleConfig(), { stage: "provision", services: {}, waves: [], allowReplace: ["v9"] }),
  );
  const { generations } = plan(config, { present: new Map(), labelsOf: new Map() });
  expect(generations.map(({ name, storage }) => [name, storage.mayReplace])).toEqual([
    ["v6", false],
    ["v9", true],
  ]);
});
