import { isDeepStrictEqual } from "node:util";

import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type { Service } from "./config";
import type { Injection, OwnConfigMap } from "./inject/injector";
import { injectSettings } from "./inject/injectors";
import type { AgentSettings } from "./inject/agent-settings";
import { readTarget, type ConfigMaps } from "./inject/target";
import type { PlannedService } from "./plan";
import type { Report } from "./problem";
import { checkTakeOver, ownerWarnings } from "./take-over";
import type { Warning } from "./warnings/warning";
import { agentVolume, authorityConfigMap, authorityMountPath, authorityVolume } from "./workload/additions";
import { keepManagers, managersAnnotation, ownersOf, type Place, type ReturnedField } from "./workload/owners";
import { lastWriter } from "./workload/last-writer";
import { podTemplate, type PodParts, type PodTemplate } from "./workload/pod-template";
import {
  heldSlots,
  originalAnnotation,
  placeOf,
  readSlot,
  slotId,
  type Originals,
  type SlotValue,
} from "./workload/slot";
import { workloadText } from "./workload/ref";
import { isWholeList, placeOfList, wholeLists } from "./workload/whole-lists";
import {
  fieldManager,
  fieldPaths,
  hasOurs,
  managersOfField,
  managersOfWholeList,
  podLists,
  type Workload,
} from "./workload/workload";

/**
 * What the program applies to one workload, and nothing else. Empty in every part: the workload is as its owner made
 * it.
 */
export interface WorkloadPatch extends PodParts {
  /** On the workload, never on its pods. */
  readonly annotations: Readonly<Record<string, string>>;
  /** A ConfigMap that has to be there before. */
  readonly configMap: OwnConfigMap | undefined;
  /** All of this as a pod template; undefined for nothing. Lists with a single owner are complete. */
  readonly template: PodTemplate | undefined;
  /** Whether `template` has values of the owner's, some of which may be secret. */
  readonly hasOwners: boolean;
  /** Whether the workload is exactly so already: there is nothing to apply. */
  readonly isApplied: boolean;
  /** The values of its owner's that it has held, where the workload is to be as its owner made it. */
  readonly returned: readonly ReturnedField[];
}

export interface PatchOutcome {
  readonly patch: WorkloadPatch;
  readonly warnings: readonly Warning[];
}

function pickContainer(key: string, service: Service, workload: Workload, report: Report): V1Container | undefined {
  const { containers } = workload.podSpec;
  const names = containers.map(({ name }) => name).join(", ");
  const [first] = containers;
  if (service.container !== undefined) {
    const named = containers.find(({ name }) => name === service.container);
    if (named === undefined) {
      report({
        key: `services.${key}.container`,
        value: service.container,
        wrong: `is not a container of ${workloadText(workload)}; allowed: ${names}`,
        fix: "name one of them",
      });
    }
    return named;
  }
  if (containers.length > 1) {
    report({
      key: `services.${key}.container`,
      wrong: `is missing, and ${workloadText(workload)} has several containers; allowed: ${names}`,
      fix: "name the one with the agent",
    });
    return undefined;
  }
  return first;
}

function isHeld(written: SlotValue, workload: Workload): boolean {
  const { held, live, liveSecret } = readSlot(workload, written.slot);
  if (!held) return false;
  if ("value" in written) return live === written.value;
  return liveSecret?.name === written.secret.name && liveSecret.key === written.secret.key;
}

/** Who has undone a part of a patch that was applied, in a sentence; undefined: nobody. */
export function undoneBy({ values }: Pick<WorkloadPatch, "values">, live: Workload): string | undefined {
  const undone = values.find((written) => !isHeld(written, live));
  if (undone === undefined) return undefined;
  const others = { ...live, managedFields: live.managedFields.filter(({ manager }) => manager !== fieldManager) };
  const writer = lastWriter(others, placeOf(undone.slot).path) ?? lastWriter(others, []);
  return `${writer?.manager ?? "somebody"} has changed ${undone.slot.name} of ${workloadText(live)} after it was applied, so the agent does not move`;
}

interface Mounted {
  readonly volume: string;
  readonly mountPath: string | undefined;
}

/** Whether a volume of ours is mounted where it is wanted, or nowhere. */
function isMounted({ volume, mountPath }: Mounted, container: string, { podSpec }: Workload): boolean {
  const mounts = podSpec.containers.flatMap(({ name, volumeMounts = [] }) =>
    volumeMounts.filter((mount) => mount.name === volume).map((mount) => `${name}:${mount.mountPath}`),
  );
  return isDeepStrictEqual(mounts, mountPath === undefined ? [] : [`${container}:${mountPath}`]);
}

function hasAgent({ agent, container }: PodParts, workload: Workload): boolean {
  const held = managersOfField(workload, fieldPaths.imageOfInitContainer(agentVolume)).includes(fieldManager);
  const brings = workload.podSpec.initContainers?.find(({ name }) => name === agentVolume);
  return (
    (agent === undefined ? brings === undefined || !held : held && brings?.image === agent.image) &&
    isMounted({ volume: agentVolume, mountPath: agent?.mountPath }, container, workload)
  );
}

function hasAuthority({ authority, container }: PodParts, workload: Workload): boolean {
  const live = workload.podSpec.volumes?.find(({ name }) => name === authorityVolume)?.configMap?.name;
  return (
    live === authority?.configMap &&
    isMounted({ volume: authorityVolume, mountPath: authority?.mountPath }, container, workload)
  );
}

