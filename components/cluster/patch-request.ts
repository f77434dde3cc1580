import type { ConfigurationOptions } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { workloadKinds } from "../../upgrade/workload/kinds";
import type { PodTemplate } from "../../upgrade/workload/pod-template";
import type { WorkloadRef } from "../../upgrade/workload/ref";
import { fieldManager } from "../../upgrade/workload/workload";

/** What a request to change a workload names it by. */
export function requestOf({ kind, namespace, name }: WorkloadRef) {
  const { group, version, plural } = workloadKinds[kind];
  return { group, version, plural, namespace, name, fieldManager };
}

/** What is sent to apply a part of a workload's pod template. */
export function appliedPart(
  { kind, namespace, name }: WorkloadRef,
  metadata: { readonly annotations: Readonly<Record<string, string>>; readonly uid?: string | undefined },
  part: PodTemplate | undefined,
): object {
  const { group, version, template } = workloadKinds[kind];
  const spec = part === undefined ? {} : template.reduceRight<unknown>((inner, key) => ({ [key]: inner }), part);
  return { apiVersion: `${group}/${version}`, kind, metadata: { namespace, name, ...metadata }, ...(spec as object) };
}

/** How a patch is meant. */
export async function sentAs(type: "ServerSideApply" | "MergePatch"): Promise<ConfigurationOptions> {
  const { PatchStrategy, setHeaderOptions } = await import("@kubernetes/client-node");
  return setHeaderOptions("Content-Type", PatchStrategy[type]);
}
