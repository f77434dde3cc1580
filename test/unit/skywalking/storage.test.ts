import { oapReleases, type OapRelease } from "../../../skywalking/oap";
import {
  banyandbRelease,
  storageOffers,
  storageProducts,
  supportsStorage,
  type StorageProduct,
} from "../../../skywalking/storage";

test.each<[OapRelease, StorageProduct, string | undefined, boolean]>([
  ["6.0.0-GA", "elasticsearch", "6.3.0", true],
  ["6.1.0", "elasticsearch", "6.2.4", false],
  ["6.5.0", "elasticsearch", "6.3.1", false],
  ["6.5.0", "elasticsearch", "6.3.2", true],
  ["6.5.0", "elasticsearch", "7.0.0", false],
  ["6.5.0", "elasticsearch", undefined, true],
  ["6.6.0", "elasticsearch", "7.17.3", true],
  ["8.7.0", "elasticsearch", "7.10", true],
  ["8.7.0", "elasticsearch", "8.0.0", false],
  ["8.7.0", "elasticsearch", undefined, false],
  ["8.8.0", "elasticsearch", undefined, true],
  ["8.8.0", "elasticsearch", "6", true],
  ["8.9.1", "elasticsearch", "8.0.0", false],
  ["9.0.0", "elasticsearch", "8.0.0", true],
  ["9.6.0", "elasticsearch", "6.8.23", true],
  ["10.4.0", "elasticsearch", "8.18.8", true],
  ["10.4.0", "elasticsearch", "9.0.0", false],
  ["11.0.0", "elasticsearch", "9.3.0", true],
  ["11.0.0", "elasticsearch", "8.18.8", true],
  ["11.0.0", "elasticsearch", "10.0.0", false],
  ["8.5.0", "opensearch", "1.0.0", false],
  ["8.6.0", "opensearch", "1.0.0", true],
  ["8.8.0", "opensearch", "1.1.0", true],
  ["9.2.0", "opensearch", "2.4.0", false],
  ["9.3.0", "opensearch", "2.4.0", true],
  ["10.2.0", "opensearch", "3.0.0", false],
  ["10.3.0", "opensearch", "3.0.0", true],
  ["9.0.0", "banyandb", "0.1.0", false],
  ["9.1.0", "banyandb", "0.1.0", true],
  ["9.3.0", "banyandb", "0.2.0", true],
  ["9.7.0", "banyandb", "0.5.0", true],
  ["10.0.1", "banyandb", "0.6.1", true],
  ["10.1.0", "banyandb", "0.7.0", true],
  ["10.2.0", "banyandb", "0.7.0", false],
  ["10.2.0", "banyandb", "0.8.0", true],
  ["10.3.0", "banyandb", "0.9.0", true],
  ["10.4.0", "banyandb", "0.9.0", false],
  ["10.4.0", "banyandb", "0.10.3", true],
  ["10.4.0", "banyandb", "0.11.0", false],
  ["11.0.0", "banyandb", "0.10.3", false],
  ["11.0.0", "banyandb", "0.11.0", true],
  ["6.0.0-GA", "mysql", "8.0.13", true],
  ["6.0.0-GA", "tidb", "2.0.9", true],
  ["8.4.0", "postgresql", "13.0", false],
  ["8.5.0", "postgresql", "8.1", false],
  ["8.5.0", "postgresql", "13.1", true],
  ["10.1.0", "h2", undefined, true],
  ["10.2.0", "h2", undefined, false],
])("OAP %s on %s %s: %s", (release, kind, version, expected) => {
  expect(supportsStorage(release, { kind, version }).supported).toBe(expected);
});

test.each<[OapRelease, StorageProduct, string | undefined, string, string]>([
  [
    "8.7.0",
    "elasticsearch",
    undefined,
    "the image of OAP 8.7.0 depends on the version of elasticsearch, which is not given",
    "elasticsearch >=6.3.2 <8",
  ],
  ["10.4.0", "elasticsearch", "9.0.1", "OAP 10.4.0 does not work with elasticsearch 9.0.1", "elasticsearch >=6.0.0 <9"],
  ["9.7.0", "elasticsearch", "latest", '"latest" is not a version', "elasticsearch >=6.0.0 <9"],
  ["9.1.0", "banyandb", "x", '"x" is not a version', "banyandb (versions not stated)"],
  ["9.7.0", "elasticsearch", "07.17", '"07.17" is not a version', "elasticsearch >=6.0.0 <9"],
  ["9.7.0", "elasticsearch", "7.017", '"7.017" is not a version', "elasticsearch >=6.0.0 <9"],
  ["9.7.0", "elasticsearch", "9".repeat(17), `"${"9".repeat(17)}" is not a version`, "elasticsearch >=6.0.0 <9"],
  [
    "10.2.0",
    "h2",
    undefined,
    "OAP 10.2.0 has no h2 storage",
    "elasticsearch, opensearch, banyandb, mysql, tidb, postgresql",
  ],
])("OAP %s on %s %s is refused: %s; allowed: %s", (release, kind, version, reason, allowed) => {
  expect(supportsStorage(release, { kind, version })).toMatchObject({ supported: false, reason, allowed });
});

