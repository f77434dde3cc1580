import { isDeepStrictEqual } from "node:util";

import { podVolumes } from "./additions";
import type { Place } from "./owners";
import type { NamedEntry, PatchedContainer, PodTemplate } from "./pod-template";
import { readOriginals, slotId, type Originals } from "./slot";
import { fieldManager, managersOfWholeList, podLists, type PodList, type Workload } from "./workload";
import { workloadKinds } from "./kinds";

/**
 * Whether a list of a workload has one owner, so that applying a part of it would replace all of it. The lists of
 * Kubernetes' own workloads are merged by name; those of a custom resource only if its CRD says so
 * (`x-kubernetes-list-type: map`: Argo Rollouts from 1.9 for containers, never for volumes; OpenKruise never). A list
 * that is there says it by its managedFields.
 */
export function isWholeList(workload: Workload, list: PodList): boolean {
  if (workloadKinds[workload.kind].product === undefined) return false;
  const owned = managersOfWholeList(workload, list).length > 0;
  return owned || workload.podSpec[list] === undefined || workload.managedFields.length === 0;
}

/** Where an owner has a list as a whole. */
export function placeOfList(list: PodList): Place {
  return { id: `list/${list}`, path: ["f:spec", `f:${list}`], entry: undefined };
}

/** A list as its owner has it: without what we brought, and with what we took over. */
function ownersList(workload: Workload, list: PodList): readonly NamedEntry[] {
  // An object of the API server: its type names the fields that it may have.
  const live = (workload.podSpec[list] ?? []) as unknown as readonly NamedEntry[];
  if (!managersOfWholeList(workload, list).includes(fieldManager)) return live;
  const originals = readOriginals(workload);
  const kept = live.filter(({ name }) => !podVolumes.has(name));
  switch (list) {
    case "initContainers":
      return kept;
    case "volumes":
      return kept.map((volume) => {
        const original = originals[slotId({ at: "volume", name: volume.name })];
        return original === undefined || original === null
          ? volume
          : { ...volume, configMap: { ...(volume.configMap as object), name: original } };
      });
    case "containers":
      return kept.map((container) => ownersContainer(container, originals));
  }
}

function ownersContainer({ env, volumeMounts, ...container }: PatchedContainer, originals: Originals): NamedEntry {
  const before = env?.flatMap((variable) => {
    const original = originals[slotId({ at: "env", container: container.name, name: variable.name })];
    if (original === undefined) return [variable];
    return original === null ? [] : [{ name: variable.name, value: original }];
  });
  const mounts = volumeMounts?.filter(({ name }) => !podVolumes.has(name));
  return {
    ...container,
    ...(before === undefined || before.length === 0 ? {} : { env: before }),
    ...(mounts === undefined || mounts.length === 0 ? {} : { volumeMounts: mounts }),
  };
}

/** Entries by name over those of the owner's; what is new comes where it stands in ours, before what refers to it. */
function merged<Entry extends NamedEntry>(
  owners: readonly Entry[],
  ours: readonly Entry[],
  merge: (owner: Entry, our: Entry) => Entry,
): Entry[] {
  const left = new Map(ours.map((entry) => [entry.name, entry]));
  const known = new Set(owners.map(({ name }) => name));
  const added = ours.filter((entry) => !known.has(entry.name));
  return [
    ...added,
    ...owners.map((owner) => {
      const our = left.get(owner.name);
      return our === undefined ? owner : merge(owner, our);
    }),
  ];
}

function mergedList(list: PodList, owners: readonly NamedEntry[], ours: readonly NamedEntry[]): readonly NamedEntry[] {
  if (list !== "containers") {
    // What both have is a volume whose ConfigMap has another name.
    return merged(owners, ours, (owner, our) => ({
      ...owner,
      configMap: { ...(owner.configMap as object), ...(our.configMap as object) },
    }));
  }
  return merged<PatchedContainer>(owners, ours, (owner, our) => ({
    ...owner,
    ...(our.env === undefined ? {} : { env: merged(owner.env ?? [], our.env, (_, value) => value) }),
    ...(our.volumeMounts === undefined ? {} : { volumeMounts: [...(owner.volumeMounts ?? []), ...our.volumeMounts] }),
  }));
}

export interface WholeTemplate {
  /** Undefined where there is nothing to apply. */
  readonly template: PodTemplate | undefined;
  /** Whether it has lists as a whole, with what is the owner's. */
  readonly hasOwners: boolean;
  /** Whether the lists that are there as a whole are those of the live workload. */
  readonly isAsLive: boolean;
}

/**
 * A patch with lists as a whole, where they have one owner.
 *
 * Where nothing is wanted in such a list and we own it alone, it is written back as the owner's: to let go of
 * it would empty it.
 */
export function wholeLists(workload: Workload, part: PodTemplate): WholeTemplate {
  const spec: Partial<Record<PodList, readonly NamedEntry[]>> = { ...part.spec };
  let hasOwners = false;
  let isAsLive = true;
  for (const list of podLists) {
    if (!isWholeList(workload, list)) continue;
    const managers = managersOfWholeList(workload, list);
    const ours = part.spec?.[list] ?? [];
    const oursAlone = managers.length === 1 && managers[0] === fieldManager;
    if (ours.length === 0 && !oursAlone) {
      // What we still own beside the owner is let go.
      isAsLive &&= !managers.includes(fieldManager);
      continue;
    }
    const whole = mergedList(list, ownersList(workload, list), ours);
    if (whole.length === 0) {
      isAsLive = false;
      continue;
    }
    spec[list] = whole;
    hasOwners = true;
    isAsLive &&= managers.includes(fieldManager) && isDeepStrictEqual(whole, workload.podSpec[list]);
  }
  const template = { ...part, ...(Object.keys(spec).length === 0 ? {} : { spec }) };
  return { template: Object.keys(template).length === 0 ? undefined : template, hasOwners, isAsLive };
}
