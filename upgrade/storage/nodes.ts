import type { ManagedGeneration } from "../config";
import type { LiveClaim, LiveStorage } from "../observed";
import { storageRef } from "./storage";

/** A StatefulSet of a generation's storage: what of it is decided once, and what names its volumes. */
export interface StorageNodes {
  /** Of the StatefulSet, and the beginning of the names of its pods and claims. */
  readonly name: string;
  readonly role: "data" | "masters";
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

/** Name of a generation's Elasticsearch or BanyanDB: of the Service that leads to it, and of what belongs to it. */
export function storageName(name: string, { storage }: ManagedGeneration): string {
  return storage.kind === "banyandb" ? `banyandb-${name}` : `elasticsearch-${name}`;
}

/** The StatefulSets that the program itself declares for a generation's storage. */
export function storageNodes(name: string, generation: ManagedGeneration): StorageNodes[] {
  const { storage } = generation;
  if (storage.kind !== "elasticsearch" && storage.kind !== "banyandb") return [];
  const objectName = storageName(name, generation);
  const { version } = storageRef(generation);
  const { storageClass } = storage;
  const nodes = (role: StorageNodes["role"], suffix: string, replicas: number, volumeSize: string): StorageNodes => ({
    name: `${objectName}${suffix}`,
    role,
    serviceName: `${objectName}${suffix}-nodes`,
    replicas,
    volumeSize,
    storageClass,
    version,
  });
  if (storage.kind === "banyandb") return [nodes("data", "", 1, storage.volumeSize)];
  const { masters } = storage;
  return [
    nodes("data", "", storage.replicas, storage.volumeSize),
    ...(masters === undefined ? [] : [nodes("masters", "-master", masters.replicas, masters.volumeSize)]),
  ];
}

/** A volume claim of a node. */
export interface Claim {
  readonly name: string;
  readonly size: string;
}

/**
 * The claims of a StatefulSet's nodes. They are declared beside it, since the template in it cannot be changed and a claim can
 * grow. A claim that is there stays declared whatever the number of nodes is, and never shrinks.
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

/** The claims of a StatefulSet's nodes that are there. */
export function liveClaims({ name }: StorageNodes, live: LiveStorage | undefined): (LiveClaim & { ordinal: number })[] {
  const prefix = `${claimTemplate}-${name}-`;
  return [...(live?.claims ?? [])].flatMap(([claim, settings]) => {
    const ordinal = claim.startsWith(prefix) ? claim.slice(prefix.length) : "";
    return /^\d+$/.test(ordinal) ? [{ ...settings, ordinal: Number(ordinal) }] : [];
  });
}

const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];

/** A size in bytes, of the binary units that the program and Kubernetes write; NaN for what it does not know. */
export function bytes(size: string): number {
  const [, number = "", unit = ""] = /^(\d+)([KMGTP]i)?$/.exec(size) ?? [];
  return number === "" ? Number.NaN : Number(number) * 1024 ** units.indexOf(unit);
}

/** Whether one size is larger than another; false where one of them cannot be read. */
export function isLarger(size: string, other: string): boolean {
  return bytes(size) > bytes(other);
}

/**
 * `cluster.initial_master_nodes` of an Elasticsearch, decided when its first nodes are made and kept: a node that is added later
 * must join the cluster that is there, and never be among those that make one.
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
