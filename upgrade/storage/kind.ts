import type * as z from "zod";

import type { OapRelease } from "../../skywalking/oap";
import type { StorageRef } from "../../skywalking/storage";
import type { Report } from "../problem";
import type { OapSettings } from "../schema/oap";
import type { ClusterName } from "../workload/ref";
import type { Reach, StorageAdmin } from "./elasticsearch-objects";
import type { StoragePods } from "./pods";

/** A storage, and what its rules read of the generation that it belongs to. */
export interface Stored<Storage> {
  /** Of the generation. */
  readonly name: string;
  readonly generation: { readonly version: string; readonly behavesLike: OapRelease; readonly oap: OapSettings };
  readonly storage: Storage;
}

/** A storage that is checked. */
export interface Checked<Storage> extends Stored<Storage> {
  /** Takes problems whose key begins after `generations.NAME.storage.`. */
  readonly report: Report;
  /** Takes problems whose key begins after `generations.NAME.`. */
  readonly reportOfGeneration: Report;
}

/** A storage in which something may be declared. */
export interface Administered<Storage> extends Stored<Storage> {
  /** Of the generation. */
  readonly cluster: ClusterName;
  /** Kubernetes namespace of the generation. */
  readonly namespace: string;
  /** What the names of the generation's indices begin with: `v9_`. */
  readonly prefix: string;
}

/** Nodes of a storage that are one StatefulSet. */
export interface NodeGroup {
  readonly role: "data" | "masters";
  readonly replicas: number;
  /** Of each volume. */
  readonly volumeSize: string;
}

/** What is decided by the kind of a storage. */
export interface StorageRules<Storage> {
  /** What the OAP knows it as: who runs it makes no difference to it. */
  readonly product: StorageRef["kind"];
  /** Release of the server, as far as it is known. */
  readonly serverVersion: (storage: Storage, oap: OapRelease) => string | undefined;
  /** Prefix of indices or groups (`SW_NAMESPACE`) for an OAP that reads one. Defaults to none. */
  readonly namespace?: (stored: Stored<Storage>) => string | undefined;
  /** Reports what the schema of one key cannot see. */
  readonly check: (checked: Checked<Storage>) => void;
  /** Its pods, if they are in the generation's Kubernetes namespace. Defaults to none. */
  readonly pods?: (storage: Storage) => StoragePods;
  /** Nodes that the program itself declares. Defaults to none. */
  readonly nodes?: (storage: Storage) => readonly NodeGroup[];
  /**
   * Where a storage that somebody else runs is: two generations with an address in common share it. Defaults to none,
   * since what the program runs for a generation is that generation's alone.
   */
  readonly addresses?: (storage: Storage) => readonly string[];
  /** Whether the program runs it as one node that takes a limited number of shards. Defaults to no. */
  readonly isOneNodeWithLimit?: (storage: Storage) => boolean;
  /** How the program asks it for its room. Defaults to not at all: it is the generation's alone, or has no limit. */
  readonly asked?: (storage: Storage) => Extract<Reach, { readonly kind: "url" }>;
  /** What the program declares in it. Defaults to nothing. */
  readonly admin?: (administered: Administered<Storage>) => StorageAdmin | undefined;
}

/** The schema of a kind, with its rules. */
export function storageKind<Schema extends z.ZodType>(
  schema: Schema,
  rules: StorageRules<z.output<Schema>>,
): StorageRules<z.output<Schema>> & { readonly schema: Schema } {
  return { schema, ...rules };
}

/** Name of what belongs to the storage of a generation: Service, StatefulSet, Secret. */
export function storageName(generation: string, product: StorageRef["kind"]): string {
  return `${product}-${generation}`;
}
