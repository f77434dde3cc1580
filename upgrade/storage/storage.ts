import { oapProfile } from "../../skywalking/oap";
import { banyandbRelease, type StorageRef } from "../../skywalking/storage";
import type { ManagedGeneration } from "../config";
import type { InCluster, Storage } from "./schema";

/** What the OAP knows each kind as: who runs it makes no difference to it. */
const products = {
  elasticsearch: "elasticsearch",
  "elasticsearch-eck": "elasticsearch",
  "elasticsearch-external": "elasticsearch",
  "opensearch-external": "opensearch",
  banyandb: "banyandb",
  "banyandb-external": "banyandb",
  "postgresql-external": "postgresql",
  "mysql-external": "mysql",
  "tidb-external": "tidb",
  h2: "h2",
} as const satisfies Record<Storage["kind"], StorageRef["kind"]>;

/** Names for a reader. */
export const storageNames: Readonly<Record<StorageRef["kind"], string>> = {
  elasticsearch: "Elasticsearch",
  opensearch: "OpenSearch",
  banyandb: "BanyanDB",
  postgresql: "PostgreSQL",
  mysql: "MySQL",
  tidb: "TiDB",
  h2: "H2",
};

/** A generation's storage as the profile of its OAP asks for it. */
export function storageRef({ storage, version }: ManagedGeneration): StorageRef {
  const kind = products[storage.kind];
  const ofServer = "version" in storage ? storage.version : undefined;
  return { kind, version: ofServer ?? (kind === "banyandb" ? banyandbRelease(version) : undefined) };
}

/**
 * The prefix of a generation's data (`SW_NAMESPACE`): of indices, or of BanyanDB's groups. Undefined where the storage has
 * none: a database, a BanyanDB of the generation's own, or an OAP that reads none.
 */
export function storageNamespace(name: string, { storage, version }: ManagedGeneration): string | undefined {
  switch (storage.kind) {
    case "elasticsearch":
    case "elasticsearch-eck":
    case "elasticsearch-external":
    case "opensearch-external":
      return storage.namespace ?? name;
    case "banyandb-external": {
      const { banyandb } = oapProfile(version).env;
      return banyandb?.kind === "targets" && banyandb.namespace !== undefined ? (storage.namespace ?? name) : undefined;
    }
    default:
      return undefined;
  }
}

/** The prefix that the OAP makes of what is configured: from 8.5 on an empty one is `sw`. */
export function prefixOf(name: string, generation: ManagedGeneration): string | undefined {
  const namespace = storageNamespace(name, generation);
  return namespace === "" ? oapProfile(generation.version).storageNamespaceDefault : namespace;
}

/** A storage whose volumes are in the generation's Kubernetes namespace. */
export function isInCluster(storage: Storage): storage is InCluster {
  return storage.kind === "elasticsearch" || storage.kind === "elasticsearch-eck" || storage.kind === "banyandb";
}
