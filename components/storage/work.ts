import type { PlannedSnapshot, Snapshot } from "../../upgrade/storage/snapshot";
import type { StorageAdmin } from "../../upgrade/storage/elasticsearch-objects";
import type { Administer } from "./administration";

/** What is done in storages, for stacks that ask for it. */
export interface StorageWork {
  readonly administer: Administer;
  /** Resolves when the storage answers its administrator; at once in a preview. */
  readonly reached: (admin: StorageAdmin) => Promise<void>;
  /** Takes the snapshot before `retire`; says in a preview that there will be one. */
  readonly takeSnapshot: (planned: PlannedSnapshot, timeout: string) => Promise<Snapshot>;
}
