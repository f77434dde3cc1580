import * as z from "zod";

import { oapProfile, type OapRelease } from "../../skywalking/oap";
import type { StorageRef } from "../../skywalking/storage";
import { banyandb } from "./banyandb";
import { banyandbExternal } from "./banyandb-external";
import { mysql, postgresql, tidb } from "./database";
import { elasticsearch } from "./elasticsearch";
import { elasticsearchEck } from "./elasticsearch-eck";
import { elasticsearchExternal } from "./elasticsearch-external";
import { h2 } from "./h2";
import type { StorageRules, Stored } from "./kind";
import { opensearchExternal } from "./opensearch-external";
import type { StoragePods } from "./pods";

/**
 * Where a generation can keep its data, in the order of docs/storage.md. The kinds are named by what the storage is and
 * who runs it: `elasticsearch` and `banyandb` are run by this program, `elasticsearch-eck` by the ECK operator, those
 * that end in `-external` by somebody else.
 */
const kinds = {
  elasticsearch,
  "elasticsearch-eck": elasticsearchEck,
  "elasticsearch-external": elasticsearchExternal,
  "opensearch-external": opensearchExternal,
  banyandb,
  "banyandb-external": banyandbExternal,
  "postgresql-external": postgresql,
  "mysql-external": mysql,
  "tidb-external": tidb,
  h2,
};

export type StorageKind = keyof typeof kinds;
type Storages = { readonly [Kind in StorageKind]: z.output<(typeof kinds)[Kind]["schema"]> };
export type StorageOf<Kind extends StorageKind> = Storages[Kind];
/** Where a generation keeps its data. */
export type Storage = StorageOf<StorageKind>;

const rules: { readonly [Kind in StorageKind]: StorageRules<StorageOf<Kind>> } = kinds;

type Schema = (typeof kinds)[StorageKind]["schema"];

export const storage = z.discriminatedUnion(
  "kind",
  // What has been made of the values of `kinds` is not empty.
  Object.values(kinds).map(({ schema }) => schema) as [Schema, ...Schema[]],
  {
    error: `is not a kind of storage; allowed: ${Object.keys(kinds).join(", ")} -> choose one of them`,
  },
);

/** The rules of a storage's kind. */
export function rulesOf<Kind extends StorageKind>({ kind }: { readonly kind: Kind }): StorageRules<StorageOf<Kind>> {
  return rules[kind];
}

/** What the functions below read of a generation. */
type Owner = Stored<Storage>["generation"] & { readonly storage: Storage };

/** A generation's storage as the profile of its OAP asks for it. */
export function storageRef({
  storage,
  behavesLike,
}: {
  readonly storage: Storage;
  readonly behavesLike: OapRelease;
}): StorageRef {
  const { product, serverVersion } = rulesOf(storage);
  return { kind: product, version: serverVersion(storage, behavesLike) };
}

/**
 * The prefix of a generation's data (`SW_NAMESPACE`): of indices, or of BanyanDB's groups. Undefined where the storage
 * has none: a database, a BanyanDB of the generation's own, or an OAP that reads none.
 */
export function storageNamespace(name: string, generation: Owner): string | undefined {
  const { storage } = generation;
  return rulesOf(storage).namespace?.({ name, generation, storage });
}

/** The prefix that the OAP makes of what is configured: from 8.5 on an empty one is `sw`. */
export function prefixOf(name: string, generation: Owner): string | undefined {
  const namespace = storageNamespace(name, generation);
  return namespace === "" ? oapProfile(generation.behavesLike).storageNamespaceDefault : namespace;
}

/** Where a storage that somebody else runs is: two generations with an address in common share it. */
export function addressesOf(storage: Storage): readonly string[] {
  return rulesOf(storage).addresses?.(storage) ?? [];
}

/**
 * The pods of a storage in the generation's Kubernetes namespace, where its volumes are too; undefined for one
 * that is not there.
 */
export function storagePods(storage: Storage): StoragePods | undefined {
  return rulesOf(storage).pods?.(storage);
}
