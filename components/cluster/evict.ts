import { isOnDelete, nextOldPod } from "../../upgrade/workload/old-pods";
import { workloadText, type WorkloadRef } from "../../upgrade/workload/ref";
import { explain, isNotFound, isTooMany } from "./errors";
import type { ListedWorkload } from "./listed-workload";
import type { ClusterReader } from "./reader";

/**
 * Evicts the old pod of an `OnDelete` workload that is next, if the pods are as they should be. A PodDisruptionBudget
 * that does not allow it now is asked again at the next look.
 *
 * @throws Error that names the pod
 */
export async function evictOldPod(cluster: ClusterReader, ref: WorkloadRef, item: ListedWorkload): Promise<void> {
  const labels = item.spec?.selector?.matchLabels;
  if (!isOnDelete(item) || labels === undefined) return;
  const { namespace } = ref;
  const name = nextOldPod(ref.kind, item, await cluster.pods(namespace, labels));
  if (name === undefined) return;
  const { CoreV1Api } = await import("@kubernetes/client-node");
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
  try {
    await cluster.kube.makeApiClient(CoreV1Api).createNamespacedPodEviction({ name, namespace, body });
  } catch (error) {
    if (isTooMany(error) || isNotFound(error)) return;
    const doing = `evict pod ${name} of ${workloadText(ref)} (rollout.onDelete: delete)`;
    throw explain(error, cluster.context, doing, `-n ${namespace} delete pod ${name}`);
  }
}
