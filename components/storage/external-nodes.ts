import type * as pulumi from "@pulumi/pulumi";

import type { ExternalNodes } from "../../upgrade/storage/external-nodes";
import type { StorageArgs, StorageBinding } from "./binding";
import { connectElasticsearch } from "./elasticsearch-connection";
import { createTrust } from "./external";

/** An Elasticsearch or OpenSearch that runs elsewhere. */
export function bindExternalNodes(
  name: string,
  args: StorageArgs<ExternalNodes>,
  options: pulumi.CustomResourceOptions,
): StorageBinding {
  const { resources, ...trust } = createTrust(name, args, options);
  const urls = args.settings.urls.map((url) => new URL(url));
  const connection = connectElasticsearch(args.oap, {
    nodes: args.settings.urls.map((url) => url.replace(/^https?:\/\//, "")).join(","),
    protocol: urls.every(({ protocol }) => protocol === "https:") ? "https" : "http",
    ...trust,
  });
  return { connection, resources };
}
