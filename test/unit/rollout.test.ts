import { milliseconds } from "../../upgrade/duration";
import type { RolloutState } from "../../upgrade/workload/rollout";
import { pendingRollout, podCount, type WorkloadKind } from "../../upgrade/workload/kinds";

const seen = { metadata: { generation: 3 } };
const status = (fields: NonNullable<RolloutState["status"]>) => ({ observedGeneration: 3, ...fields });

test.each<[WorkloadKind, RolloutState, string | undefined]>([
  ["Rollout", { ...seen, status: { observedGeneration: "2", phase: "Healthy" } }, "not seen by its controller yet"],
  ["Rollout", { ...seen, status: { observedGeneration: "3", phase: "Healthy" } }, undefined],
  [
    "Rollout",
    { ...seen, status: { observedGeneration: "3", phase: "Paused", message: "CanaryPauseStep" } },
    "Paused: CanaryPauseStep",
  ],
  ["Rollout", { ...seen, status: { observedGeneration: "3" } }, "no phase yet"],
  [
    "CloneSet",
    { ...seen, spec: { replicas: 3 }, status: status({ updatedReplicas: 3, updatedReadyReplicas: 2 }) },
    "2 of 3 pods ready",
  ],
  ["CloneSet", { ...seen, status: status({}) }, "0 of 1 pods updated"],
  [
    "CloneSet",
    {
      ...seen,
      spec: { replicas: 3, updateStrategy: { partition: "40%" } },
      status: status({ updatedReplicas: 1, updatedReadyReplicas: 1 }),
    },
    "1 of 3 pods updated; partition 40%: set it to 0",
  ],
  [
    "CloneSet",
    { ...seen, spec: { replicas: 3, updateStrategy: { paused: true } }, status: status({ updatedReplicas: 1 }) },
    "1 of 3 pods updated; paused: resume it",
  ],
  [
    "Deployment",
    { ...seen, spec: { replicas: 2, paused: true }, status: status({ replicas: 2, updatedReplicas: 0 }) },
    "old pods still running: 2; paused: resume it",
  ],
  [
    "Deployment",
    {
      ...seen,
      spec: { replicas: 1, paused: true },
      status: status({ replicas: 1, updatedReplicas: 1, availableReplicas: 1 }),
    },
    undefined,
  ],
  ["Deployment", {}, "0 of 1 pods updated"],
  ["Deployment", { ...seen, status: { observedGeneration: 2 } }, "not seen by its controller yet"],
  ["Deployment", { ...seen, status: {} }, "not seen by its controller yet"],
  [
    "Deployment",
    { ...seen, spec: { replicas: 2 }, status: status({ replicas: 3, updatedReplicas: 2 }) },
    "old pods still running: 1",
  ],
  [
    "Deployment",
    { ...seen, spec: { replicas: 2 }, status: status({ replicas: 1, updatedReplicas: 1 }) },
    "1 of 2 pods updated",
  ],
  [
    "Deployment",
    { ...seen, spec: { replicas: 2 }, status: status({ replicas: 2, updatedReplicas: 2, availableReplicas: 1 }) },
    "1 of 2 pods ready",
  ],
  [
    "Deployment",
    { ...seen, spec: { replicas: 2 }, status: status({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 }) },
    undefined,
  ],
  ["Deployment", { ...seen, spec: { replicas: 0 }, status: status({}) }, undefined],
  ["StatefulSet", {}, "0 of 1 pods updated"],
  [
    "StatefulSet",
    { ...seen, spec: { replicas: 2 }, status: status({ replicas: 2, updatedReplicas: 1, readyReplicas: 2 }) },
    "1 of 2 pods updated",
  ],
  [
    "StatefulSet",
    { ...seen, spec: { replicas: 2 }, status: status({ replicas: 2, updatedReplicas: 2, readyReplicas: 1 }) },
    "1 of 2 pods ready",
  ],
  [
    "StatefulSet",
    { ...seen, spec: { replicas: 2 }, status: status({ updatedReplicas: 2, readyReplicas: 2 }) },
    undefined,
  ],
  [
    "StatefulSet",
    { ...seen, spec: { replicas: 2, updateStrategy: { type: "OnDelete" } }, status: status({}) },
    "0 of 2 pods updated; updateStrategy OnDelete: delete its old pods",
  ],
  [
    "StatefulSet",
    {
      metadata: { generation: 3, namespace: "shop" },
      spec: { replicas: 2, updateStrategy: { type: "OnDelete" }, selector: { matchLabels: { app: "a", tier: "b" } } },
      status: status({ updatedReplicas: 1, updateRevision: "a-7d" }),
    },
    "1 of 2 pods updated; updateStrategy OnDelete: delete its old pods (kubectl -n shop delete pods -l 'app=a,tier=b,controller-revision-hash!=a-7d')",
  ],
  [
    "StatefulSet",
    {
      ...seen,
      spec: { replicas: 2, updateStrategy: { type: "OnDelete" } },
      status: status({ updatedReplicas: 2, readyReplicas: 2 }),
    },
    undefined,
  ],
  [
    "StatefulSet",
    {
      ...seen,
      spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      status: status({ updatedReplicas: 1, readyReplicas: 3 }),
    },
    "1 of 3 pods updated; partition 2: set it to 0",
  ],
  [
    "StatefulSet",
    {
      ...seen,
      spec: { replicas: 1, updateStrategy: { rollingUpdate: { partition: 0 } } },
      status: status({ updatedReplicas: 0 }),
    },
    "0 of 1 pods updated",
  ],
  [
    "DaemonSet",
    { ...seen, status: status({ desiredNumberScheduled: 3, updatedNumberScheduled: 2 }) },
    "2 of 3 pods updated",
  ],
  [
    "DaemonSet",
    { ...seen, status: status({ desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 }) },
    "2 of 3 pods ready",
  ],
  [
    "DaemonSet",
    { ...seen, status: status({ desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 }) },
    undefined,
  ],
  ["DaemonSet", { ...seen, status: status({}) }, undefined],
  ["StatefulSet", { ...seen, status: status({ updatedReplicas: 1 }) }, "0 of 1 pods ready"],
  [
    "DaemonSet",
    {
      metadata: {
        generation: 3,
        namespace: "shop",
        annotations: { "deprecated.daemonset.template.generation": "4" },
      },
      spec: { updateStrategy: { type: "OnDelete" }, selector: { matchLabels: { app: "a" } } },
      status: status({ desiredNumberScheduled: 3 }),
    },
    "0 of 3 pods updated; updateStrategy OnDelete: delete its old pods (kubectl -n shop delete pods -l 'app=a,pod-template-generation!=4')",
  ],
])("%s %j: %s", (kind, state, expected) => {
  expect(pendingRollout(kind, state)).toBe(expected);
});

test.each([
  ["90s", 90_000],
  ["10m", 600_000],
  ["2h", 7_200_000],
])("%s", (text, expected) => {
  expect(milliseconds(text)).toBe(expected);
});

test.each<[WorkloadKind, RolloutState, { desired: number; ready: number }]>([
  ["Deployment", { spec: { replicas: 3 }, status: { readyReplicas: 2 } }, { desired: 3, ready: 2 }],
  ["StatefulSet", { spec: {} }, { desired: 1, ready: 0 }],
  ["DaemonSet", { status: { desiredNumberScheduled: 3, numberAvailable: 2 } }, { desired: 3, ready: 2 }],
  ["DaemonSet", {}, { desired: 0, ready: 0 }],
])("pods of a %s", (kind, state, count) => {
  expect(podCount(kind, state)).toEqual(count);
});
