import { namespaceOf } from "../backend";
import type { Config, ManagedGeneration } from "../config";
import type { StorageAdmin } from "./elasticsearch-objects";
import { prefixOf, rulesOf } from "./storage";

/**
 * What is declared in the storage of a generation beside what its OAP does; undefined where the config
 * asks for nothing.
 */
export function storageAdmin(name: string, generation: ManagedGeneration): StorageAdmin | undefined {
  const { storage } = generation;
  const prefix = `${prefixOf(name, generation) ?? ""}_`;
  return rulesOf(storage).admin?.({
    name,
    generation,
    storage,
    cluster: generation.cluster,
    namespace: namespaceOf(name, generation),
    prefix,
  });
}

/** Whether the program does anything in a storage of its own accord. */
export function administersStorage({ from, to }: Config): boolean {
  return [from, to].some(({ name, generation }) => generation.managed && storageAdmin(name, generation) !== undefined);
}
