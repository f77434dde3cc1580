import type { V1ObjectMeta } from "@kubernetes/client-node";

import type { Config, Service } from "../../../upgrade/config";
import type { Api } from "./api";

/** The object with the pod template of a workload's current pods. Kubernetes makes only one for the same template. */
export interface Revision {
  readonly service: string;
  readonly kind: "ReplicaSet" | "ControllerRevision";
  readonly name: string;
  readonly uid: string;
}

export async function readRevisions(api: Api, { services }: Config): Promise<Revision[]> {
  return Promise.all(Object.values(services).map((service) => readRevision(api, service)));
}

const revisionAnnotation = "deployment.kubernetes.io/revision";

async function readRevision({ apps, reader }: Api, target: Service): Promise<Revision> {
  const { key: service, kind, namespace, name } = target;
  const [{ metadata } = { metadata: undefined }] = await reader.list(kind, namespace, name);
  const ownedBy = ({ ownerReferences = [] }: V1ObjectMeta = {}): boolean =>
    metadata !== undefined && ownerReferences.some(({ uid }) => uid === metadata.uid);
  if (kind === "Deployment") {
    const sets = (await apps.listNamespacedReplicaSet({ namespace })).items.filter((set) => ownedBy(set.metadata));
    const revision = metadata?.annotations?.[revisionAnnotation];
    const current = sets.find((set) => set.metadata?.annotations?.[revisionAnnotation] === revision);
    return { service, kind: "ReplicaSet", ...identityOf(target, current?.metadata) };
  }
  const { items } = await apps.listNamespacedControllerRevision({ namespace });
  const revisions = items.filter((item) => ownedBy(item.metadata)).sort((a, b) => b.revision - a.revision);
  // Of a DaemonSet's revisions, the newest is that of its pods.
  const updateRevision =
    kind === "StatefulSet"
      ? (await apps.readNamespacedStatefulSet({ name, namespace })).status?.updateRevision
      : undefined;
  const current =
    updateRevision === undefined ? revisions[0] : revisions.find((item) => item.metadata?.name === updateRevision);
  return { service, kind: "ControllerRevision", ...identityOf(target, current?.metadata) };
}

function identityOf(
  { kind, namespace, name }: Service,
  metadata: V1ObjectMeta | undefined,
): { name: string; uid: string } {
  if (metadata?.name === undefined || metadata.uid === undefined) {
    throw new Error(`${kind} ${namespace}/${name} has no revision`);
  }
  return { name: metadata.name, uid: metadata.uid };
}
