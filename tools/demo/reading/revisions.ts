import type { V1ObjectMeta } from "@kubernetes/client-node";

import type { Config } from "../../../upgrade/config";
import type { Api } from "./api";
import { readWorkload, type Target, targetsOf } from "./workload";

/** The object that holds the pod template of a workload's current pods. Kubernetes makes no second one for the same template. */
export interface Revision {
  readonly service: string;
  readonly kind: "ReplicaSet" | "ControllerRevision";
  readonly name: string;
  readonly uid: string;
}

export async function readRevisions(api: Api, config: Config): Promise<Revision[]> {
  return Promise.all(targetsOf(config).map((target) => readRevision(api, target)));
}

const revisionAnnotation = "deployment.kubernetes.io/revision";

async function readRevision({ apps, ...api }: Api, target: Target): Promise<Revision> {
  const { service, kind, namespace } = target;
  const { metadata, updateRevision } = await readWorkload({ apps, ...api }, target);
  const ownedBy = ({ ownerReferences = [] }: V1ObjectMeta = {}): boolean =>
    ownerReferences.some(({ uid }) => uid === metadata.uid);
  if (kind === "Deployment") {
    const sets = (await apps.listNamespacedReplicaSet({ namespace })).items.filter((set) => ownedBy(set.metadata));
    const revision = metadata.annotations?.[revisionAnnotation];
    const current = sets.find((set) => set.metadata?.annotations?.[revisionAnnotation] === revision);
    return { service, kind: "ReplicaSet", ...identityOf(target, current?.metadata) };
  }
  const { items } = await apps.listNamespacedControllerRevision({ namespace });
  const revisions = items.filter((item) => ownedBy(item.metadata)).sort((a, b) => b.revision - a.revision);
  const current =
    updateRevision === undefined ? revisions[0] : revisions.find((item) => item.metadata?.name === updateRevision);
  return { service, kind: "ControllerRevision", ...identityOf(target, current?.metadata) };
}

function identityOf(
  { kind, namespace, name }: Target,
  metadata: V1ObjectMeta | undefined,
): { name: string; uid: string } {
  if (metadata?.name === undefined || metadata.uid === undefined) {
    throw new Error(`${kind} ${namespace}/${name} has no revision`);
  }
  return { name: metadata.name, uid: metadata.uid };
}
