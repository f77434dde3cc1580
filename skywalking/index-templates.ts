import { satisfies } from "semver";

import type { OapRelease } from "./oap/releases";
import { valueAt, versionOf, type Timeline } from "./release";
import type { StorageRef } from "./storage";

/**
 * How an OAP tells its storage what new indices look like.
 *
 * - `legacy`: `_template`, one per table. Elasticsearch merges all that match, so one of the user's own adds to it.
 * - `composable`: `_index_template`. Only one applies, and no legacy one beside it, so nothing can be added.
 */
export type IndexTemplates = "legacy" | "composable";

/** From which server on the templates of a release are composable; undefined for none. */
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

/** How an OAP release tells a storage what new indices look like. */
export function indexTemplatesOf(release: OapRelease, { kind, version = "" }: StorageRef): IndexTemplates {
  const range = valueAt(composableFrom, release)[kind];
  return range !== undefined && satisfies(versionOf(version), range) ? "composable" : "legacy";
}
