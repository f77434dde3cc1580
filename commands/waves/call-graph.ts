import type { Call } from "../../upgrade/schema/call";
import type { Topology } from "./topology";

/** The calls between the config's services, and where topology and config differ. */
export interface CallGraph {
  /** Keys of the config. */
  readonly services: readonly string[];
  /** Between different services of the config, each once. */
  readonly calls: readonly Call[];
  /** Services that report but that no config lists, with the services of the config that they call or are called by. */
  readonly unlisted: readonly { readonly name: string; readonly neighbours: readonly string[] }[];
  /** Services of the config that are not in the topology. */
  readonly unseen: readonly string[];
}

/** @param names - the name under which the OAP lists each service of the config */
export function callGraph(topology: Topology, names: ReadonlyMap<string, string>): CallGraph {
  const keys = new Map([...names].map(([key, name]) => [name, key]));
  const nodes = new Map(topology.nodes.map((node) => [node.id, node]));
  const keyOf = (id: string): string | undefined => keys.get(nodes.get(id)?.name ?? "");
  const calls = new Map<string, Call>();
  const neighbours = new Map<string, Set<string>>();
  for (const { source, target } of topology.calls) {
    const [caller, callee] = [keyOf(source), keyOf(target)];
    if (caller !== undefined && callee !== undefined && caller !== callee) {
      calls.set(`${caller} -> ${callee}`, { caller, callee });
    }
    for (const [id, other] of [
      [source, callee],
      [target, caller],
    ] as const) {
      if (other !== undefined) neighbours.set(id, (neighbours.get(id) ?? new Set()).add(other));
    }
  }
  const seen = new Set(topology.nodes.flatMap(({ id }) => keyOf(id) ?? []));
  return {
    services: [...names.keys()],
    calls: [...calls.values()],
    unlisted: topology.nodes
      .filter(({ id, isReal }) => isReal && keyOf(id) === undefined)
      .map(({ id, name }) => ({ name, neighbours: [...(neighbours.get(id) ?? [])].sort() }))
      .sort((one, other) => one.name.localeCompare(other.name)),
    unseen: [...names.keys()].filter((key) => !seen.has(key)),
  };
}
