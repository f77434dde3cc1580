import type { ManagedGeneration } from "../config";
import type { LiveClaim, LiveStorage } from "../observed";
import { isLarger } from "../quantity";
import { storageName, type NodeGroup } from "./kind";
import { rulesOf, storagePods, storageRef } from "./storage";

/** A StatefulSet of a generation's storage: what of it is decided once, and what names its volumes. */
export interface StorageNodes {
  /** Of the StatefulSet, and the beginning of the names of its pods and claims. */
  readonly name: string;
  readonly role: NodeGroup["role"];
  /** Headless Service of its pods. */
  readonly serviceName: string;
  readonly replicas: number;
  /** Of each volume. */
  readonly volumeSize: string;
  /** Undefined for the cluster's default class. */
  readonly storageClass: string | undefined;
  /** Release of the server. */
  readonly version: string | undefined;
}

/** The claim template of every StatefulSet. */
export const claimTemplate = "data";

/** The StatefulSets that the program itself declares for a generation's storage. */
export function storageNodes(name: string, generation: ManagedGeneration): StorageNodes[] {
  const { storage } = generation;
  const { kind: product, version } = storageRef(generation);
  const storageClass = storagePods(storage)?.storageClass;
  return (rulesOf(storage).nodes?.(storage) ?? []).map(({ role, replicas, volumeSize }) => {
    const objectName = `${storageName(name, product)}${suffixes[role]}`;
    return {
      name: objectName,
      role,
      serviceName: `${objectName}-nodes`,
      replicas,
      volumeSize,
      storageClass,
      version,
    };
  });
}

/**
 * What the names of each role end in. The data nodes have the name of the whole, as they had before there were
 * dedicated masters.
 */
const suffixes = { data: "", masters: "-master" } as const satisfies Record<NodeGroup["role"], string>;

/** A volume claim of a node. */
export interface Claim {
  readonly name: string;
  readonly size: string;
}

/**
 * The claims of a StatefulSet's nodes. They are declared beside it, since the template in it cannot be changed and a
 * claim can grow. An existing claim stays declared whatever the number of nodes, and never shrinks.
 */
export function claimsOf(nodes: StorageNodes, live: LiveStorage | undefined): Claim[] {
  const { name, replicas, volumeSize } = nodes;
  const there = new Map(liveClaims(nodes, live).map((claim) => [claim.ordinal, claim]));
  const ordinals = new Set([...Array.from({ length: replicas }, (_, index) => index), ...there.keys()]);
  return [...ordinals]
    .sort((a, b) => a - b)
    .map((ordinal) => {
      const size = there.get(ordinal)?.size;
      return {
        name: `${claimTemplate}-${name}-${String(ordinal)}`,
        size: size !== undefined && isLarger(size, volumeSize) ? size : volumeSize,
      };
    });
}

/** The existing claims of a StatefulSet's nodes. */
export function liveClaims({ name }: StorageNodes, live: LiveStorage | undefined): (LiveClaim & { ordinal: number })[] {
  const prefix = `${claimTemplate}-${name}-`;
  return [...(live?.claims ?? [])].flatMap(([claim, settings]) => {
    const ordinal = claim.startsWith(prefix) ? claim.slice(prefix.length) : "";
    return /^\d+$/.test(ordinal) ? [{ ...settings, ordinal: Number(ordinal) }] : [];
  });
}

/**
 * `cluster.initial_master_nodes` of an Elasticsearch, decided when its first nodes are made and kept: a node that is
 * added later must join the cluster that is there, and never be among those that make one.
 */
export function firstMasters(nodes: readonly StorageNodes[], live: LiveStorage | undefined): string {
  const [decided] = [...(live?.statefulSets.values() ?? [])].flatMap(({ initialMasters }) => initialMasters ?? []);
  return (
    decided ??
    nodes
      .slice(-1) // The dedicated masters, where there are any.
      .flatMap(({ name, replicas }) => Array.from({ length: replicas }, (_, index) => `${name}-${String(index)}`))
      .join(",")
  );
}
