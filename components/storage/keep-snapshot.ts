import type { PlannedSnapshot, Snapshot } from "../../upgrade/storage/snapshot";
import type { OptionsIn } from "../options";
import { settled } from "../order";
import { recordSnapshot } from "./snapshot-record";
import type { StorageAdministrator } from "./administrator";

/** The snapshot of the generation that is left, and when it is safe. */
export interface KeptSnapshot {
  /** Undefined where none is asked for. */
  readonly snapshot: Promise<Snapshot> | undefined;
  /** Resolves when it has been taken and recorded; where none is asked for, with what it would have waited for. */
  readonly kept: Promise<void>;
}

/**
 * Takes the snapshot of the generation that is left, unless an earlier update has, and records it. What is deleted, the
 * engine deletes after the program has ended, and not at all if it fails.
 *
 * @param before - what must have happened before
 */
export function keepSnapshot(
  planned: PlannedSnapshot | undefined,
  storageAdministrator: StorageAdministrator | undefined,
  timeout: string,
  before: Promise<void>,
  optionsIn: OptionsIn,
): KeptSnapshot {
  if (planned === undefined) return { snapshot: undefined, kept: before };
  const snapshot = takenSnapshot(planned, storageAdministrator, timeout, before);
  if (snapshot === undefined) return { snapshot, kept: before };
  const record = recordSnapshot(planned, snapshot, optionsIn(planned.cluster));
  return { snapshot, kept: snapshot.then(() => settled([record])) };
}

function takenSnapshot(
  planned: PlannedSnapshot,
  storageAdministrator: StorageAdministrator | undefined,
  timeout: string,
  before: Promise<void>,
): Promise<Snapshot> | undefined {
  const { taken } = planned;
  if (taken !== undefined) return before.then(() => taken);
  return storageAdministrator && before.then(() => storageAdministrator.takeSnapshot(planned, timeout));
}
