import { setTimeout as sleep } from "node:timers/promises";
import { probe, simulatedNode, storageClass } from "./objects";
import { provisionVolumes } from "./volumes";

/** Creates nodes and storage, and returns when a Deployment has become available on them. */
export async function bootstrap(kubeconfig: string, nodes: number): Promise<void> {
  const k8s = await import("@kubernetes/client-node");
  const config = new k8s.KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(k8s.CoreV1Api);
  const apps = config.makeApiClient(k8s.AppsV1Api);
  const storage = config.makeApiClient(k8s.StorageV1Api);

  await Promise.all([
    ...Array.from({ length: nodes }, (_, index) => core.createNode({ body: simulatedNode(index) })),
    storage.createStorageClass({ body: storageClass }),
    provisionVolumes(config),
  ]);

  const { name = "", namespace = "" } = probe.metadata ?? {};
  await apps.createNamespacedDeployment({ namespace, body: probe });
  const available = async (): Promise<boolean> =>
    ((await apps.readNamespacedDeployment({ name, namespace })).status?.availableReplicas ?? 0) > 0;
  while (!(await available())) await sleep(50);
  await apps.deleteNamespacedDeployment({ name, namespace, propagationPolicy: "Foreground" });
  const left = async (): Promise<boolean> =>
    (await core.listNamespacedPod({ namespace, labelSelector: `app=${name}` })).items.length > 0;
  while (await left()) await sleep(50);
}
