import type {
  CoreV1Event,
  V1ContainerStatus,
  V1ObjectMeta,
  V1Pod,
  V1PodStatus,
  V1ReplicaSet,
} from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};

import type { WorkloadKind } from "../../upgrade/workload/kinds";
import { rolloutReason, withLog, type NamespaceReading, type NotRolledOut } from "../../upgrade/workload/reasons";

const applied = new Date("2026-11-01T12:00:00Z");
const later = new Date("2026-11-01T12:01:00Z");
const latest = new Date("2026-11-01T12:02:00Z");
const earlier = new Date("2026-11-01T11:00:00Z");

const controller = (uid: string) => [{ apiVersion: "v1", kind: "any", name: "any", uid, controller: true }];

/** A workload that the program has changed. */
const cart: NotRolledOut = {
  metadata: { uid: "cart", managedFields: [{ manager: "skywalking-canary", time: applied }] },
};

const replicaSet = (uid: string, revision: string, annotation = "deployment.kubernetes.io/revision"): V1ReplicaSet => ({
  metadata: { uid, annotations: { [annotation]: revision }, ownerReferences: controller("cart") },
});

const pod = (status: V1PodStatus, metadata: Partial<V1ObjectMeta> = {}): V1Pod => ({
  metadata: { name: "cart-b-1", uid: "pod", ownerReferences: controller("b"), ...metadata },
  status,
});

const container = (fields: Partial<V1ContainerStatus>): V1PodStatus => ({
  containerStatuses: [{ name: "app", image: "app", imageID: "", ready: false, restartCount: 0, ...fields }],
});

type Times = Pick<CoreV1Event, "lastTimestamp" | "eventTime" | "series">;

const event = (
  uid: string,
  message: string,
  times: Times = { lastTimestamp: later },
  reason = "FailedCreate",
): CoreV1Event => ({ metadata: {}, involvedObject: { uid }, reason, message, ...times });

const condition = (type: string, status = "True") => ({ type, status, reason: "FailedCreate", message: "no room" });

function reasonOf(
  { pods = [], events = [], replicaSets = [replicaSet("a", "9"), replicaSet("b", "10")] }: Partial<NamespaceReading>,
  workload: NotRolledOut = cart,
  kind: WorkloadKind = "Deployment",
): string | undefined {
  return rolloutReason(kind, workload, { pods, events, replicaSets })?.text;
}

test("nobody says a reason", () => {
  expect(reasonOf({})).toBeUndefined();
  expect(reasonOf({ replicaSets: [] }, {})).toBeUndefined();
  expect(
    reasonOf({ pods: [pod({ phase: "Failed" }), { metadata: { ownerReferences: controller("b") } }] }),
  ).toBeUndefined();
});

test.each([
  ["a Deployment or a Rollout", "ReplicaFailure", "True", "FailedCreate: no room"],
  ["a CloneSet", "FailedScale", "True", "FailedCreate: no room"],
  ["nobody: it is over", "ReplicaFailure", "False", undefined],
  ["nobody: it is about something else", "Available", "True", undefined],
])("the condition of %s", (_, type, status, expected) => {
  const workload = { ...cart, status: { conditions: [condition(type, status)] } };
  expect(reasonOf({}, workload)).toBe(expected);
});

