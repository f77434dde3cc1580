import Graph from "graphology";
import { connectedComponents } from "graphology-components";

import type { Call } from "../../upgrade/schema/call";

/**
 * How many services should have moved after each wave but the last: 1/16, 1/4 and 9/16 of all with four waves. The
 * first waves are small, because problems show there first.
 */
function targets(services: number, waves: number): number[] {
  return Array.from({ length: waves - 1 }, (_, index) => services * ((index + 1) / waves) ** 2);
}

/** Where a wave may end, and where it should, counted in services that have moved. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly target: number;
}

/** Windows in which waves grow and none is empty. Their borders lie halfway between targets. */
function windows(services: number, waves: number): Window[] {
  const ends = [...targets(services, waves), services];
  return ends.slice(0, -1).map((target, index) => {
    const before = index === 0 ? 0 : ((ends[index - 1] ?? 0) + target) / 2;
    const after = (target + (ends[index + 1] ?? services)) / 2;
    const left = waves - 1 - index;
    const from = Math.max(index + 1, Math.floor(before) + 1);
    return {
      from: Math.min(from, services - left),
      to: Math.min(Math.max(from, Math.floor(after)), services - left),
      target,
    };
  });
}

function graphOf(services: readonly string[], calls: readonly Call[]): Graph {
  const graph = new Graph({ type: "undirected", multi: false });
  for (const service of services) graph.addNode(service);
  for (const { caller, callee } of calls) {
    graph.updateUndirectedEdge(caller, callee, ({ calls: count = 0 }) => ({ calls: Number(count) + 1 }));
  }
  return graph;
}

type Neighbours = ReadonlyMap<string, ReadonlyMap<string, number>>;

