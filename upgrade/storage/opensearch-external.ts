import { externalNodes } from "./external-nodes";
import { serverVersion } from "./scalars";

/** An OpenSearch that runs elsewhere. */
export const opensearchExternal = externalNodes({
  kind: "opensearch-external",
  product: "opensearch",
  version: serverVersion("OpenSearch", "2.8.0"),
  // The release of Elasticsearch that OpenSearch was made of.
  api: "7.10.2",
});
