import type { KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { PlannedSnapshot, Snapshot } from "../../upgrade/storage/snapshot";

type Place = Pick<PlannedSnapshot, "generation" | "namespace">;

const recordName = ({ generation }: Place): string => `snapshot-${generation}`;

/**
 * Writes down which snapshot holds a generation that is deleted, in its Kubernetes namespace, where its volumes stay
 * too. It outlives the generation, and the stack.
 */
export function recordSnapshot(
  place: Place,
  snapshot: pulumi.Input<Snapshot>,
  options: pulumi.CustomResourceOptions,
): core.ConfigMap {
  const data = pulumi.output(snapshot).apply(({ repository, name, indices, documents }) => ({
    repository,
    name,
    indices: String(indices),
    documents: String(documents),
  }));
  return new core.ConfigMap(
    `${place.generation}-snapshot`,
    { metadata: { name: recordName(place), namespace: place.namespace }, data },
    { ...options, retainOnDelete: true },
  );
}

/**
 * Reads what an earlier update has written down.
 *
 * @throws Error that says what could not be read, and how to try it by hand
 */
export async function readSnapshotRecord(kube: KubeConfig, place: Place): Promise<Snapshot | undefined> {
  const { CoreV1Api } = await import("@kubernetes/client-node");
  const name = recordName(place);
  try {
    const { data } = await kube.makeApiClient(CoreV1Api).readNamespacedConfigMap({ name, namespace: place.namespace });
    if (data?.repository === undefined || data.name === undefined) return undefined;
    return {
      repository: data.repository,
      name: data.name,
      indices: Number(data.indices),
      documents: Number(data.documents),
    };
  } catch (error) {
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
    if (code === 404) return undefined;
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new Error(
      `Cannot read ConfigMap ${place.namespace}/${name}, which says where the snapshot of ${place.generation} is: ${message} -> try \`kubectl --context ${kube.getCurrentContext()} -n ${place.namespace} get configmap ${name}\``,
      { cause: error },
    );
  }
}
