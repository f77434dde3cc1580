import type { AppsV1Api, CoreV1Api, V1StatefulSet } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type { LiveStatefulSet, LiveStorage } from "../../upgrade/observed";
import { selectedBy } from "../pod";
import { newSecrets, readSecrets, type SecretsOf } from "./elasticsearch/secrets";

/** The StatefulSets and claims of a generation's storage. A namespace that is not there has none. */
export async function readLiveStorage(
  api: { readonly apps: AppsV1Api; readonly core: CoreV1Api },
  generation: string,
  namespace: string,
): Promise<LiveStorage | undefined> {
  const request = { namespace, labelSelector: selectedBy(generation) };
  const [sets, claims] = await Promise.all([
    api.apps.listNamespacedStatefulSet(request),
    api.core.listNamespacedPersistentVolumeClaim(request),
  ]);
  if (sets.items.length === 0 && claims.items.length === 0) return undefined;
  return {
    statefulSets: new Map(sets.items.map((set) => [set.metadata?.name ?? "", toStatefulSet(set)])),
    claims: new Map(
      claims.items.map(({ metadata, spec }) => [
        metadata?.name ?? "",
        { size: spec?.resources?.requests?.storage ?? "", storageClass: spec?.storageClassName },
      ]),
    ),
  };
}

function toStatefulSet({ metadata, spec }: V1StatefulSet): LiveStatefulSet {
  const env = spec?.template.spec?.containers.flatMap((container) => container.env ?? []) ?? [];
  return {
    replicas: spec?.replicas ?? 1,
    serviceName: spec?.serviceName ?? "",
    version: metadata?.labels?.["app.kubernetes.io/version"],
    dropsVolumes: spec?.persistentVolumeClaimRetentionPolicy?.whenDeleted === "Delete",
    initialMasters: env.find(({ name }) => name === "cluster.initial_master_nodes")?.value,
  };
}

/** Reads the secrets of an Elasticsearch where the cluster has them, and makes them where it has not. */
export function secretsFrom(core: CoreV1Api): SecretsOf {
  return async ({ namespace, secretName, hosts }) => {
    // A list, since to read what is not there is an error.
    const { items } = await core.listNamespacedSecret({ namespace, fieldSelector: `metadata.name=${secretName}` });
    return readSecrets(items[0]?.data ?? {}) ?? newSecrets(hosts);
  };
}
