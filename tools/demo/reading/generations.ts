import { namespaceOf } from "../../../upgrade/backend";
import type { Config, ManagedGeneration } from "../../../upgrade/config";
import type { Api } from "./api";
import { isReady } from "../../stack/pod-state";
import { livePods } from "./pods";

/** What is in the cluster of one generation. */
export interface GenerationReading {
  readonly name: string;
  readonly release: string | undefined;
  /** By component: pods that are ready and pods that there are to be. */
  readonly components: readonly { readonly name: string; readonly ready: number; readonly desired: number }[];
  readonly jobs: readonly { readonly name: string; readonly complete: boolean }[];
  readonly volumes: readonly { readonly name: string; readonly phase: string; readonly size: string }[];
}

const componentLabel = "app.kubernetes.io/component";

/** Reads the generations of the stack file that are managed; of the others nothing is ours to read. */
export async function readGenerations(api: Api, { generations }: Config): Promise<GenerationReading[]> {
  return Promise.all(
    Object.entries(generations).flatMap(([name, generation]) =>
      generation.managed ? [readGeneration(api, name, generation)] : [],
    ),
  );
}

async function readGeneration(api: Api, name: string, generation: ManagedGeneration): Promise<GenerationReading> {
  const namespace = namespaceOf(name, generation);
  const matchLabels = { "app.kubernetes.io/name": "skywalking", "app.kubernetes.io/instance": name };
  const query = {
    namespace,
    labelSelector: Object.entries(matchLabels)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  };
  const [deployments, statefulSets, jobs, claims, pods] = await Promise.all([
    api.apps.listNamespacedDeployment(query),
    api.apps.listNamespacedStatefulSet(query),
    api.batch.listNamespacedJob(query),
    api.core.listNamespacedPersistentVolumeClaim(query),
    livePods(api, namespace, { matchLabels }),
  ]);
  const desired = new Map<string, number>();
  for (const { metadata, spec } of [...deployments.items, ...statefulSets.items]) {
    desired.set(metadata?.labels?.[componentLabel] ?? "", spec?.replicas ?? 1);
  }
  const ready = new Map<string, number>();
  // A pod of a Job that has completed is no longer ready, and is not to be.
  for (const pod of pods.filter(({ status }) => status?.phase !== "Succeeded")) {
    const component = pod.metadata?.labels?.[componentLabel] ?? "";
    ready.set(component, (ready.get(component) ?? 0) + (isReady(pod) ? 1 : 0));
  }
  const oap = deployments.items.find(({ metadata }) => metadata?.labels?.[componentLabel] === "oap");
  return {
    name,
    release: oap?.metadata?.labels?.["app.kubernetes.io/version"],
    components: [...new Set([...desired.keys(), ...ready.keys()])].sort().map((component) => ({
      name: component,
      ready: ready.get(component) ?? 0,
      desired: desired.get(component) ?? 0,
    })),
    jobs: jobs.items.map(({ metadata, status }) => ({
      name: metadata?.labels?.[componentLabel] ?? "",
      complete: (status?.succeeded ?? 0) > 0,
    })),
    volumes: claims.items.map(({ metadata, status }) => ({
      name: metadata?.name ?? "",
      phase: status?.phase ?? "unknown",
      size: status?.capacity?.storage ?? "",
    })),
  };
}
