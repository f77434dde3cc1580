import type { OapRelease } from "../../../skywalking/oap";
import type { ManagedGeneration } from "../../../upgrade/config";
import { readConfig } from "../../../upgrade/read-config";
import { storageNamespace, storagePods, storageRef } from "../../../upgrade/storage/storage";
import { storageExamples } from "../../storage-page";

/** The generation of an example of docs/storage.md. */
function example(name: string): ManagedGeneration {
  const found = storageExamples().find((each) => each.name === name);
  const { generation } = readConfig(found?.config ?? {}).to;
  if (!generation.managed) throw new Error(`the example ${name} is not managed`);
  return generation;
}

test.each<
  [example: string, kind: string, version: string | undefined, namespace: string | undefined, inCluster: boolean]
>([
  ["elasticsearch", "elasticsearch", "7.17.29", "v9", true],
  ["elasticsearch-eck", "elasticsearch", "8.18.8", "v9", true],
  ["elasticsearch-external-2", "elasticsearch", "8.18.8", "v9", false],
  ["shared-by-two-generations", "elasticsearch", "7.17.29", "tracing9", false],
  ["opensearch-external", "opensearch", "2.8.0", "v9", false],
  ["banyandb", "banyandb", "0.9.0", undefined, true],
  ["banyandb-external", "banyandb", "0.9.0", "v10", false],
  ["postgresql-external", "postgresql", "14", undefined, false],
  ["mysql-external", "mysql", undefined, undefined, false],
  ["tidb-external", "tidb", undefined, undefined, false],
  ["h2", "h2", undefined, undefined, false],
])("%s is %s %s to the OAP, with prefix %s, in the cluster: %s", (name, kind, version, namespace, inCluster) => {
  const generation = example(name);
  expect(storageRef(generation)).toEqual({ kind, version });
  expect(storageNamespace("v9", generation)).toBe(namespace);
  expect(storagePods(generation.storage) !== undefined).toBe(inCluster);
});

test.each<[OapRelease, string | undefined]>([
  ["9.3.0", undefined],
  ["10.2.0", undefined],
  ["10.3.0", "v9"],
])("OAP %s on a BanyanDB has the prefix %s", (behavesLike, expected) => {
  const generation = example("banyandb-external");
  const storage = { kind: "banyandb-external" as const, targets: ["banyandb:17912"] };
  expect(storageNamespace("v9", { ...generation, behavesLike, storage })).toBe(expected);
});
