import type { AppsV1Api, CoreV1Api } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { ClusterReader } from "../../../components/cluster/reader";
import { theCluster } from "../../../upgrade/workload/ref";

/** The API server of the demo's cluster. What is read there is judged without the program. */
export interface Api {
  readonly reader: ClusterReader;
  /** For what the program itself never reads. */
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
}

/** @param kubeconfig - path of a kubeconfig, whose current context is meant */
export async function connect(kubeconfig: string): Promise<Api> {
  const reader = await ClusterReader.connect(theCluster, { kubeconfig, context: undefined });
  const { AppsV1Api, CoreV1Api } = await import("@kubernetes/client-node");
  return { reader, apps: reader.kube.makeApiClient(AppsV1Api), core: reader.kube.makeApiClient(CoreV1Api) };
}
