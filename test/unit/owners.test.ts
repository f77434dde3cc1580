import {
  keepManagers,
  managersAnnotation,
  managersWithoutUs,
  ownersOf,
  type Manager,
} from "../../upgrade/workload/owners";
import { placeOf, readSlot, type Slot } from "../../upgrade/workload/slot";
import { placeOfList } from "../../upgrade/workload/whole-lists";
import type { ManagedFields, Workload } from "../../upgrade/workload/workload";
import { env, outcomeOf, placed, v9, variableFields, workload } from "./target";

const slot: Slot = { at: "env", container: "app", name: "JAVA_TOOL_OPTIONS" };
const place = placeOf(slot);

/** A field manager's entry that owns some fields of the variable. */
const entryOf = (manager: string, operation: "Apply" | "Update", fields: readonly string[]): ManagedFields => ({
  manager,
  operation,
  apiVersion: "apps/v1",
  fieldsType: "FieldsV1",
  fieldsV1: variableFields({ JAVA_TOOL_OPTIONS: fields }),
});
const all = [".", "f:name", "f:value"];
const entry = [".", "f:name"];
const elsewhere = {
  manager: "helm",
  operation: "Apply",
  apiVersion: "apps/v1",
  fieldsV1: { "f:spec": { "f:replicas": {} } },
};
const helm: Manager = { manager: "helm", operation: "Apply", apiVersion: "apps/v1" };
const kubectl: Manager = { manager: "kubectl", operation: "Update", apiVersion: "apps/v1" };
const ours = entryOf("skywalking-canary", "Apply", all);

const moved = (managedFields: readonly ManagedFields[], noted?: readonly Manager[]): Workload => ({
  ...workload({ env: env({ JAVA_TOOL_OPTIONS: "ours" }) }),
  managedFields,
  annotations: {
    "skywalking-canary/original": JSON.stringify({ [place.id]: "theirs" }),
    ...(noted === undefined ? {} : { [managersAnnotation]: JSON.stringify({ [place.id]: noted }) }),
  },
});

test.each<[string, readonly ManagedFields[], readonly Manager[] | undefined, readonly Manager[], boolean]>([
  ["who had it and still has the variable", [ours, entryOf("helm", "Apply", entry)], [helm], [helm], false],
  ["who has the variable, where nobody was noted", [ours, entryOf("helm", "Apply", entry)], undefined, [helm], false],
  [
    "who has it now, of another who applied it before",
    [ours, entryOf("argo", "Apply", entry)],
    [helm],
    [{ ...helm, manager: "argo" }],
    false,
  ],
  ["who is not there any more", [ours], [helm], [helm], false],
  ["who only set its value", [ours, entryOf("helm", "Apply", entry)], [kubectl], [kubectl], false],
  ["two who had it", [ours, entryOf("helm", "Apply", entry)], [helm, kubectl], [helm, kubectl], false],
  ["nobody, where its owner applies without it now", [ours, elsewhere], [helm], [], true],
  ["nobody, where nobody ever was", [ours, { ...elsewhere, subresource: "status" }], undefined, [], false],
])("the value is of %s", (_, managedFields, noted, managers, gaveUp) => {
  const target = moved(managedFields, noted);
  expect(ownersOf(target, place)).toEqual({ managers, gaveUp });
  expect(readSlot(target, slot)).toMatchObject({ held: true, original: gaveUp ? undefined : "theirs" });
});

test("an annotation of the pods is of who had it, since nothing else tells", () => {
  const annotation = placeOf({ at: "annotation", name: "a" });
  const target = {
    ...moved([ours]),
    annotations: { [managersAnnotation]: JSON.stringify({ [annotation.id]: [helm] }) },
  };
  expect(ownersOf(target, annotation)).toEqual({ managers: [helm], gaveUp: false });
  expect(ownersOf(moved([ours]), annotation)).toEqual({ managers: [], gaveUp: false });
});

test("a note that somebody has made unreadable loses no value", () => {
  const target = moved([ours, entryOf("helm", "Apply", entry)], [helm]);
  const broken = { ...target, annotations: { ...target.annotations, [managersAnnotation]: "{" } };
  expect(ownersOf(broken, place)).toEqual({ managers: [helm], gaveUp: false });
});

test("managers are noted when a field is taken over, and kept from then on", () => {
  const before = {
    ...moved([entryOf("helm", "Apply", all), entryOf("kubectl", "Update", ["f:value"])]),
    annotations: {},
  };
  const noted = JSON.stringify({ [place.id]: [helm, kubectl] });
  expect(keepManagers([{ place, held: false }], before)).toBe(noted);
  expect(keepManagers([{ place, held: true }], moved([ours], [helm, kubectl]))).toBe(noted);
  expect(keepManagers([{ place, held: true }], moved([ours]))).toBeUndefined();
  expect(outcomeOf(placed(v9), before).outcome?.patch.annotations).toMatchObject({ [managersAnnotation]: noted });
});

describe("without us", () => {
  test("a value is its owner's again, and of one who is not there any more", () => {
    const managedFields = [ours, entryOf("helm", "Apply", entry), { ...ours, operation: "Update" }];
    const back = managersWithoutUs(moved(managedFields), [{ path: place.path, managers: [helm, kubectl] }]);
    expect(back).toEqual([entryOf("helm", "Apply", all), entryOf("kubectl", "Update", ["f:value"])]);
  });

  test("a list that has one owner is that owner's again", () => {
    const { path } = placeOfList("containers");
    const back = managersWithoutUs({ kind: "Rollout", managedFields: [{ ...helm }] }, [{ path, managers: [helm] }]);
    expect(back).toEqual([{ ...helm, fieldsV1: { "f:spec": { "f:template": { "f:spec": { "f:containers": {} } } } } }]);
  });

  test("what goes back is the value that we hold alone, to whom it was taken from", () => {
    const { outcome } = outcomeOf(placed(undefined), moved([ours, entryOf("helm", "Apply", entry)], [helm]));
    expect(outcome?.patch.returned).toEqual([{ path: place.path, managers: [helm] }]);
    expect(outcome?.patch.values).toEqual([{ slot, value: "theirs" }]);
    const taken = outcomeOf(placed(undefined), moved([ours, entryOf("helm", "Apply", all)], [helm])).outcome;
    expect(taken?.patch.returned).toEqual([]);
  });
});