/** Whether the workload has everything that we want of it, and nothing more of ours. */
function isApplied(parts: PodParts, originals: string | undefined, workload: Workload): boolean {
  const slots = new Set(parts.values.map(({ slot }) => slotId(slot)));
  return (
    parts.values.every((written) => isHeld(written, workload)) &&
    heldSlots(workload).every((slot) => slots.has(slotId(slot))) &&
    workload.annotations[originalAnnotation] === originals &&
    hasAgent(parts, workload) &&
    hasAuthority(parts, workload)
  );
}

/**
 * The generation of the workload's spec over which the patch was applied last. It changes where somebody has undone the
 * patch, and nothing else would tell the engine that there is something to do.
 */
const appliedAnnotation = "skywalking-canary/applied-over-generation";

/** What the owner has in the slots that we set, as text of an annotation; undefined where there is nothing to keep. */
function keepOriginals(values: readonly SlotValue[], workload: Workload): string | undefined {
  const kept: Originals = {};
  for (const { slot } of values) {
    const { original } = readSlot(workload, slot);
    const list = slot.at === "env" ? "containers" : slot.at === "volume" ? "volumes" : undefined;
    if (original !== undefined) kept[slotId(slot)] = original;
    else if (list !== undefined && isWholeList(workload, list)) kept[slotId(slot)] = null;
  }
  return Object.keys(kept).length === 0 ? undefined : JSON.stringify(kept);
}

/** Whether a workload goes back at this stage: it has no patch, and something of ours, which its owner is to get. */
export function goesBack({
  planned,
  workload,
}: {
  readonly planned: PlannedService;
  readonly workload: Workload;
}): boolean {
  return planned.settings === undefined && hasOurs(workload);
}

/** A field of the owner's that a patch takes over. */
interface Taken {
  readonly place: Place;
  /** Whether it is ours already. */
  readonly held: boolean;
}

function takenOver(values: readonly SlotValue[], workload: Workload): Taken[] {
  const slots = values.flatMap(({ slot }) => {
    const { original, held } = readSlot(workload, slot);
    return original === undefined ? [] : [{ place: placeOf(slot), held }];
  });
  const lists = podLists
    .filter((list) => isWholeList(workload, list))
    .map((list) => ({
      place: placeOfList(list),
      held: managersOfWholeList(workload, list).includes(fieldManager),
    }));
  return [...slots, ...lists];
}

/** What goes back to its owner, of what is taken over, when a workload is to be as its owner made it. */
function returnedFields(taken: readonly Taken[], workload: Workload): ReturnedField[] {
  return taken
    .filter(({ held }) => held)
    .map(({ place }) => ({ path: place.path, managers: ownersOf(workload, place).managers }));
}

/**
 * What to apply to a workload so that its agent has the settings planned for it, or is as its owner made it.
 *
 * The patch holds what is ours and nothing else: what it no longer holds, the API server removes, and a value that was
 * the owner's and is now held by us alone is written back.
 *
 * @param configMaps - what the workload may mount
 * @returns undefined where the service cannot be moved; the reasons have been reported
 */
export function patchWorkload(
  planned: PlannedService,
  workload: Workload,
  configMaps: ConfigMaps,
  report: Report,
): PatchOutcome | undefined {
  const { key, service, settings, settingsOfTo } = planned;
  const container = pickContainer(key, service, workload, report);
  if (container === undefined) return undefined;
  const target = readTarget(service, container, workload, configMaps);
  // A service that cannot move later is reported now, before anything moves, but never keeps one from going back.
  const checked = settings ?? (goesBack({ planned, workload }) ? undefined : settingsOfTo);
  const possible = checked && injectSettings(key, service, target, checked, report);
  if (checked !== undefined && possible === undefined) return undefined;
  if (possible !== undefined) checkTakeOver(planned, workload, possible, report);
  const injection = settings === undefined ? undefined : possible;

  const written = new Set(injection?.values.map(({ slot }) => slotId(slot)));
  const values = [
    ...heldSlots(workload).flatMap((slot): SlotValue[] => {
      const { heldByUsAlone, original } = readSlot(workload, slot);
      return heldByUsAlone && original !== undefined && !written.has(slotId(slot)) ? [{ slot, value: original }] : [];
    }),
    ...(injection?.values ?? []),
  ];
  const parts = { container: container.name, values, ...brought(injection, settings) };
  const originals = keepOriginals(values, workload);
  const taken = takenOver(values, workload);
  const managers = keepManagers(taken, workload);
  const template = wholeLists(workload, podTemplate(parts));
  const applied = template.isAsLive && isApplied(parts, originals, workload);
  const appliedOver = applied ? workload.annotations[appliedAnnotation] : String(workload.generation);
  return {
    patch: {
      ...parts,
      annotations: {
        ...(originals === undefined ? {} : { [originalAnnotation]: originals }),
        ...(managers === undefined ? {} : { [managersAnnotation]: managers }),
        ...(appliedOver === undefined ? {} : { [appliedAnnotation]: appliedOver }),
      },
      configMap: injection?.configMap,
      template: template.template,
      hasOwners: template.hasOwners,
      isApplied: applied,
      returned: settings === undefined ? returnedFields(taken, workload) : [],
    },
    warnings: possible === undefined ? [] : ownerWarnings(planned, container, workload, possible),
  };
}

/** What comes in volumes of ours. */
function brought(
  injection: Injection | undefined,
  settings: AgentSettings | undefined,
): Pick<WorkloadPatch, "agent" | "authority"> {
  const upgrade = settings?.javaAgent;
  return {
    agent:
      upgrade === undefined || injection?.agentMountPath === undefined
        ? undefined
        : { image: upgrade.image, directory: upgrade.directory, mountPath: injection.agentMountPath },
    authority:
      settings?.tls?.ca === true && injection !== undefined
        ? { configMap: authorityConfigMap(settings.generation), mountPath: authorityMountPath }
        : undefined,
  };
}
