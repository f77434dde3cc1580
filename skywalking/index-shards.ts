import type { OapRelease } from "./oap/releases";
import { valueAt, type Timeline } from "./release";

/** The variable that says how many primary shards each index has. */
export const indexShardsEnv = "SW_STORAGE_ES_INDEX_SHARDS_NUMBER";

/** Primary shards of an index if {@link indexShardsEnv} is not set; from 8.0 on the largest indices have more. */
export const indexShardsDefault: Timeline<OapRelease, number> = [
  {
    since: "6.0.0-GA",
    value: 2,
    source:
      "apache/skywalking-docker@b817a03:archive/6/6.6/oap-es7/docker-entrypoint.sh:108, apache/skywalking@v7.0.0:dist-material/application.yml:128",
  },
  {
    since: "8.0.0",
    value: 1,
    source: "apache/skywalking@v8.0.0:oap-server/server-bootstrap/src/main/resources/application.yml:118",
  },
];

/**
 * How many indices an OAP makes at once when it is installed; undefined: not known. 6.6.0 was measured on Elasticsearch
 * 7.10.2: 385 indices with 769 shards, and on the third day, with two small services, 999 of the 1000 that one node
 * may have, whereupon no segment was stored. Of 7.0.0, which merges hours and days into minutes, the 131 indices of a
 * day were counted, so that it is no fewer.
 */
export const indicesAtInstall: Timeline<OapRelease, number | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source:
      "apache/skywalking@v6.5.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/base/StorageEsInstaller.java:55",
  },
  {
    since: "6.6.0",
    value: 385,
    source:
      "apache/skywalking@v6.6.0:oap-server/server-storage-plugin/storage-elasticsearch7-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch7/base/StorageEs7Installer.java",
  },
  { since: "7.0.0", value: 131, source: "apache/skywalking@v7.0.0:CHANGES.md:49" },
  {
    since: "8.0.0",
    value: undefined,
    source:
      "apache/skywalking@v8.0.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/base/StorageEsInstaller.java",
  },
];

/**
 * Shards that an OAP opens at once when it is installed; 0 where nobody knows.
 *
 * @param shards - of each index. Defaults to those of the release.
 */
export function shardsAtInstall(release: OapRelease, shards = valueAt(indexShardsDefault, release)): number {
  return (valueAt(indicesAtInstall, release) ?? 0) * shards;
}
