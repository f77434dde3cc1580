import { lastWriter } from "../../upgrade/workload/last-writer";
import type { ManagedFields } from "../../upgrade/workload/workload";

const entry = (manager: string, time?: string, more: Partial<ManagedFields> = {}): ManagedFields => ({
  manager,
  fieldsV1: { "f:spec": { "f:template": { "f:spec": { "f:containers": {} } } } },
  ...(time === undefined ? {} : { time: new Date(time) }),
  ...more,
});
const containers = ["f:spec", "f:containers"];

test.each<[string, ManagedFields[], string | undefined]>([
  ["the latest", [entry("a", "2026-01-01"), entry("b", "2026-01-02")], "b"],
  ["one whose time is known", [entry("a"), entry("b", "2026-01-02"), entry("c")], "b"],
  ["one of the only manager", [entry("a")], "a"],
  ["not of a subresource", [entry("a", "2026-01-02", { subresource: "scale" }), entry("b", "2026-01-01")], "b"],
  ["not of other fields", [entry("a", "2026-01-02", { fieldsV1: { "f:spec": { "f:replicas": {} } } })], undefined],
])("%s", (_, managedFields, manager) => {
  expect(lastWriter({ kind: "Deployment", managedFields }, containers)?.manager).toBe(manager);
});

test("with its time, where it is known", () => {
  const of = (managedFields: ManagedFields[]) => lastWriter({ kind: "Deployment", managedFields }, containers);
  expect(of([entry("a", "2026-01-02")])).toEqual({ manager: "a", time: "2026-01-02T00:00:00.000Z" });
  expect(of([entry("a")])).toEqual({ manager: "a", time: undefined });
});
