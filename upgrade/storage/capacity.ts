import { indexShardsEnv, shardsAtInstall } from "../../skywalking/index-shards";
import { isAtLeast } from "../../skywalking/release";
import { storageNames } from "../../skywalking/storage";
import type { Config, ManagedGeneration } from "../config";
import { nameSome } from "../name-some";
import type { PlannedGeneration } from "../plan";
import type { Report } from "../problem";
import { aboutGeneration, type Warning } from "../warnings/warning";
import type { Reach } from "./elasticsearch-objects";
import { addressesOf, prefixOf, rulesOf, storageRef } from "./storage";

/** What is asked of the Elasticsearch of a generation before its OAP is installed. */
export interface CapacityQuestion {
  readonly name: string;
  readonly generation: ManagedGeneration;
  readonly reach: Extract<Reach, { kind: "url" }>;
  /** The generation that uses it already, and what the names of its indices begin with. */
  readonly shared: { readonly name: string; readonly prefix: string } | undefined;
}

/** The room that an Elasticsearch or OpenSearch has. */
export interface Capacity {
  /** Of all indices, replicas included, whether they are assigned to a node or not. */
  readonly openShards: number;
  readonly dataNodes: number;
  /** `cluster.max_shards_per_node`; NaN where it is not told. */
  readonly maxShardsPerNode: number;
  /** Open shards of the generation that uses it already; 0 where none does. */
  readonly sharedShards: number;
  readonly disks: readonly Disk[];
  /** How full a disk may be before it gets no more shards; undefined: that does not matter. */
  readonly lowWatermark: Watermark | undefined;
}

/** Of one data node, in bytes. */
export interface Disk {
  readonly node: string;
  readonly total: number;
  readonly available: number;
}

export interface Watermark {
  /** `85%` and `0.85` are used space, `10gb` is free space. */
  readonly low: string;
  /** The most that has to be free, whatever the share says: `200gb`; `-1`: there is none. */
  readonly maxHeadroom: string;
}

/** What was asked and found: the room, or why it is not known. */
export interface CapacityReading {
  readonly question: CapacityQuestion;
  readonly answer: Capacity | { readonly unknown: string };
}

type Named = readonly [name: string, generation: ManagedGeneration];

/**
 * The Elasticsearches to ask: those that somebody else runs, for generations that the update installs.
 *
 * @param declared - generations that are declared at this stage
 * @param present - generations that are in the cluster
 */
export function capacityQuestions(
  { generations }: Config,
  declared: readonly PlannedGeneration[],
  present: ReadonlyMap<string, number>,
): CapacityQuestion[] {
  const users = Object.entries(generations).flatMap(([name, generation]): Named[] =>
    generation.managed && present.has(name) ? [[name, generation]] : [],
  );
  return declared.flatMap(({ name, generation }) => {
    if (!generation.managed || present.has(name)) return [];
    const { storage } = generation;
    const reach = rulesOf(storage).asked?.(storage);
    if (reach === undefined) return [];
    const user = users.find(([, other]) => addressesOf(other.storage).some((it) => addressesOf(storage).includes(it)));
    const shared = user && { name: user[0], prefix: `${String(prefixOf(...user))}_` };
    return [{ name, generation, reach, shared }];
  });
}

/** Beyond this share of its shards no further OAP is installed. */
const fullest = 0.9;

/**
 * Refuses to install an OAP where there is no room for its shards: Elasticsearch would refuse the next index, and every
 * OAP that uses it stores nothing from the next day on, with no more than a line in its log. Warns where that may come,
 * where a disk is full, and where it is not known.
 */
export function checkCapacity(readings: readonly CapacityReading[], report: Report): Warning[] {
  return readings.flatMap(({ question, answer }) => {
    const { name } = question;
    return "unknown" in answer
      ? [aboutGeneration("storage-cannot-ask", name, `: whether its storage has room is not known. ${answer.unknown}`)]
      : [...checkShards(question, answer, report), ...fullDisks(name, answer)];
  });
}

function checkShards({ name, generation, shared }: CapacityQuestion, capacity: Capacity, report: Report): Warning[] {
  const { kind, version } = storageRef(generation);
  // Elasticsearch 6.8 only writes a line in its log.
  if (kind === "elasticsearch" && !isAtLeast(String(version), "7.0.0")) return [];
  const { openShards, dataNodes, maxShardsPerNode, sharedShards } = capacity;
  const limit = maxShardsPerNode * dataNodes;
  const isTooFull = (shards: number): boolean => shards > fullest * limit;
  const has = `has ${String(openShards)} of ${String(limit)} shards open`;
  const added = shardsAdded(generation);
  if (isTooFull(openShards + added)) {
    const opens = added === 0 ? "" : `, and OAP ${generation.version} opens ${String(added)} at once`;
    report({
      key: `generations.${name}.storage.urls`,
      wrong: `lead to an ${storageNames[kind]} that ${has}${opens}; allowed: 90 percent, since beyond 100 no OAP that uses it can store anything`,
      fix: `delete indices, add a data node, or raise cluster.max_shards_per_node${added === 0 ? "" : `; or set ${indexShardsEnv} in generations.${name}.oap.env`}`,
    });
    return [];
  }
  if (shared === undefined || !isTooFull(openShards + sharedShards)) return [];
  return [
    aboutGeneration(
      "storage-nearly-full",
      name,
      `: its ${storageNames[kind]} ${has}, ${String(sharedShards)} of them those of ${shared.name}. If ${name} comes to need as many, neither of them can store anything: add a data node, or raise cluster.max_shards_per_node`,
    ),
  ];
}

/** Shards that the OAP opens when it is installed, by what the user says of their number. */
function shardsAdded({ behavesLike, oap }: ManagedGeneration): number {
  const set = oap.env[indexShardsEnv];
  return shardsAtInstall(behavesLike, set === undefined ? undefined : Number(set));
}

function fullDisks(name: string, { disks, lowWatermark }: Capacity): Warning[] {
  const full = lowWatermark === undefined ? [] : disks.filter((disk) => disk.available < leastFree(disk, lowWatermark));
  if (full.length === 0) return [];
  const shown = nameSome(
    full.map(({ node, total, available }) => `${node} (${String(Math.floor((100 * available) / total))} % free)`),
  );
  return [
    aboutGeneration(
      "storage-nearly-full",
      name,
      `: disks of its storage are fuller than the low watermark, so they get no new shards: ${shown}. Delete indices, or add disk`,
    ),
  ];
}

const units = ["b", "kb", "mb", "gb", "tb", "pb"];

/** Bytes of a size as Elasticsearch writes it, `200gb`; NaN for anything else. */
function bytesOf(size: string): number {
  const [, number = "", unit = ""] = /^([\d.]+)([kmgtp]?b)$/.exec(size.toLowerCase()) ?? [];
  return number === "" ? Number.NaN : Number(number) * 1024 ** units.indexOf(unit);
}

/** Bytes that must be free on a disk. */
function leastFree({ total }: Disk, { low, maxHeadroom }: Watermark): number {
  const free = bytesOf(low);
  if (!Number.isNaN(free)) return free;
  const used = low.endsWith("%") ? Number.parseFloat(low) / 100 : Number(low);
  const headroom = bytesOf(maxHeadroom);
  return Math.min(Math.floor(total * (1 - used)), Number.isNaN(headroom) ? Number.POSITIVE_INFINITY : headroom);
}
