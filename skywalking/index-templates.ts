import { satisfies } from "semver";

import type { OapRelease } from "./oap/releases";
import { valueAt, versionOf, type Timeline } from "./release";
import type { StorageRef } from "./storage";

/**
 * How an OAP describes new indices to its storage.
 *
 * - `legacy`: `_template`, one per table. Elasticsearch merges all that match, so a user's own template adds to it.
 * - `composable`: `_index_template`. Only one applies, and no legacy one beside it, so nothing can be added.
 */
export type IndexTemplates = "legacy" | "composable";

/** The server version from which a release uses composable templates; undefined if it never does. */
export const composableFrom: Timeline<OapRelease, Partial<Record<StorageRef["kind"], string>>> = [
  {
    since: "6.0.0-GA",
    value: {},
    source:
      "apache/skywalking@v8.7.0:oap-server/server-library/library-client/src/main/java/org/apache/skywalking/oap/server/library/client/elasticsearch/ElasticSearchClient.java",
  },
  {
    since: "8.8.0",
    value: { elasticsearch: ">=7.8.0", opensearch: ">=1.0.0" },
    source:
      "apache/skywalking@v8.8.0:oap-server/server-library/library-elasticsearch-client/src/main/java/org/apache/skywalking/library/elasticsearch/ElasticSearchVersion.java, apache/skywalking@v8.8.0:oap-server/server-library/library-elasticsearch-client/src/main/java/org/apache/skywalking/library/elasticsearch/requests/factory/v7/V78TemplateFactory.java",
  },
];

/** How an OAP release describes new indices to a storage. */
export function indexTemplatesOf(release: OapRelease, { kind, version = "" }: StorageRef): IndexTemplates {
  const range = valueAt(composableFrom, release)[kind];
  return range !== undefined && satisfies(versionOf(version), range) ? "composable" : "legacy";
}
