import { createHash } from "node:crypto";

import { isAtLeast } from "../../skywalking/release";
import { namespaceOf } from "../backend";
import type { Config, ManagedGeneration } from "../config";
import type { Storage, StorageOf } from "./schema";
import type { IndexDefaults, SnapshotSettings } from "./admin-schema";
import { prefixOf } from "./storage";
import { storageName } from "./nodes";

/** How the program reaches an Elasticsearch as its administrator. */
export type Reach =
  | {
      readonly kind: "url";
      readonly url: string;
      /** The authority of its certificate, as PEM. */
      readonly ca: string | undefined;
      readonly user: string | undefined;
      readonly password: string | undefined;
    }
  /** Through the API server to one of the generation's nodes, by a port of this machine's loopback. */
  | {
      readonly kind: "forward";
      readonly url: string;
      readonly localPort: number;
      readonly namespace: string;
      /** The Secret with the administrator's password and the authority; undefined for one without security. */
      readonly secretName: string | undefined;
    };

/** A user whom the program creates, limited to the indices of a generation. */
export interface GrantedUser {
  readonly security: "x-pack" | "open-distro";
  readonly user: string;
  readonly password: string;
}

/** What the program declares in an Elasticsearch for one generation. */
export interface StorageAdmin {
  readonly generation: string;
  readonly reach: Reach;
  /** The release of Elasticsearch whose API it has. */
  readonly version: string;
  /** What the names of all indices of the generation begin with, and of no others. */
  readonly prefix: string;
  readonly grantedUser: GrantedUser | undefined;
  /** Body of a legacy index template. */
  readonly indexTemplate: object | undefined;
  readonly repository: Repository | undefined;
  /** Body of a policy of snapshot lifecycle. */
  readonly lifecycle: object | undefined;
}

/** Where snapshots go. */
export interface Repository {
  readonly name: string;
  /** What the program registers; undefined where it is there already. */
  readonly registered: { readonly type: string; readonly settings: Readonly<Record<string, string>> } | undefined;
}

/** A storage in which the program can declare something. */
export type Administered = StorageOf<"elasticsearch" | "elasticsearch-external" | "opensearch-external">;

/** Whether the program can declare something in a storage. */
export function isAdministered(storage: Storage): storage is Administered {
  const kinds: readonly Storage["kind"][] = ["elasticsearch", "elasticsearch-external", "opensearch-external"];
  return kinds.includes(storage.kind);
}

/** The pattern of a generation's indices. */
export const indexPattern = (prefix: string): string => `${prefix}*`;

/**
 * A port between 20000 and 29999: below what Linux and Kubernetes give out by themselves, and the same at every update,
 * because it is part of the provider's address.
 */
function localPortOf(name: string, namespace: string): number {
  const hash = createHash("sha256").update(`${namespace}/${name}`).digest();
  return 20_000 + (hash.readUInt32BE() % 10_000);
}

/** The release of Elasticsearch that OpenSearch was made of, and whose API it has. */
const openSearchApi = "7.10.2";

/** Text, as Elasticsearch gives settings back. */
function indexTemplate(prefix: string, { shards, replicas, allocation = {} }: IndexDefaults): object {
  const bound = (["require", "include", "exclude"] as const).flatMap((kind) =>
    Object.entries(allocation[kind] ?? {}).map(
      ([name, value]) => [`routing.allocation.${kind}.${name}`, value] as const,
    ),
  );
  const settings = {
    ...(shards === undefined ? {} : { number_of_shards: String(shards) }),
    ...(replicas === undefined ? {} : { number_of_replicas: String(replicas) }),
    ...Object.fromEntries(bound),
  };
  // The OAP's own templates have order 0 (`SW_STORAGE_ES_INDEX_TEMPLATE_ORDER`).
  return { index_patterns: [indexPattern(prefix)], order: 100, settings: { index: settings } };
}

function lifecyclePolicy(prefix: string, { repository, lifecycle }: SnapshotSettings): object | undefined {
  if (lifecycle === undefined) return undefined;
  const { schedule, expireAfter, minCount, maxCount } = lifecycle;
  return {
    schedule,
    name: `<${prefix}{now/d}>`,
    repository,
    config: { indices: [indexPattern(prefix)], include_global_state: false },
    retention: {
      ...(expireAfter === undefined ? {} : { expire_after: expireAfter }),
      ...(minCount === undefined ? {} : { min_count: minCount }),
      ...(maxCount === undefined ? {} : { max_count: maxCount }),
    },
  };
}

/** Releases of Elasticsearch from here on run with passwords and TLS where the program runs them. */
const securedSince = "8.0.0";

function forwarded(name: string, generation: ManagedGeneration, storage: StorageOf<"elasticsearch">): Reach {
  const namespace = namespaceOf(name, generation);
  const localPort = storage.admin?.localPort ?? localPortOf(name, namespace);
  const secured = isAtLeast(storage.version, securedSince);
  return {
    kind: "forward",
    // The nodes' certificate is for this name too.
    url: secured ? `https://localhost:${String(localPort)}` : `http://127.0.0.1:${String(localPort)}`,
    localPort,
    namespace,
    secretName: secured ? `${storageName(name, generation)}-security` : undefined,
  };
}

/** What is declared in the storage of a generation beside what its OAP does; undefined where the config asks for nothing. */
export function storageAdmin(name: string, generation: ManagedGeneration): StorageAdmin | undefined {
  const { storage } = generation;
  if (!isAdministered(storage) || storage.admin === undefined) return undefined;
  const { indices, snapshots } = storage.admin;
  const prefix = `${String(prefixOf(name, generation))}_`;
  const declared = {
    generation: name,
    version: storage.kind === "opensearch-external" ? openSearchApi : storage.version,
    prefix,
    indexTemplate: indices && indexTemplate(prefix, indices),
    repository: snapshots && {
      name: snapshots.repository,
      registered: snapshots.type === undefined ? undefined : { type: snapshots.type, settings: snapshots.settings },
    },
    lifecycle: snapshots && lifecyclePolicy(prefix, snapshots),
  };
  if (storage.kind === "elasticsearch") {
    return { ...declared, reach: forwarded(name, generation, storage), grantedUser: undefined };
  }
  const { url = storage.urls.slice(0, 1).join(), ca = storage.ca, user, password, createUser } = storage.admin;
  return {
    ...declared,
    reach: { kind: "url", url, ca, user, password },
    grantedUser:
      createUser === undefined || storage.user === undefined || storage.password === undefined
        ? undefined
        : { security: createUser, user: storage.user, password: storage.password },
  };
}

/** Whether the program does anything in a storage of its own accord. */
export function administersStorage({ from, to }: Config): boolean {
  return [from, to].some(
    ({ generation }) =>
      generation.managed && isAdministered(generation.storage) && generation.storage.admin !== undefined,
  );
}
