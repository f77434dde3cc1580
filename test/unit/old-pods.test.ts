import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { toWorkload } from "../../components/cluster/listed-workload";
import { isOnDelete, nextOldPod } from "../../upgrade/workload/old-pods";
import type { NotRolledOut } from "../../upgrade/workload/reasons";

const ledger: NotRolledOut = {
  metadata: { uid: "ledger", generation: 2 },
  spec: { replicas: 3, updateStrategy: { type: "OnDelete" } },
  status: { observedGeneration: 2, updateRevision: "new" },
};

const pod = (name: string, revision: string, { ready = true, going = false, of = "ledger" } = {}): V1Pod => ({
  metadata: {
    name,
    labels: { "controller-revision-hash": revision },
    ownerReferences: [{ apiVersion: "apps/v1", kind: "StatefulSet", name: of, uid: of, controller: true }],
    ...(going ? { deletionTimestamp: new Date() } : {}),
  },
  status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
});

test.each<[string, V1Pod[], string | undefined]>([
  ["the last by ordinal", [pod("l-1", "old"), pod("l-2", "old"), pod("l-10", "old")], "l-10"],
  ["the last old one", [pod("l-0", "old"), pod("l-1", "old"), pod("l-2", "new")], "l-1"],
  ["one that is not ready first", [pod("l-0", "old", { ready: false }), pod("l-1", "old"), pod("l-2", "old")], "l-0"],
  [
    "nobody while a new one is not ready",
    [pod("l-0", "old"), pod("l-1", "old"), pod("l-2", "new", { ready: false })],
    undefined,
  ],
  ["nobody while one is going", [pod("l-0", "old"), pod("l-1", "old"), pod("l-2", "old", { going: true })], undefined],
  ["nobody while one is missing", [pod("l-0", "old"), pod("l-1", "new")], undefined],
  [
    "nobody of others",
    [pod("l-0", "new"), pod("l-1", "new"), pod("l-2", "new"), pod("x", "old", { of: "x" })],
    undefined,
  ],
  ["nobody that nobody owns", [{ metadata: { name: "x" } }, {}], undefined],
])("%s", (_, pods, next) => {
  expect(nextOldPod("StatefulSet", ledger, pods)).toBe(next);
});

test("nobody while it is not known which are new", () => {
  const pods = [pod("l-0", "old"), pod("l-1", "old"), pod("l-2", "old")];
  expect(
    nextOldPod("StatefulSet", { ...ledger, status: { updateRevision: "new", observedGeneration: 1 } }, pods),
  ).toBeUndefined();
  expect(nextOldPod("StatefulSet", { ...ledger, status: { updateRevision: "new" } }, pods)).toBeUndefined();
  expect(nextOldPod("StatefulSet", { ...ledger, status: { observedGeneration: 2 } }, pods)).toBeUndefined();
  expect(nextOldPod("StatefulSet", {}, pods)).toBeUndefined();
  expect(nextOldPod("Deployment", ledger, pods)).toBeUndefined();
});

test("a workload is not held by OnDelete where the program deletes its pods", () => {
  const listed = {
    metadata: { name: "ledger", namespace: "shop" },
    spec: { ...ledger.spec, template: { spec: { containers: [] } } },
  };
  expect(isOnDelete(listed)).toBe(true);
  expect(toWorkload("default", "StatefulSet", listed)?.heldRollout).toBe("updateStrategy OnDelete");
  expect(toWorkload("default", "StatefulSet", listed, { deletesPods: true })?.heldRollout).toBeUndefined();
});