function neighboursOf(graph: Graph): Neighbours {
  return new Map(
    graph.mapNodes((node) => [
      node,
      new Map(graph.mapEdges(node, (_, { calls }, a, b) => [a === node ? b : a, Number(calls)])),
    ]),
  );
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

/**
 * Orders the services of one component so that few calls lead from earlier to later ones: it starts with one of the
 * services with the fewest calls, and always takes the one that adds the fewest crossing calls.
 */
function arrange(component: readonly string[], neighbours: Neighbours): string[] {
  const left = new Set([...component].sort());
  // How many crossing calls each service not yet taken would add.
  const added = new Map([...left].map((service) => [service, sum(neighbours.get(service)?.values() ?? [])]));
  const order: string[] = [];
  while (left.size > 0) {
    let next: string | undefined;
    for (const service of left) {
      if (next === undefined || (added.get(service) ?? 0) < (added.get(next) ?? 0)) next = service;
    }
    if (next === undefined) break;
    left.delete(next);
    order.push(next);
    for (const [neighbour, calls] of neighbours.get(next) ?? []) {
      added.set(neighbour, (added.get(neighbour) ?? 0) - 2 * calls);
    }
  }
  return order;
}

/** For each number of services from the front, the calls between those and the rest. */
function cuts(order: readonly string[], neighbours: Neighbours): number[] {
  const taken = new Set<string>();
  let crossing = 0;
  return [
    0,
    ...order.map((service) => {
      for (const [neighbour, calls] of neighbours.get(service) ?? []) crossing += taken.has(neighbour) ? -calls : calls;
      taken.add(service);
      return crossing;
    }),
  ];
}

/** Cuts an order into waves where the fewest calls cross; among equal places, at the one nearest to the target. */
function cutIntoWaves(order: readonly string[], waves: number, neighbours: Neighbours): string[][] {
  const crossing = cuts(order, neighbours);
  const ends = windows(order.length, waves).map(({ from, to, target }) => {
    let best = from;
    for (let end = from; end <= to; end += 1) {
      const fewer = (crossing[end] ?? 0) - (crossing[best] ?? 0);
      if (fewer < 0 || (fewer === 0 && Math.abs(end - target) < Math.abs(best - target))) best = end;
    }
    return best;
  });
  return [...ends, order.length].map((end, index) => order.slice(ends[index - 1] ?? 0, end));
}

/** The calls that cross while each wave is the last one that has moved. */
export function crossingPerWave(waves: readonly (readonly string[])[], calls: readonly Call[]): number[] {
  const waveOf = new Map(waves.flatMap((wave, index) => wave.map((service): [string, number] => [service, index])));
  return waves.map((_, last) => {
    const moved = (service: string): boolean => (waveOf.get(service) ?? Infinity) <= last;
    return calls.filter(({ caller, callee }) => moved(caller) !== moved(callee)).length;
  });
}

/** Up to this many services, swaps of two are tried as well; beyond it, there are too many pairs. */
const exchangedUpTo = 300;

/**
 * Moves single services to a neighbouring wave, and swaps two of different waves, as long as this reduces the crossing
 * calls and the sizes allow it.
 */
function improve(waves: readonly (readonly string[])[], neighbours: Neighbours): string[][] {
  const services = waves.flat();
  const waveOf = new Map(waves.flatMap((wave, index) => wave.map((service): [string, number] => [service, index])));
  const bounds = windows(services.length, waves.length);
  const sizes = waves.map((wave) => wave.length);
  const place = (service: string): number => waveOf.get(service) ?? 0;
  const fits = (): boolean => {
    let moved = 0;
    return sizes.every((size, index) => {
      moved += size;
      const bound = bounds[index];
      return size > 0 && (bound === undefined || (bound.from <= moved && moved <= bound.to));
    });
  };
  /** A call from wave 1 to wave 3 crosses after wave 1 and after wave 2. */
  const cost = (service: string): number =>
    sum([...(neighbours.get(service) ?? [])].map(([other, calls]) => calls * Math.abs(place(other) - place(service))));
  const tryMove = (service: string, by: 1 | -1): boolean => {
    const wave = place(service);
    const next = wave + by;
    const size = sizes[next];
    if (size === undefined) return false;
    const before = cost(service);
    waveOf.set(service, next);
    sizes[wave] = (sizes[wave] ?? 0) - 1;
    sizes[next] = size + 1;
    if (cost(service) < before && fits()) return true;
    waveOf.set(service, wave);
    sizes[wave] += 1;
    sizes[next] = size;
    return false;
  };
  const tryExchange = (one: string, other: string): boolean => {
    const [a, b] = [place(one), place(other)];
    if (a === b) return false;
    // A call between the two counts on both sides, before and after.
    const before = cost(one) + cost(other);
    waveOf.set(one, b).set(other, a);
    if (cost(one) + cost(other) < before) return true;
    waveOf.set(one, a).set(other, b);
    return false;
  };
  const step = (): boolean =>
    services.some((service) => tryMove(service, 1) || tryMove(service, -1)) ||
    (services.length <= exchangedUpTo &&
      services.some((one, index) => services.slice(index + 1).some((other) => tryExchange(one, other))));
  // Every step reduces the crossing calls, so this ends.
  while (step());
  return waves.map((_, index) => services.filter((service) => waveOf.get(service) === index));
}

/** The services in alphabetical order, in waves of the same sizes. */
export function alphabetical(waves: readonly (readonly string[])[]): string[][] {
  const order = waves.flat().sort();
  let begin = 0;
  return waves.map(({ length }) => order.slice(begin, (begin += length)));
}

/**
 * Proposes waves that cut as few calls as possible: services that call each other move together, small groups first,
 * and a group that is too large for a wave is cut where the fewest calls cross. The exact optimum is out of reach
 * (graph partitioning), but the result is never worse than alphabetical order in waves of the same sizes.
 *
 * @param count - number of waves; fewer where there are fewer services
 */
export function proposeWaves(services: readonly string[], calls: readonly Call[], count: number): string[][] {
  if (services.length === 0) return [];
  const waves = Math.min(count, services.length);
  const graph = graphOf(services, calls);
  const neighbours = neighboursOf(graph);
  const groups = connectedComponents(graph)
    .map((group) => [...group].sort())
    .sort((one, other) => one.length - other.length || (one[0] ?? "").localeCompare(other[0] ?? ""));
  const order = groups.flatMap((group) => arrange(group, neighbours));
  const total = (candidate: readonly (readonly string[])[]): number => sum(crossingPerWave(candidate, calls));
  let best = improve(cutIntoWaves(order, waves, neighbours), neighbours);
  for (;;) {
    const other = improve(alphabetical(best), neighbours);
    if (total(other) >= total(best)) return best.map((wave) => [...wave].sort());
    best = other;
  }
}
