import type { Timeouts } from "../upgrade/config";
import type { PlannedGeneration } from "../upgrade/plan";
import type { WorkloadRef } from "../upgrade/workload/ref";
import { Generation, type GenerationArgs } from "./generation";
import type { OptionsIn } from "./options";
import { once, settled } from "./order";

/** Waits until rollouts have finished; `what` names them in the progress display. */
export type RolloutsFinished = (workloads: readonly WorkloadRef[], timeout: string, what: string) => Promise<void>;

/** Generations that are declared, by name. */
export type Backends = ReadonlyMap<string, Generation>;

/** What all generations of a stack are made with. */
export type SharedGenerationArgs = Pick<GenerationArgs, "timeouts" | "secretsOf" | "storageAdministrator">;

/**
 * Declares the managed ones of these generations. Adopted ones have nothing to declare.
 *
 * @param before - what must have happened before the engine touches them
 */
export function declareBackends(
  planned: readonly PlannedGeneration[],
  shared: SharedGenerationArgs,
  before: Promise<void>,
  optionsIn: OptionsIn,
): Backends {
  return new Map(
    planned.flatMap(({ name, generation, running, recreate, storage, protect }): [string, Generation][] => {
      if (!generation.managed) return [];
      const options = { ...optionsIn(generation.cluster), protect, dependsOn: once(before, []) };
      const args = { ...shared, generation, running, recreate, storage };
      return [[name, new Generation(name, args, options)]];
    }),
  );
}

/** Resolves when every administered storage of these generations answers. */
export async function storagesReached(backends: Backends): Promise<void> {
  await Promise.all([...backends.values()].map(({ storageReached }) => storageReached));
}

/** Resolves when the engine is done with the OAPs of these generations. */
export function oapsSettled(backends: Iterable<Generation>): Promise<void> {
  return settled([...backends].map(({ oap }) => oap.deployment));
}

/** Resolves when the storages of these generations answer and their OAPs have rolled out. */
export async function backendsReady(
  backends: readonly Generation[],
  rolloutsFinished: RolloutsFinished,
  { oap: timeout }: Timeouts,
): Promise<void> {
  await Promise.all([oapsSettled(backends), ...backends.map(({ storageReached }) => storageReached)]);
  await rolloutsFinished(
    backends.map(({ oap }) => oap.ref),
    timeout,
    "the OAP",
  );
}
