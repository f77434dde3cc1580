import { createHash } from "node:crypto";

import * as z from "zod";

import { isAtLeast } from "../../skywalking/release";
import { strict } from "../schema/object";
import { adminInCluster } from "./admin-schema";
import { checkAdmin, checkClaim, snapshotLifecycle } from "./check-admin";
import { checkRelease, elasticsearchNodes, isOneNodeWithLimit, nodeGroups } from "./elasticsearch-nodes";
import { declaredObjects, type Reach } from "./elasticsearch-objects";
import { storageKind, storageName, type Administered } from "./kind";

const product = "elasticsearch";

const schema = strict({ kind: z.literal("elasticsearch"), ...elasticsearchNodes, admin: adminInCluster });

/** Whether the program runs a release with security on: passwords, and TLS between nodes and to clients. */
export function isSecured(version: string): boolean {
  return isAtLeast(version, "8.0.0");
}

/** Secret with the passwords and certificates of a generation's Elasticsearch that has security. */
export function securitySecret(generation: string): string {
  return `${storageName(generation, product)}-security`;
}

/**
 * A port between 20000 and 29999: below what Linux and Kubernetes give out by themselves, and the same at every update,
 * because it is part of the provider's address.
 */
function localPortOf(name: string, namespace: string): number {
  const hash = createHash("sha256").update(`${namespace}/${name}`).digest();
  return 20_000 + (hash.readUInt32BE() % 10_000);
}

function reach({ name, cluster, namespace, storage }: Administered<z.output<typeof schema>>): Reach {
  const localPort = storage.admin?.localPort ?? localPortOf(name, namespace);
  const secured = isSecured(storage.version);
  return {
    kind: "forward",
    // The nodes' certificate is for this name too.
    url: secured ? `https://localhost:${localPort}` : `http://127.0.0.1:${localPort}`,
    localPort,
    cluster,
    namespace,
    secretName: secured ? securitySecret(name) : undefined,
  };
}

/** An Elasticsearch that this program runs: a StatefulSet, or two where there are dedicated masters. */
export const elasticsearch = storageKind(schema, {
  product,
  serverVersion: ({ version }) => version,
  namespace: ({ name, storage }) => storage.namespace ?? name,
  pods: (storage) => storage,
  nodes: nodeGroups,
  isOneNodeWithLimit: (storage) => storage.admin?.indices?.shards === undefined && isOneNodeWithLimit(storage),
  admin: (administered) => {
    const { name, prefix, storage } = administered;
    return (
      storage.admin && {
        generation: name,
        version: storage.version,
        ...declaredObjects(prefix, storage.admin),
        reach: reach(administered),
        grantedUser: undefined,
      }
    );
  },
  check: (checked) => {
    const { admin } = checked.storage;
    if (admin !== undefined) {
      checkAdmin(checked, admin, { product, lifecycle: snapshotLifecycle });
      checkClaim(admin, checked.report);
    }
    checkRelease(checked);
  },
});
