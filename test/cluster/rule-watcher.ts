/**
 * Watches an API server and checks invariants on every revision. It is a separate process, so it sees what happens
 * while the test waits for the CLI. Prints `watching` when it is, and on SIGTERM what it has seen.
 */
import type { V1Pod, V1PodSpec, V1PodTemplateSpec } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { effectiveSettings } from "../../tools/stack/effective-settings";
import { isReady } from "../../upgrade/workload/pod-ready";

export interface Sighting {
  /** Number of revisions of target workloads and events of pods that were checked. */
  readonly revisions: number;
  readonly pods: number;
  readonly violations: readonly string[];
}

/** Containers with an agent, by workload. */
const targets: Readonly<Record<string, string>> = {
  catalog: "catalog",
  frontend: "frontend",
  cart: "cart",
  payment: "payment",
  inventory: "app",
  "edge-gateway": "gateway",
};
const newAddress = "oap-v9.skywalking-v9.svc:11800";
const newNamespace = "v9";

let revisions = 0;
let podEvents = 0;
const violations = new Set<string>();

/** Address, namespace and agent must belong to one generation: all of them new, or none. */
function checkWhole(what: string, spec: V1PodSpec | undefined, container: string): void {
  const { backendService, agentNamespace, agentImage } = effectiveSettings(spec, container);
  const parts = [backendService === newAddress, agentNamespace === newNamespace, agentImage !== undefined];
  if (new Set(parts).size > 1) {
    violations.add(`${what} is torn: ${String(backendService)}, ${String(agentNamespace)}, ${String(agentImage)}`);
  }
}

const pods = new Map<string, V1Pod>();
const isLive = (pod: V1Pod): boolean => pod.metadata?.deletionTimestamp === undefined;

/** No pod of a target may point at a generation without ready OAP pods. */
function checkBackends(): void {
  const live = [...pods.values()].filter(isLive);
  for (const generation of ["v6", "v9"]) {
    const served = live.some(
      (pod) =>
        pod.metadata?.labels?.["app.kubernetes.io/component"] === "oap" &&
        pod.metadata.labels["app.kubernetes.io/instance"] === generation &&
        isReady(pod),
    );
    if (served) continue;
    for (const { metadata, spec } of live) {
      const container = targets[metadata?.labels?.app ?? ""];
      if (container === undefined || metadata?.namespace !== "shop") continue;
      const isNew = effectiveSettings(spec, container).backendService === newAddress;
      if ((isNew ? "v9" : "v6") === generation) {
        violations.add(`pod ${String(metadata.name)} points at ${generation}, which has no ready OAP`);
      }
    }
  }
}

async function main(): Promise<void> {
  const { AppsV1Api, CoreV1Api, KubeConfig, Watch } = await import("@kubernetes/client-node");
  const kube = new KubeConfig();
  kube.loadFromDefault();
  const watch = new Watch(kube);
  const apps = kube.makeApiClient(AppsV1Api);
  const core = kube.makeApiClient(CoreV1Api);

  const kinds = {
    deployments: () => apps.listNamespacedDeployment({ namespace: "shop" }),
    statefulsets: () => apps.listNamespacedStatefulSet({ namespace: "shop" }),
    daemonsets: () => apps.listNamespacedDaemonSet({ namespace: "shop" }),
  };
  for (const [plural, list] of Object.entries(kinds)) {
    const { metadata } = await list();
    const seen = (
      _: string,
      object: { metadata: { name: string; resourceVersion: string }; spec: { template: V1PodTemplateSpec } },
    ) => {
      const container = targets[object.metadata.name];
      if (container === undefined) return;
      revisions += 1;
      checkWhole(`${object.metadata.name}@${object.metadata.resourceVersion}`, object.spec.template.spec, container);
    };
    await watch.watch(
      `/apis/apps/v1/namespaces/shop/${plural}`,
      { resourceVersion: metadata?.resourceVersion },
      seen,
      ended,
    );
  }
  const list = await core.listPodForAllNamespaces();
  for (const pod of list.items) pods.set(pod.metadata?.uid ?? "", pod);
  checkBackends();
  const seen = (phase: string, pod: V1Pod) => {
    podEvents += 1;
    if (phase === "DELETED") pods.delete(pod.metadata?.uid ?? "");
    else pods.set(pod.metadata?.uid ?? "", pod);
    checkBackends();
  };
  await watch.watch("/api/v1/pods", { resourceVersion: list.metadata?.resourceVersion }, seen, ended);
  console.log("watching");
}

/** A watch that ends early has not seen everything, which counts as a violation. */
function ended(error: unknown): void {
  violations.add(`a watch ended: ${String(error)}`);
}

process.on("SIGTERM", () => {
  const sighting: Sighting = { revisions, pods: podEvents, violations: [...violations] };
  console.log(JSON.stringify(sighting));
  process.exit(0);
});
void main();
