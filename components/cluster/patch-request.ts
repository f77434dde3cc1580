import type { ConfigurationOptions } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { workloadKinds, type WorkloadKind } from "../../upgrade/workload/kinds";
import type { PodTemplate } from "../../upgrade/workload/pod-template";
import type { WorkloadRef } from "../../upgrade/workload/ref";
import { fieldManager } from "../../upgrade/workload/workload";

/** What a request to change a workload names it by. */
export function requestOf({ kind, namespace, name }: WorkloadRef) {
  const { group, version, plural } = workloadKinds[kind];
  return { group, version, plural, namespace, name, fieldManager };
}

/** A workload with no more than what is applied to it. */
export interface AppliedPart {
  readonly apiVersion: string;
  readonly kind: WorkloadKind;
  readonly metadata: object;
  /** Absent where nothing of the pod template is applied. */
  readonly spec?: unknown;
}

/** What is sent to apply a part of a workload's pod template. */
export function appliedPart(
  { kind, namespace, name }: WorkloadRef,
  metadata: { readonly annotations: Readonly<Record<string, string>>; readonly uid?: string | undefined },
  part: PodTemplate | undefined,
): AppliedPart {
  const {
    group,
    version,
    template: [, ...below],
  } = workloadKinds[kind];
  const spec = below.reduceRight<unknown>((inner, key) => ({ [key]: inner }), part);
  return {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { name, namespace, ...metadata },
    ...(part === undefined ? {} : { spec }),
  };
}

/** How a patch is meant. */
export async function sentAs(type: "ServerSideApply" | "MergePatch"): Promise<ConfigurationOptions> {
  const { PatchStrategy, setHeaderOptions } = await import("@kubernetes/client-node");
  return setHeaderOptions("Content-Type", PatchStrategy[type]);
}
