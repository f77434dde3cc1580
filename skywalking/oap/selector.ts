import { valueAt, type Timeline } from "../release";
import { isElasticsearch6, storageFamilies, supportsStorage, type StorageRef } from "../storage";
import type { OapRelease } from "./releases";

/**
 * The value of `SW_STORAGE` for Elasticsearch 7 and OpenSearch. For Elasticsearch 6 it has always been `elasticsearch`.
 */
export const elasticsearch7Selector: Timeline<OapRelease, "elasticsearch" | "elasticsearch7"> = [
  {
    since: "6.0.0-GA",
    value: "elasticsearch",
    source: "apache/skywalking-docker@b817a03:archive/6/6.6/oap-es7/docker-entrypoint.sh",
  },
  {
    since: "7.0.0",
    value: "elasticsearch7",
    source: "apache/skywalking-docker@b817a03:archive/7/7.0/oap-es7/docker-entrypoint.sh",
  },
  {
    since: "8.8.0",
    value: "elasticsearch",
    source: "apache/skywalking@v8.8.0:oap-server/server-starter/src/main/resources/application.yml",
  },
];

/** The value of `SW_STORAGE` for TiDB: its own provider, or MySQL's. */
export const tidbSelector: Timeline<OapRelease, "mysql" | "tidb"> = [
  { since: "6.0.0-GA", value: "mysql", source: "apache/skywalking@v6.6.0:docs/en/setup/backend/backend-storage.md" },
  { since: "8.3.0", value: "tidb", source: "apache/skywalking@v8.3.0:docs/en/setup/backend/backend-storage.md" },
  { since: "9.5.0", value: "mysql", source: "apache/skywalking@v9.5.0:docs/en/setup/backend/backend-storage.md" },
];

/**
 * The value of `SW_STORAGE` that makes the image of a release use a storage.
 *
 * @throws RangeError when the release does not support the storage.
 */
export function storageSelector(release: OapRelease, storage: StorageRef): string {
  const support = supportsStorage(release, storage);
  if (!support.supported) throw new RangeError(`${support.reason}; it works with: ${support.allowed}`);
  if (storage.kind === "tidb") return valueAt(tidbSelector, release);
  if (storageFamilies[storage.kind] !== "elasticsearch") return storage.kind;
  return isElasticsearch6(storage) ? "elasticsearch" : valueAt(elasticsearch7Selector, release);
}
