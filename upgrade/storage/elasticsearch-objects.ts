import type { IndexDefaults, SnapshotSettings } from "./admin-schema";
import type { ClusterName } from "../workload/ref";

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
      readonly cluster: ClusterName;
      readonly namespace: string;
      /** The Secret with the administrator's password and the authority; undefined for one without security. */
      readonly secretName: string | undefined;
    };

/** A user that the program creates, limited to the indices of a generation. */
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
  /** What the program registers; undefined if it already exists. */
  readonly registered: { readonly type: string; readonly settings: Readonly<Record<string, string>> } | undefined;
}

/** The pattern of a generation's indices. */
export const indexPattern = (prefix: string): string => `${prefix}*`;

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

/** What is declared wherever the Elasticsearch runs: what the key `admin` says of indices and snapshots. */
export function declaredObjects(
  prefix: string,
  {
    indices,
    snapshots,
  }: { readonly indices?: IndexDefaults | undefined; readonly snapshots?: SnapshotSettings | undefined },
): Pick<StorageAdmin, "prefix" | "indexTemplate" | "repository" | "lifecycle"> {
  return {
    prefix,
    indexTemplate: indices && indexTemplate(prefix, indices),
    repository: snapshots && {
      name: snapshots.repository,
      registered: snapshots.type === undefined ? undefined : { type: snapshots.type, settings: snapshots.settings },
    },
    lifecycle: snapshots && lifecyclePolicy(prefix, snapshots),
  };
}