test.each<[OapRelease, StorageProduct, string | undefined, "kind" | "version"]>([
  ["10.2.0", "h2", undefined, "kind"],
  ["10.4.0", "elasticsearch", "9.0.1", "version"],
  ["8.7.0", "elasticsearch", undefined, "version"],
])("OAP %s refuses %s %s because of its %s", (release, kind, version, because) => {
  expect(supportsStorage(release, { kind, version })).toMatchObject({ supported: false, because });
});

test.each<[OapRelease, string | undefined]>([
  ["9.0.0", undefined],
  ["9.1.0", undefined],
  ["9.3.0", "0.2.0"],
  ["9.4.0", undefined],
  ["9.7.0", "0.5.0"],
  ["10.0.1", "0.6.1"],
  ["10.1.0", "0.7.1"],
  ["10.2.0", "0.8.0"],
  ["10.3.0", "0.9.0"],
  ["10.4.0", "0.10.3"],
  ["11.0.0", "0.11.1"],
])("OAP %s goes with BanyanDB %s", (release, expected) => {
  expect(banyandbRelease(release)).toBe(expected);
});

test.each(storageOffers.banyandb.flatMap(({ since, value }) => (value?.newest === undefined ? [] : [since])))(
  "the BanyanDB that OAP %s goes with is one that it accepts without a caution",
  (release) => {
    const version = banyandbRelease(release);
    expect(supportsStorage(release, { kind: "banyandb", version })).toEqual({ supported: true, needsDriverJar: false });
  },
);

test.each<[OapRelease, StorageProduct, string, string | undefined]>([
  ["9.0.0", "elasticsearch", "8.0.0", undefined],
  ["9.2.0", "elasticsearch", "8.1.0", "9.0-9.2 were tested with Elasticsearch 8.0.0"],
  ["9.3.0", "elasticsearch", "8.1.0", undefined],
  ["9.6.0", "elasticsearch", "6.8.0", "Elasticsearch 6 worked but is not guaranteed to"],
  ["9.6.0", "elasticsearch", "7.17.3", undefined],
  ["10.3.0", "elasticsearch", "7.17.3", undefined],
  ["10.4.0", "elasticsearch", "7.17.3", "no longer tested with Elasticsearch 7"],
  ["10.4.0", "elasticsearch", "6.8.0", "Elasticsearch 6 worked but is not guaranteed to"],
  ["10.4.0", "opensearch", "1.3.10", "no longer tested end to end with OpenSearch 1"],
  ["10.4.0", "opensearch", "2.8.0", undefined],
  ["11.0.0", "elasticsearch", "7.17.3", "OAP 10.4.0 and later are not tested with Elasticsearch 7"],
  ["11.0.0", "elasticsearch", "9.3.0", undefined],
  ["10.0.1", "banyandb", "0.6.0", "malformed data"],
  ["10.1.0", "banyandb", "0.7.0", "adds up top-N results wrongly"],
  ["10.4.0", "banyandb", "0.10.0", "0.10.0 corrupts data, which 0.10.1 mends; BanyanDB before 0.10.3 loses traces"],
  ["10.4.0", "banyandb", "0.10.2", "before 0.10.3 loses traces"],
  ["10.4.0", "banyandb", "0.10.3", undefined],
  ["11.0.0", "banyandb", "0.11.1", undefined],
])("OAP %s on %s %s is supported, with the caution %s", (release, kind, version, caution) => {
  const support = supportsStorage(release, { kind, version });
  expect(support.supported && support.caution).toEqual(
    caution === undefined ? undefined : expect.stringContaining(caution),
  );
});

test.each<[StorageProduct, boolean]>([
  ["mysql", true],
  ["tidb", true],
  ["postgresql", false],
  ["elasticsearch", false],
])("%s needs a JDBC driver beside the image: %s", (kind, expected) => {
  expect(supportsStorage("9.7.0", { kind })).toEqual({ supported: true, needsDriverJar: expected });
});

test("every kind is supported by some release, and every release supports some kind", () => {
  for (const kind of storageProducts) {
    expect(oapReleases.some((release) => supportsStorage(release, { kind }).supported)).toBe(true);
  }
  for (const release of oapReleases) {
    expect(storageProducts.some((kind) => supportsStorage(release, { kind }).supported)).toBe(true);
  }
});
