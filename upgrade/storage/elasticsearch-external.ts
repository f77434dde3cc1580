import { snapshotLifecycle } from "./check-admin";
import { elasticsearchVersion } from "./elasticsearch-nodes";
import { externalNodes } from "./external-nodes";

/** An Elasticsearch that runs elsewhere. */
export const elasticsearchExternal = externalNodes({
  kind: "elasticsearch-external",
  product: "elasticsearch",
  version: elasticsearchVersion,
  lifecycle: snapshotLifecycle,
});
