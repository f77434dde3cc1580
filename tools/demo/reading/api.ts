import type { AppsV1Api, CoreV1Api } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { Clusters } from "../../../components/cluster/clusters";
import type { ClusterReader } from "../../../components/cluster/reader";
import { theCluster } from "../../../upgrade/workload/ref";

/** The API server of the demo's cluster. What it says is checked without the program. */
export interface Api {
  readonly clusters: Clusters;
  readonly reader: ClusterReader;
  /** For what the program itself never reads. */
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
}

/** @param kubeconfig - path of a kubeconfig; its current context is used */
export async function connect(kubeconfig: string): Promise<Api> {
  const clusters = await Clusters.connect([theCluster], { kubeconfig, context: undefined });
  const { AppsV1Api, CoreV1Api } = await import("@kubernetes/client-node");
  const reader = clusters.reader(theCluster);
  const { kube } = reader;
  return { clusters, reader, apps: kube.makeApiClient(AppsV1Api), core: kube.makeApiClient(CoreV1Api) };
}
