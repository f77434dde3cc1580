import { milliseconds } from "../../upgrade/duration";
import type { StorageAdmin } from "../../upgrade/storage/elasticsearch-objects";
import type { PlannedSnapshot, Snapshot } from "../../upgrade/storage/snapshot";
import type { Clusters } from "../cluster/clusters";
import { StorageAccess } from "./access";
import { administer, type Administer } from "./administration";
import { takeSnapshot } from "./snapshot";

/** Acts in storages as their administrator, for stacks that ask for it. */
export interface StorageAdministrator {
  readonly administer: Administer;
  /** Resolves when the storage answers its administrator; at once in a preview. */
  readonly reached: (admin: StorageAdmin) => Promise<void>;
  /** Takes the snapshot before `retire`; says in a preview that there will be one. */
  readonly takeSnapshot: (planned: PlannedSnapshot, timeout: string) => Promise<Snapshot>;
}

/**
 * The administrator of the storages of a stack. A preview contacts none, because it may not exist yet.
 *
 * @param onProgress - told what is waited for
 */
export function createStorageAdministrator(
  clusters: Clusters,
  preview: boolean,
  onProgress: (text: string) => void,
): StorageAdministrator {
  const access = new StorageAccess(clusters);
  return {
    administer,
    reached: (admin) => (preview ? Promise.resolve() : access.reached(admin)),
    takeSnapshot: async ({ generation, admin, repository }, timeout) => {
      const { prefix } = admin;
      if (preview) return { repository: repository.name, name: "taken by the update", indices: 0, documents: 0 };
      const request = {
        generation,
        repository: repository.name,
        prefix,
        timeout: milliseconds(timeout),
        at: new Date(),
      };
      return takeSnapshot(await access.open(admin), request, onProgress);
    },
  };
}
