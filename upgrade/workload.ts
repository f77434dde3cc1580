import type { V1ManagedFieldsEntry, V1PodSpec } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};

import type { WorkloadKind } from "./config";

/** A target workload as the API server has it. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** `metadata.generation`: counts the changes of the spec. */
  readonly generation: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly podSpec: V1PodSpec;
  readonly managedFields: readonly V1ManagedFieldsEntry[];
  /** What its rollout waits for; undefined when it has finished. */
  readonly pendingRollout: string | undefined;
}

/** The field manager of every patch. Never renamed: fields are given back only by the manager that took them. */
export const fieldManager = "skywalking-canary";

function child(fields: unknown, key: string): unknown {
  return typeof fields === "object" && fields !== null ? (fields as Readonly<Record<string, unknown>>)[key] : undefined;
}

const podSpec = ["f:spec", "f:template", "f:spec"];
const named = (name: string): string => `k:${JSON.stringify({ name })}`;

/** The managers that own a field, by the managedFields that the API server keeps. */
function managersOf(workload: Workload, path: readonly string[]): string[] {
  return workload.managedFields.flatMap(({ fieldsV1, manager }) =>
    manager !== undefined && path.reduce<unknown>(child, fieldsV1) !== undefined ? [manager] : [],
  );
}

/** The managers that own the value of a container's variable. */
export function managersOfVariable(workload: Workload, container: string, variable: string): string[] {
  return managersOf(workload, [...podSpec, "f:containers", named(container), "f:env", named(variable), "f:value"]);
}

/** The managers that own an init container. */
export function managersOfInitContainer(workload: Workload, name: string): string[] {
  return managersOf(workload, [...podSpec, "f:initContainers", named(name), "f:image"]);
}
