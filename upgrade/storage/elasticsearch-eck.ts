import * as z from "zod";

import { strict } from "../schema/object";
import { checkRelease, elasticsearchNodes, isOneNodeWithLimit } from "./elasticsearch-nodes";
import { storageKind } from "./kind";

/** An Elasticsearch that the operator of Elastic (ECK) runs: this program declares its custom resource. */
export const elasticsearchEck = storageKind(strict({ kind: z.literal("elasticsearch-eck"), ...elasticsearchNodes }), {
  product: "elasticsearch",
  serverVersion: ({ version }) => version,
  namespace: ({ name, storage }) => storage.namespace ?? name,
  pods: (storage) => storage,
  isOneNodeWithLimit,
  check: checkRelease,
});
