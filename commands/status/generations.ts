import type { V1Job, V1PersistentVolumeClaim } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { explain } from "../../components/cluster/errors";
import type { ListedWorkload } from "../../components/cluster/listed-workload";
import type { Clusters } from "../../components/cluster/clusters";
import type { ClusterReader } from "../../components/cluster/reader";
import { selectorText } from "../../upgrade/workload/selector-text";
import { namespaceOf } from "../../upgrade/backend";
import type { Config, ManagedGeneration } from "../../upgrade/config";
import { isReady } from "../../upgrade/workload/pod-ready";

/** What the cluster has of one generation. */
export interface GenerationReading {
  readonly name: string;
  readonly release: string | undefined;
  /** Ready and desired pods, by component. */
  readonly components: readonly { readonly name: string; readonly ready: number; readonly desired: number }[];
  readonly jobs: readonly { readonly name: string; readonly complete: boolean }[];
  readonly volumes: readonly { readonly name: string; readonly phase: string; readonly size: string }[];
}

const componentLabel = "app.kubernetes.io/component";

/**
 * Reads the managed generations of the stack file; the others are not ours to read.
 *
 * @throws Error that says what could not be read and how to try it by hand
 */
export async function readGenerations(clusters: Clusters, { generations }: Config): Promise<GenerationReading[]> {
  return Promise.all(
    Object.entries(generations).flatMap(([name, generation]) =>
      generation.managed ? [readGeneration(clusters.reader(generation.cluster), name, generation)] : [],
    ),
  );
}

/** The Jobs and volume claims with these labels; the program itself never reads them. */
async function readJobsAndClaims(
  { kube, context }: ClusterReader,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<{ readonly jobs: readonly V1Job[]; readonly claims: readonly V1PersistentVolumeClaim[] }> {
  const labelSelector = selectorText(labels);
  const { BatchV1Api, CoreV1Api } = await import("@kubernetes/client-node");
  try {
    const [jobs, claims] = await Promise.all([
      kube.makeApiClient(BatchV1Api).listNamespacedJob({ namespace, labelSelector }),
      kube.makeApiClient(CoreV1Api).listNamespacedPersistentVolumeClaim({ namespace, labelSelector }),
    ]);
    return { jobs: jobs.items, claims: claims.items };
  } catch (error) {
    throw explain(
      error,
      context,
      `list the Jobs and volume claims of namespace ${namespace}`,
      `-n ${namespace} get jobs,persistentvolumeclaims -l ${labelSelector}`,
    );
  }
}

async function readGeneration(
  reader: ClusterReader,
  name: string,
  generation: ManagedGeneration,
): Promise<GenerationReading> {
  const namespace = namespaceOf(name, generation);
  const labels = { "app.kubernetes.io/name": "skywalking", "app.kubernetes.io/instance": name };
  const [deployments, statefulSets, pods, { jobs, claims }] = await Promise.all([
    reader.list("Deployment", namespace),
    reader.list("StatefulSet", namespace),
    reader.pods(namespace, labels),
    readJobsAndClaims(reader, namespace, labels),
  ]);
  const isOwn = ({ metadata }: ListedWorkload): boolean =>
    Object.entries(labels).every(([key, value]) => metadata?.labels?.[key] === value);
  const [ownDeployments, ownStatefulSets] = [deployments.filter(isOwn), statefulSets.filter(isOwn)];
  const desired = new Map<string, number>();
  for (const { metadata, spec } of [...ownDeployments, ...ownStatefulSets]) {
    desired.set(metadata?.labels?.[componentLabel] ?? "", spec?.replicas ?? 1);
  }
  const ready = new Map<string, number>();
  for (const pod of pods) {
    // A pod of a completed Job is not ready, and need not be.
    if (pod.metadata?.deletionTimestamp !== undefined || pod.status?.phase === "Succeeded") continue;
    const component = pod.metadata?.labels?.[componentLabel] ?? "";
    ready.set(component, (ready.get(component) ?? 0) + (isReady(pod) ? 1 : 0));
  }
  const oap = ownDeployments.find(({ metadata }) => metadata?.labels?.[componentLabel] === "oap");
  return {
    name,
    release: oap?.metadata?.labels?.["app.kubernetes.io/version"],
    components: [...new Set([...desired.keys(), ...ready.keys()])].sort().map((component) => ({
      name: component,
      ready: ready.get(component) ?? 0,
      desired: desired.get(component) ?? 0,
    })),
    jobs: jobs.map(({ metadata, status }) => ({
      name: metadata?.labels?.[componentLabel] ?? "",
      complete: (status?.succeeded ?? 0) > 0,
    })),
    volumes: claims.map(({ metadata, status }) => ({
      name: metadata?.name ?? "",
      phase: status?.phase ?? "unknown",
      size: status?.capacity?.storage ?? "",
    })),
  };
}
