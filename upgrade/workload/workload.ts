import type { V1ManagedFieldsEntry, V1PodSpec } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};

import { workloadKinds, type WorkloadKind } from "./kinds";
import type { Maker } from "./maker";
import type { WorkloadRef } from "./ref";
import type { PodCount } from "./rollout";

/** An entry of `managedFields`. */
export type ManagedFields = Pick<
  V1ManagedFieldsEntry,
  "apiVersion" | "fieldsType" | "fieldsV1" | "manager" | "operation" | "subresource" | "time"
>;

/** A target workload as the API server has it. */
export interface Workload extends WorkloadRef {
  /** `metadata.generation`: counts the changes of the spec. */
  readonly generation: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Annotations of its pod template. */
  readonly podAnnotations: Readonly<Record<string, string>>;
  /** Labels of its pod template. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly podSpec: V1PodSpec;
  readonly managedFields: readonly ManagedFields[];
  /** What is being deleted, and the workload with it; undefined: nothing is. */
  readonly going: "workload" | "namespace" | undefined;
  /** Undefined: no controller made it. */
  readonly maker: Maker | undefined;
  /** What its rollout waits for; undefined when it has finished, or when the workload is going. */
  readonly pendingRollout: string | undefined;
  /** Why its controller would not replace its pods; undefined: it would. */
  readonly heldRollout: string | undefined;
  readonly pods: PodCount;
}

/** The field manager of every patch. Never renamed: fields are given back only by the manager that took them. */
export const fieldManager = "skywalking-canary";

/** Whether a workload has something of ours. */
export function hasOurs({ managedFields }: Pick<Workload, "managedFields">): boolean {
  return managedFields.some(({ manager }) => manager === fieldManager);
}

/**
 * When what the program applies to a workload last changed, by the API server's clock; undefined: nothing is applied.
 */
export function lastApplied(managedFields: Workload["managedFields"]): Date | undefined {
  // Of a custom resource the client gives it as text.
  return latest(
    managedFields.map(({ manager, time }) => (manager === fieldManager && time ? new Date(time) : undefined)),
  );
}

type Fields = Readonly<Record<string, unknown>>;

/** The path of a kind's pod template in managedFields. */
export function templateFields(kind: WorkloadKind): string[] {
  return workloadKinds[kind].template.map((key) => `f:${key}`);
}

/** The key of a list's entry in managedFields. */
export function namedEntry(name: string): string {
  return `k:${JSON.stringify({ name })}`;
}

function child(fields: unknown, key: string): unknown {
  return typeof fields === "object" && fields !== null ? (fields as Fields)[key] : undefined;
}

/** A field that is owned as a whole: the API server notes nothing below it. */
function isWhole(fields: unknown): boolean {
  return typeof fields === "object" && fields !== null && Object.keys(fields).length === 0;
}

/** Whether what a manager owns has a path; a field that is owned as a whole counts for what is in it. */
export function ownsPath(fields: unknown, path: readonly string[]): boolean {
  let at = fields;
  for (const key of path) {
    at = child(at, key);
    if (at === undefined || isWhole(at)) break;
  }
  return at !== undefined;
}

/** Paths, below the pod template, of the fields that the program may own in a workload. */
export const fieldPaths = {
  variable: (container: string, name: string, field: "value" | "valueFrom") => [
    "f:spec",
    "f:containers",
    namedEntry(container),
    "f:env",
    namedEntry(name),
    `f:${field}`,
  ],
  podAnnotation: (name: string) => ["f:metadata", "f:annotations", `f:${name}`],
  configMapOfVolume: (name: string) => ["f:spec", "f:volumes", namedEntry(name), "f:configMap", "f:name"],
  imageOfInitContainer: (name: string) => ["f:spec", "f:initContainers", namedEntry(name), "f:image"],
} as const;

/** The managers that own a field of the pod template; a list that is owned as a whole counts for what is in it. */
export function managersOfField({ kind, managedFields }: Workload, path: readonly string[]): string[] {
  const whole = [...templateFields(kind), ...path];
  const managers = managedFields.flatMap(({ fieldsV1, manager }) =>
    manager !== undefined && ownsPath(fieldsV1, whole) ? [manager] : [],
  );
  return [...new Set(managers)];
}

/** Lists of a pod spec in which the program has entries. */
export const podLists = ["containers", "initContainers", "volumes"] as const;
export type PodList = (typeof podLists)[number];

/** The managers that own a list as a whole. */
export function managersOfWholeList({ kind, managedFields }: Workload, list: PodList): string[] {
  const path = [...templateFields(kind), "f:spec", `f:${list}`];
  return managedFields.flatMap(({ fieldsV1, manager }) =>
    manager !== undefined && isWhole(path.reduce<unknown>(child, fieldsV1)) ? [manager] : [],
  );
}

/** What a field manager of ours owns below a path of the pod template: the keys that the API server notes there. */
export function ownedBelow({ kind, managedFields }: Workload, path: readonly string[]): string[] {
  const whole = [...templateFields(kind), ...path];
  return managedFields.flatMap(({ fieldsV1, manager }) => {
    if (manager !== fieldManager) return [];
    const found = whole.reduce<unknown>(child, fieldsV1);
    return typeof found === "object" && found !== null ? Object.keys(found) : [];
  });
}

/** The latest of some instants; undefined: there is none. */
export function latest(instants: readonly (Date | undefined)[]): Date | undefined {
  const times = instants.flatMap((instant) => (instant === undefined ? [] : [instant.getTime()]));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}
