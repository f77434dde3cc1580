import type { ManagedGeneration } from "../../../upgrade/config";
import type { LiveStatefulSet, LiveStorage } from "../../../upgrade/observed";
import { readConfig } from "../../../upgrade/read-config";
import { claimsOf, firstMasters, storageNodes } from "../../../upgrade/storage/nodes";
import { changed, exampleConfig } from "../../example";

/** v9 of the example with another storage. */
function withStorage(storage: object): ManagedGeneration {
  const { generation } = readConfig(changed(exampleConfig(), { "generations.v9.storage": storage })).to;
  if (!generation.managed) throw new Error("v9 of the example is managed");
  return generation;
}

const elasticsearch = { kind: "elasticsearch", version: "7.17.29", replicas: 2, volumeSize: "10Gi" };

const liveSet: LiveStatefulSet = {
  replicas: 2,
  serviceName: "elasticsearch-v9-nodes",
  version: "7.17.29",
  dropsVolumes: false,
  initialMasters: undefined,
};

function live(sets: Record<string, Partial<LiveStatefulSet>>, claims: Record<string, string>): LiveStorage {
  return {
    statefulSets: new Map(Object.entries(sets).map(([name, set]) => [name, { ...liveSet, ...set }])),
    claims: new Map(Object.entries(claims).map(([name, size]) => [name, { size, storageClass: "standard" }])),
  };
}

test.each<[string, object, string[]]>([
  ["an Elasticsearch", elasticsearch, ["elasticsearch-v9 x2 10Gi by elasticsearch-v9-nodes"]],
  [
    "one with dedicated masters",
    { ...elasticsearch, masters: {} },
    [
      "elasticsearch-v9 x2 10Gi by elasticsearch-v9-nodes",
      "elasticsearch-v9-master x3 5Gi by elasticsearch-v9-master-nodes",
    ],
  ],
  ["a BanyanDB", { kind: "banyandb", volumeSize: "10Gi" }, ["banyandb-v9 x1 10Gi by banyandb-v9-nodes"]],
  ["one of an operator", { ...elasticsearch, kind: "elasticsearch-eck" }, []],
  ["one that runs elsewhere", { kind: "banyandb-external", targets: ["a:1"] }, []],
])("the StatefulSets of %s", (_, storage, expected) => {
  const nodes = storageNodes("v9", withStorage(storage));
  expect(
    nodes.map(
      ({ name, replicas, volumeSize, serviceName }) => `${name} x${String(replicas)} ${volumeSize} by ${serviceName}`,
    ),
  ).toEqual(expected);
});

describe("claims", () => {
  const [nodes] = storageNodes("v9", withStorage(elasticsearch));
  if (nodes === undefined) throw new Error("an Elasticsearch has nodes");
  const first = "data-elasticsearch-v9-0";
  const second = "data-elasticsearch-v9-1";
  const third = "data-elasticsearch-v9-2";

  test.each<[string, LiveStorage | undefined, Record<string, string>]>([
    ["where nothing is there", undefined, { [first]: "10Gi", [second]: "10Gi" }],
    ["grow to what is asked for", live({}, { [first]: "5Gi" }), { [first]: "10Gi", [second]: "10Gi" }],
    ["never shrink", live({}, { [first]: "1Ti" }), { [first]: "1Ti", [second]: "10Gi" }],
    [
      "stay declared when their node is gone",
      live({}, { [third]: "10Gi" }),
      { [first]: "10Gi", [second]: "10Gi", [third]: "10Gi" },
    ],
    [
      "are not those of the masters, or of somebody else",
      live({}, { "data-elasticsearch-v9-master-0": "5Gi", "data-elasticsearch-v99-0": "1Ti", other: "1Ti" }),
      { [first]: "10Gi", [second]: "10Gi" },
    ],
    [
      "of a size that cannot be read are left to what is asked for",
      live({}, { [first]: "1e12" }),
      { [first]: "10Gi", [second]: "10Gi" },
    ],
  ])("%s", (_, there, expected) => {
    expect(Object.fromEntries(claimsOf(nodes, there).map(({ name, size }) => [name, size]))).toEqual(expected);
  });

  test("are in the order of their nodes", () => {
    const names = claimsOf({ ...nodes, replicas: 11 }, undefined).map(({ name }) => name.split("-").at(-1));
    expect(names).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
  });
});

describe("the first masters of an Elasticsearch", () => {
  const masters = { ...elasticsearch, masters: {} };
  test.each<[string, object, LiveStorage | undefined, string]>([
    ["are its nodes", elasticsearch, undefined, "elasticsearch-v9-0,elasticsearch-v9-1"],
    [
      "are the dedicated masters",
      masters,
      undefined,
      "elasticsearch-v9-master-0,elasticsearch-v9-master-1,elasticsearch-v9-master-2",
    ],
    [
      "stay what they were when nodes are added",
      { ...elasticsearch, replicas: 3 },
      live({ "elasticsearch-v9": { initialMasters: "elasticsearch-v9-0" } }, {}),
      "elasticsearch-v9-0",
    ],
    [
      "stay what they were when dedicated masters are added",
      masters,
      live({ "elasticsearch-v9": { initialMasters: "elasticsearch-v9-0" } }, {}),
      "elasticsearch-v9-0",
    ],
    [
      "are named where a release 6 named none",
      elasticsearch,
      live({ "elasticsearch-v9": {} }, {}),
      "elasticsearch-v9-0,elasticsearch-v9-1",
    ],
  ])("%s", (_, storage, there, expected) => {
    expect(firstMasters(storageNodes("v9", withStorage(storage)), there)).toBe(expected);
  });
});