test.each<[string, V1PodStatus, string | undefined]>([
  [
    "has no node",
    { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes" }] },
    "Unschedulable: 0/3 nodes",
  ],
  ["has failed", { phase: "Failed", reason: "Evicted", message: "disk" }, "Evicted: disk"],
  [
    "has no image",
    container({ state: { waiting: { reason: "ImagePullBackOff", message: "not found" } } }),
    "container app: ImagePullBackOff: not found",
  ],
  [
    "has an init container that crashes",
    {
      initContainerStatuses: [
        {
          ...{ name: "init", image: "init", imageID: "", ready: false, restartCount: 1 },
          state: { terminated: { exitCode: 2, reason: "Error" } },
        },
      ],
    },
    "container init: Error: exit code 2",
  ],
  [
    "crashes again and again",
    container({
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s" } },
      lastState: { terminated: { exitCode: 1, reason: "Error", message: "no\n  agent jar" } },
    }),
    "container app: CrashLoopBackOff: Error: exit code 1: no agent jar",
  ],
  [
    "crashes, and it is not known how",
    container({ state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s" } } }),
    "container app: CrashLoopBackOff: back-off 5m0s",
  ],
  [
    "has crashed and runs again",
    container({ state: { running: {} }, lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } } }),
    "container app: OOMKilled: exit code 137",
  ],
  ["starts", container({ state: { waiting: { reason: "ContainerCreating" } } }), undefined],
  ["has said nothing yet", container({}), undefined],
  ["is ready", container({ ready: true, lastState: { terminated: { exitCode: 1 } } }), undefined],
])("a new pod %s", (_, status, expected) => {
  expect(reasonOf({ pods: [pod(status)] })).toBe(expected && `pod cart-b-1: ${expected}`);
});

const evicted: V1PodStatus = { phase: "Failed", reason: "Evicted" };

test.each<[WorkloadKind, NotRolledOut, Partial<V1ObjectMeta>, boolean]>([
  ["Deployment", cart, { ownerReferences: controller("b") }, true],
  ["Deployment", cart, { ownerReferences: controller("a") }, false],
  ["Deployment", cart, { ownerReferences: controller("b"), deletionTimestamp: later }, false],
  ["Deployment", cart, { ownerReferences: [] }, false],
  ["StatefulSet", { ...cart, status: { updateRevision: "cart-7d" } }, revisionLabel("cart-7d"), true],
  ["StatefulSet", { ...cart, status: { updateRevision: "cart-7d" } }, revisionLabel("cart-5b"), false],
  ["CloneSet", { ...cart, status: { updateRevision: "cart-7d" } }, revisionLabel("cart-7d"), true],
  [
    "DaemonSet",
    { metadata: { uid: "cart", annotations: { "deprecated.daemonset.template.generation": "4" } } },
    { ownerReferences: controller("cart"), labels: { "pod-template-generation": "4" } },
    true,
  ],
])("a %s %j tells new pods from old ones: %j", (kind, workload, metadata, isNew) => {
  expect(reasonOf({ pods: [pod(evicted, metadata)] }, workload, kind)).toBe(
    isNew ? "pod cart-b-1: Evicted" : undefined,
  );
});

function revisionLabel(revision: string) {
  return { ownerReferences: controller("cart"), labels: { "controller-revision-hash": revision } };
}

test("the newest ReplicaSet of a Rollout has its new pods", () => {
  const replicaSets = ["1", "2"].map((revision) =>
    replicaSet(revision === "2" ? "b" : "a", revision, "rollout.argoproj.io/revision"),
  );
  expect(reasonOf({ replicaSets, pods: [pod(evicted)] }, cart, "Rollout")).toBe("pod cart-b-1: Evicted");
});

test("of several pods, the first by name", () => {
  const pods = ["cart-b-2", "cart-b-1"].map((name) => pod(evicted, { name }));
  expect(reasonOf({ pods })).toBe("pod cart-b-1: Evicted");
});

test.each<[string, readonly CoreV1Event[], string | undefined]>([
  ["of the workload", [event("cart", "forbidden")], "FailedCreate: forbidden"],
  ["of the new ReplicaSet", [event("b", "exceeded quota")], "FailedCreate: exceeded quota"],
  ["of an old ReplicaSet", [event("a", "exceeded quota")], undefined],
  [
    "of a new pod",
    [event("pod", "no volume", { lastTimestamp: later }, "FailedMount")],
    "pod cart-b-1: FailedMount: no volume",
  ],
  ["of the workload before one of a pod", [event("pod", "no"), event("cart", "first")], "FailedCreate: first"],
  ["from before the change", [event("cart", "old", { lastTimestamp: earlier })], undefined],
  ["the newest", [event("cart", "newest", { lastTimestamp: latest }), event("cart", "older")], "FailedCreate: newest"],
  [
    "with a series",
    [event("cart", "again", { series: { lastObservedTime: later } }), event("cart", "older")],
    "FailedCreate: older",
  ],
  ["with its time alone", [event("cart", "once", { eventTime: later })], "FailedCreate: once"],
  ["without any time", [event("cart", "when", {})], undefined],
])("an event: %s", (_, events, expected) => {
  expect(reasonOf({ events, pods: [pod({})] })).toBe(expected);
});

test("every event counts for a workload that the program has not changed", () => {
  const events = [event("cart", "old", { lastTimestamp: earlier })];
  expect(reasonOf({ events }, { metadata: { uid: "cart" } })).toBe("FailedCreate: old");
});

test("a long text loses its middle, and no secret is shown", () => {
  const said = `${"x".repeat(300)}${"y".repeat(300)} at http://me:secret@host/`;
  const shown = String(reasonOf({ pods: [pod({ phase: "Failed", reason: "Error", message: said })] }));
  expect(shown).toMatch(/^pod cart-b-1: Error: x+ \.\.\. y+ at http:\/\/\.\.\.@host\/$/);
  expect(shown).toHaveLength(405);
});

describe("the log of a container", () => {
  const ended = (message?: string) => ({
    lastState: { terminated: { exitCode: 1, reason: "Error", ...(message === undefined ? {} : { message }) } },
    state: { waiting: { reason: "CrashLoopBackOff" } },
  });
  const crashed = (status: V1PodStatus): unknown =>
    rolloutReason("Deployment", cart, { pods: [pod(status)], events: [], replicaSets: [replicaSet("b", "10")] })
      ?.crashed;

  test("may say why it ended, where it left no message", () => {
    const place = { pod: "cart-b-1", container: "app" };
    expect(crashed(container(ended()))).toEqual(place);
    expect(crashed(container(ended("")))).toEqual(place);
    expect(crashed(container({ lastState: { terminated: { exitCode: 1 } } }))).toEqual(place);
    expect(crashed(container(ended("no heap")))).toBeUndefined();
    expect(crashed(container({ state: { waiting: { reason: "ImagePullBackOff" } } }))).toBeUndefined();
  });

  test("is told on one line, without what nobody may read", () => {
    expect(withLog({ text: "it ended" }, undefined)).toBe("it ended");
    expect(withLog({ text: "it ended" }, " \n")).toBe("it ended");
    expect(withLog({ text: "it ended" }, "trying http://u:hunter2@es\nno such host\n")).toBe(
      "it ended; its log ends with: trying http://...@es no such host",
    );
  });
});
