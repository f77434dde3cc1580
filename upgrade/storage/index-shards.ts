import { indexShardsDefault, indexShardsEnv } from "../../skywalking/index-shards";
import { valueAt } from "../../skywalking/release";
import type { ManagedGeneration } from "../config";
import { rulesOf } from "./storage";

/** What is in the cluster of the OAP of a generation. */
export interface LiveIndexShards {
  readonly isPresent: boolean;
  /** Primary shards of each index that it was told to make. */
  readonly shards: string | undefined;
}

/** Fewer there cannot be. */
const fewest = "1";

/**
 * How many primary shards each index is to have, where the program decides it: as few as possible, where a release
 * makes more on a single node that takes a limited number. It is decided when the OAP is first installed, since to
 * change it would restart the OAP, and its templates keep what they have. Undefined: what the release or the user says.
 */
export function plannedIndexShards(
  { storage, behavesLike, oap, init }: ManagedGeneration,
  { isPresent, shards }: LiveIndexShards,
): string | undefined {
  const isLimited = rulesOf(storage).isOneNodeWithLimit?.(storage) ?? false;
  const isSet = indexShardsEnv in { ...oap.env, ...init.env };
  if (!isLimited || isSet || String(valueAt(indexShardsDefault, behavesLike)) === fewest) return undefined;
  return !isPresent || shards === fewest ? fewest : undefined;
}
