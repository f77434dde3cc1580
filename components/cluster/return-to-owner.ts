import { setTimeout as sleep } from "node:timers/promises";

import type { CustomObjectsApi } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type { TargetPatch } from "../../upgrade/patches";
import { managersWithoutUs } from "../../upgrade/workload/owners";
import { workloadText } from "../../upgrade/workload/ref";
import { fieldManager } from "../../upgrade/workload/workload";
import { explain, isConflict, isNotFound } from "./errors";
import type { ListedWorkload } from "./listed-workload";
import { appliedPart, requestOf, sentAs } from "./patch-request";
import type { ClusterReader } from "./reader";

/** Gives a workload back to its owner. */
export type ReturnToOwner = (target: TargetPatch) => Promise<void>;

/** How often it is tried while others write the workload: its controller does, in bursts, while it rolls out. */
const attempts = 50;
const pauseMilliseconds = 200;

/**
 * Gives a workload back to its owner: its template is as the owner made it, and nothing of ours is left, neither a
 * field nor an annotation, nor our name in `managedFields`.
 *
 * The engine's provider cannot do this: with a Patch it deletes what was the owner's and is held by us alone. So the
 * values are applied first, by the same field manager, and then the managers are written as if it had never come. Where
 * this is cut off in between, the workload still has our field manager, and the next update does it again. Where the
 * workload is gone, there is nothing to give back.
 *
 * @throws Error that names the workload, and what to try
 */
export async function returnToOwner({ kube, context }: ClusterReader, target: TargetPatch): Promise<void> {
  const { kind, namespace, name } = target.workload;
  const { CustomObjectsApi } = await import("@kubernetes/client-node");
  const api = kube.makeApiClient(CustomObjectsApi);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const live = (await api.getNamespacedCustomObject(requestOf(target.workload))) as ListedWorkload;
      const restored = await applyOwners(api, target, live);
      const isWritten = await leave(api, target, restored).catch((error: unknown) => {
        if (attempt === attempts || !isConflict(error)) throw error;
        return false;
      });
      if (isWritten) return;
      await sleep(pauseMilliseconds);
    }
  } catch (error) {
    if (isNotFound(error)) return;
    throw explain(
      error,
      context,
      `give ${workloadText(target.workload)} back to its owner`,
      `-n ${namespace} get ${kind.toLowerCase()} ${name} -o yaml --show-managed-fields`,
    );
  }
}

/** The annotations that tell what the owner had, which are kept until the owner has it. */
function notes({ workload }: TargetPatch): [string, string][] {
  return Object.entries(workload.annotations).filter(([name]) => name.startsWith(`${fieldManager}/`));
}

/**
 * Applies what the owner had where we alone hold it, and nothing else. In conflict with who has written it since; the
 * uid keeps it from making a workload that somebody has deleted.
 */
async function applyOwners(
  api: CustomObjectsApi,
  target: TargetPatch,
  { metadata }: ListedWorkload,
): Promise<ListedWorkload> {
  const { workload, patch } = target;
  const body = appliedPart(
    workload,
    { annotations: Object.fromEntries(notes(target)), uid: metadata?.uid },
    patch.template,
  );
  const request = { ...requestOf(workload), body };
  const applied: unknown = await api.patchNamespacedCustomObject(request, await sentAs("ServerSideApply"));
  return applied as ListedWorkload; // The API server answers with the whole object.
}

/** Takes away our notes and our name. In conflict with whoever has written the workload since it was restored. */
async function leave(api: CustomObjectsApi, target: TargetPatch, { metadata }: ListedWorkload): Promise<true> {
  const { workload, patch } = target;
  const live = { kind: workload.kind, managedFields: metadata?.managedFields ?? [] };
  const managedFields = managersWithoutUs(live, patch.returned);
  const annotations = Object.fromEntries(notes(target).map(([name]) => [name, null]));
  const body = { metadata: { resourceVersion: metadata?.resourceVersion, managedFields, annotations } };
  await api.patchNamespacedCustomObject({ ...requestOf(workload), body }, await sentAs("MergePatch"));
  return true;
}
