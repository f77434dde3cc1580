import * as z from "zod";

import { podVolumes } from "./additions";
import { ownersOf, type Place } from "./owners";
import { workloadText } from "./ref";
import {
  fieldManager,
  fieldPaths,
  managersOfField,
  managersOfWholeList,
  ownedBelow,
  type PodList,
  type Workload,
} from "./workload";

/** A variable of a container. */
export interface EnvSlot {
  readonly at: "env";
  readonly container: string;
  readonly name: string;
}

/** A place in a workload's pod template that holds one value: the owner's, ours, or ours over the owner's. */
export type Slot =
  | EnvSlot
  /** An annotation of the pods. */
  | { readonly at: "annotation"; readonly name: string }
  /** The ConfigMap of a volume. */
  | { readonly at: "volume"; readonly name: string };

/** What is to stand in a slot: a text, or a key of a Secret. */
export type SlotValue =
  | { readonly slot: Slot; readonly value: string }
  | { readonly slot: EnvSlot; readonly secret: { readonly name: string; readonly key: string } };

export interface SlotState {
  readonly slot: Slot;
  readonly live: string | undefined;
  /** The Secret's key that a variable is read from; undefined for a text. */
  readonly liveSecret: { readonly name?: string; readonly key: string } | undefined;
  /** Whether the value comes from elsewhere (`valueFrom`), and not by our hand. */
  readonly foreign: boolean;
  /** Whether our patch holds it now. */
  readonly held: boolean;
  /** What the owner's manifest sets; undefined where it sets nothing. */
  readonly original: string | undefined;
  /** Nobody but us owns a value that was the owner's: if we let go of it, it vanishes. */
  readonly heldByUsAlone: boolean;
}

/**
 * Annotation of a workload, never of its pods: what the owner's manifest has in the slots that the patch has taken
 * over, by {@link slotId}. Null where it has nothing, which is noted only in lists that can be owned as a whole alone.
 */
export const originalAnnotation = "skywalking-canary/original";

const originals = z.record(z.string(), z.string().nullable());
export type Originals = z.output<typeof originals>;

/** @throws Error when somebody has made the annotation unreadable. */
export function readOriginals(workload: Workload): Originals {
  const text = workload.annotations[originalAnnotation];
  if (text === undefined) return {};
  try {
    return originals.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `Cannot read the annotation ${originalAnnotation} of ${workloadText(workload)}, which keeps what its owner had set: ${text} -> restore it, or have the owner deploy the workload and remove it`,
      { cause: error },
    );
  }
}

/** A slot's name, in the annotation that keeps what the owner had there. */
export function slotId(slot: Slot): string {
  return slot.at === "env" ? `env/${slot.container}/${slot.name}` : `${slot.at}/${slot.name}`;
}

function pathOf(slot: Slot, fromElsewhere: boolean): readonly string[] {
  switch (slot.at) {
    case "env":
      return fieldPaths.variable(slot.container, slot.name, fromElsewhere ? "valueFrom" : "value");
    case "annotation":
      return fieldPaths.podAnnotation(slot.name);
    case "volume":
      return fieldPaths.configMapOfVolume(slot.name);
  }
}

/** Where the owner has a slot's value. */
export function placeOf(slot: Slot): Place {
  const path = pathOf(slot, false);
  const depth = { env: -1, volume: -2, annotation: undefined }[slot.at];
  return { id: slotId(slot), path, entry: depth === undefined ? undefined : path.slice(0, depth) };
}

const listOf = { env: "containers", volume: "volumes", annotation: undefined } as const;

function readLive(
  { podSpec, podAnnotations }: Workload,
  slot: Slot,
): Pick<SlotState, "live" | "liveSecret" | "foreign"> {
  const text = (live: string | undefined) => ({ live, liveSecret: undefined, foreign: false });
  if (slot.at === "annotation") return text(podAnnotations[slot.name]);
  if (slot.at === "volume") return text(podSpec.volumes?.find(({ name }) => name === slot.name)?.configMap?.name);
  const container = podSpec.containers.find(({ name }) => name === slot.container);
  const entry = container?.env?.find(({ name }) => name === slot.name);
  if (entry?.valueFrom === undefined) return text(entry === undefined ? undefined : (entry.value ?? ""));
  return { live: undefined, liveSecret: entry.valueFrom.secretKeyRef, foreign: true };
}

/** Reads a slot of the live workload, and whose it is. */
export function readSlot(workload: Workload, slot: Slot): SlotState {
  const list = listOf[slot.at];
  const live = readLive(workload, slot);
  const noted = readOriginals(workload)[slotId(slot)];
  const before = noted ?? undefined;
  if (list !== undefined && managersOfWholeList(workload, list).includes(fieldManager)) {
    const held = noted !== undefined;
    return {
      slot,
      ...live,
      held,
      foreign: live.foreign && !held,
      original: held ? before : live.live,
      // The list is written back as a whole.
      heldByUsAlone: false,
    };
  }
  const managers = managersOfField(workload, pathOf(slot, live.foreign));
  const held = managers.includes(fieldManager);
  const gaveUp = held && before !== undefined && ownersOf(workload, placeOf(slot)).gaveUp;
  const original = held ? (gaveUp ? undefined : before) : live.live;
  return {
    slot,
    ...live,
    held,
    foreign: live.foreign && !held,
    original,
    heldByUsAlone: held && original !== undefined && managers.length === 1,
  };
}

/** Every slot that our patch holds now, by the API server's own notes. */
export function heldSlots(workload: Workload): Slot[] {
  const nameOf = (key: string): string[] =>
    key.startsWith("k:") ? [(JSON.parse(key.slice(2)) as { name: string }).name] : [];
  const isWhole = (list: PodList): boolean => managersOfWholeList(workload, list).includes(fieldManager);
  const originals = readOriginals(workload);
  const { podSpec } = workload;
  const containers = ["f:spec", "f:containers"];
  const env: Slot[] = isWhole("containers")
    ? podSpec.containers
        .flatMap(({ name: container, env = [] }) => env.map(({ name }): Slot => ({ at: "env", container, name })))
        .filter((slot) => slotId(slot) in originals)
    : ownedBelow(workload, containers).flatMap((key) =>
        nameOf(key).flatMap((container) =>
          ownedBelow(workload, [...containers, key, "f:env"])
            .flatMap(nameOf)
            .map((name): Slot => ({ at: "env", container, name })),
        ),
      );
  const volumes: Slot[] = isWhole("volumes")
    ? (podSpec.volumes ?? [])
        .map(({ name }): Slot => ({ at: "volume", name }))
        .filter((slot) => slotId(slot) in originals)
    : ownedBelow(workload, ["f:spec", "f:volumes"])
        .flatMap(nameOf)
        .filter((name) => !podVolumes.has(name))
        .map((name): Slot => ({ at: "volume", name }));
  const annotations = ownedBelow(workload, ["f:metadata", "f:annotations"])
    .filter((key) => key.startsWith("f:"))
    .map((key): Slot => ({ at: "annotation", name: key.slice(2) }));
  // An entry of a list may be ours too where its value is the owner's again.
  return [...env, ...annotations, ...volumes].filter((slot) => readSlot(workload, slot).held);
}
