import { namespaceOf } from "../backend";
import type { Config } from "../config";
import type { LiveStorage } from "../observed";
import type { ClusterName } from "../workload/ref";
import { storageAdmin } from "./administration";
import type { Repository, StorageAdmin } from "./elasticsearch-objects";

/** A snapshot that has succeeded. */
export interface Snapshot {
  readonly repository: string;
  readonly name: string;
  /** How many indices are in it. */
  readonly indices: number;
  /** How many documents its indices had when it began; nested ones count, as in `_cat/indices`. */
  readonly documents: number;
}

/** The snapshot of the generation that is left, before anything of it is deleted. */
export interface PlannedSnapshot {
  readonly generation: string;
  readonly cluster: ClusterName;
  /** The generation's Kubernetes namespace, which outlives it. */
  readonly namespace: string;
  readonly admin: StorageAdmin;
  readonly repository: Repository;
  /** The one that an earlier update has taken; undefined where this one has to. */
  readonly taken: Snapshot | undefined;
}

/** What is known of the generation that is left. */
export interface SnapshotFacts {
  /** Generations that are in the cluster. */
  readonly present: ReadonlyMap<string, unknown>;
  /** What there is of each generation's storage. Defaults to nothing. */
  readonly storage?: ReadonlyMap<string, LiveStorage>;
  /** The last snapshot of each generation that has been deleted, as recorded. Defaults to none. */
  readonly snapshots?: ReadonlyMap<string, Snapshot>;
}

/**
 * Where the snapshot of a generation that may be retired goes, and where it is recorded; undefined where
 * none is asked for.
 */
export function snapshotOf({ from }: Config): Omit<PlannedSnapshot, "taken"> | undefined {
  const { name, generation } = from;
  const admin = generation.managed ? storageAdmin(name, generation) : undefined;
  if (!generation.managed || admin?.repository === undefined) return undefined;
  const namespace = namespaceOf(name, generation);
  return { generation: name, cluster: generation.cluster, namespace, admin, repository: admin.repository };
}

/**
 * The snapshot that this update takes, or that the one which deleted the generation took. As long as anything of the
 * generation is there a new one is taken, since it may have been in use again after the last.
 */
export function planSnapshot(config: Config, facts: SnapshotFacts): PlannedSnapshot | undefined {
  if (config.stage.row.from.presence !== "absent") return undefined;
  const snapshot = snapshotOf(config);
  if (snapshot === undefined) return undefined;
  const { generation } = snapshot;
  const nodes = facts.storage?.get(generation)?.statefulSets.size ?? 0;
  if (facts.present.has(generation) || nodes > 0) return { ...snapshot, taken: undefined };
  const taken = facts.snapshots?.get(generation);
  return taken === undefined ? undefined : { ...snapshot, taken };
}
