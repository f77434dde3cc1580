import * as z from "zod";

import { fieldManager, ownsPath, templateFields, type ManagedFields, type Workload } from "./workload";

const manager = z.strictObject({ manager: z.string(), operation: z.enum(["Apply", "Update"]), apiVersion: z.string() });

/**
 * A field manager of the owner's: what the API server tells entries of `managedFields` apart by. What is applied
 * (`Apply`) ends with a conflict where another manager has the field, unless it is forced; an `Update` never does.
 */
export type Manager = z.output<typeof manager>;

/**
 * Annotation of a workload, never of its pods: which managers the fields had that the patch has taken over, by place.
 * The API server forgets them when a patch is forced.
 */
export const managersAnnotation = "skywalking-canary/original-managers";

const managersByPlace = z.record(z.string(), z.array(manager));
export type ManagersByPlace = z.output<typeof managersByPlace>;

/** A field of the pod template that the program may take over from its owner. */
export interface Place {
  /** Its name in annotations. */
  readonly id: string;
  /** Its path below the pod template in managedFields. */
  readonly path: readonly string[];
  /** The list's entry that it is in, which stays its owner's when the field is taken over. */
  readonly entry: readonly string[] | undefined;
}

/** Whose a field is that we have taken over. */
export interface Owners {
  readonly managers: readonly Manager[];
  /** They have let go of it since: what they had there is not to come back. */
  readonly gaveUp: boolean;
}

/** The managers that were noted; none where nobody can read the note any more, which loses no value. */
function readManagers({ annotations }: Workload): ManagersByPlace {
  try {
    return managersByPlace.parse(JSON.parse(annotations[managersAnnotation] ?? "{}"));
  } catch {
    return {};
  }
}

const isOf =
  ({ manager, operation, apiVersion }: Manager) =>
  (entry: ManagedFields): boolean =>
    entry.manager === manager &&
    entry.operation === operation &&
    entry.apiVersion === apiVersion &&
    entry.subresource === undefined;

/** The managers beside us that own a field of the pod template. */
function managersAt({ kind, managedFields }: Workload, path: readonly string[]): Manager[] {
  const whole = [...templateFields(kind), ...path];
  return managedFields.flatMap((entry) => {
    const known = manager.safeParse({
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
    });
    const isOwner = entry.subresource === undefined && ownsPath(entry.fieldsV1, whole);
    return known.success && known.data.manager !== fieldManager && isOwner ? [known.data] : [];
  });
}

/**
 * Whose a field is that we have taken over, by what the API server still notes and by what we noted before.
 *
 * Who applies a manifest has the list's entry as long as the manifest has it. Who applies under another name since
 * (client-side, then server-side) has it under that name. Who is nowhere any more would still have the field if we had
 * never come.
 */
export function ownersOf(workload: Workload, { id, entry }: Place): Owners {
  const noted = readManagers(workload)[id] ?? [];
  if (entry === undefined) return { managers: noted, gaveUp: false };
  const now = managersAt(workload, [...entry, "."]);
  const isLeft = (one: Manager): boolean =>
    one.operation === "Update" ||
    now.some((other) => isOf(one)(other)) ||
    (now.length === 0 && !workload.managedFields.some(isOf(one)));
  const left = noted.filter(isLeft);
  const managers = left.length > 0 ? left : now;
  return { managers, gaveUp: noted.length > 0 && managers.length === 0 };
}

/** Whose a field is, or was before it was ours. */
export function managersOf(workload: Workload, place: Place, isOurs: boolean): readonly Manager[] {
  return isOurs ? ownersOf(workload, place).managers : managersAt(workload, place.path);
}

/**
 * The managers to note of fields that are taken over, as text of an annotation; undefined where there is none.
 *
 * @param places - each with whether it is ours already, so that what was noted stays
 */
export function keepManagers(
  places: readonly { readonly place: Place; readonly held: boolean }[],
  workload: Workload,
): string | undefined {
  const noted = readManagers(workload);
  const kept = places.flatMap(({ place, held }) => {
    const managers = held ? (noted[place.id] ?? []) : managersAt(workload, place.path);
    return managers.length === 0 ? [] : [[place.id, managers] as const];
  });
  return kept.length === 0 ? undefined : JSON.stringify(Object.fromEntries(kept));
}

/** A field that goes back to its owner. */
export interface ReturnedField {
  /** Below the pod template, as in managedFields. */
  readonly path: readonly string[];
  readonly managers: readonly Manager[];
}

type Fields = Readonly<Record<string, unknown>>;

function withField(fields: Fields, [key, ...below]: readonly string[]): Fields {
  if (key === undefined) return fields;
  return { ...fields, [key]: withField((fields[key] ?? {}) as Fields, below) };
}

/**
 * `managedFields` as they would be if we had never come: without us, and with what was the owner's under the owner's
 * managers.
 *
 * @param managedFields - of the workload whose values are the owner's again
 */
export function managersWithoutUs(
  { kind, managedFields }: Pick<Workload, "kind" | "managedFields">,
  returned: readonly ReturnedField[],
): ManagedFields[] {
  const theirs = managedFields.filter((entry) => entry.manager !== fieldManager);
  return returned.reduce<ManagedFields[]>(
    (entries, { path, managers }) =>
      managers.reduce((before, one) => {
        const isNew = !before.some(isOf(one));
        const all: ManagedFields[] = isNew ? [...before, { ...one, fieldsType: "FieldsV1", fieldsV1: {} }] : before;
        const whole = [...templateFields(kind), ...path];
        return all.map((entry) =>
          isOf(one)(entry) ? { ...entry, fieldsV1: withField((entry.fieldsV1 ?? {}) as Fields, whole) } : entry,
        );
      }, entries),
    theirs,
  );
}
