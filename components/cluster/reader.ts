import type {
  AppsV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  CoreV1Event,
  CustomObjectsApi,
  KubeConfig,
  NetworkingV1Api,
  V1ConfigMap,
  V1NetworkPolicy,
  V1ObjectMeta,
  V1Pod,
  V1ReplicaSet,
  V1Service,
  V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};

import type { LivePod } from "../../upgrade/gates/pods";
import type { LiveStorage } from "../../upgrade/observed";
import { workloadKindRow, type WorkloadKind } from "../../upgrade/workload/kinds";
import { workloadKey, type ClusterName, type WorkloadRef } from "../../upgrade/workload/ref";
import type { SecretsOf } from "../storage/elasticsearch/secrets";
import { readLiveStorage, secretsFrom } from "../storage/live";
import { explain, isNotFound } from "./errors";
import { loadKubeConfig, type ClusterArgs } from "./kubeconfig";
import type { ListedWorkload } from "./listed-workload";
import { readyCondition } from "../../upgrade/workload/pod-ready";
import { selectorText } from "../../upgrade/workload/selector-text";

/**
 * What the program itself asks the API server of a cluster, with the user's own kubeconfig. It only ever reads. Every
 * read throws an Error that says what could not be read, and how to try it by hand.
 */
export class ClusterReader {
  private constructor(
    readonly cluster: ClusterName,
    /** The user's own, with the context that is meant. */
    readonly kube: KubeConfig,
    private readonly apps: AppsV1Api,
    private readonly core: CoreV1Api,
    private readonly custom: CustomObjectsApi,
    private readonly autoscaling: AutoscalingV2Api,
    private readonly networking: NetworkingV1Api,
    readonly context = kube.getCurrentContext(),
  ) {}

  /** @throws Error when the kubeconfig cannot be read or has no such context. */
  static async connect(cluster: ClusterName, args: ClusterArgs): Promise<ClusterReader> {
    const kube = await loadKubeConfig(args);
    const { AppsV1Api, AutoscalingV2Api, CoreV1Api, CustomObjectsApi, NetworkingV1Api } =
      await import("@kubernetes/client-node");
    return new ClusterReader(
      cluster,
      kube,
      kube.makeApiClient(AppsV1Api),
      kube.makeApiClient(CoreV1Api),
      kube.makeApiClient(CustomObjectsApi),
      kube.makeApiClient(AutoscalingV2Api),
      kube.makeApiClient(NetworkingV1Api),
    );
  }

  /**
   * The workloads of one kind in a Kubernetes namespace.
   *
   * @returns undefined where the cluster does not know the kind
   */
  async listIfKnown(
    kind: WorkloadKind,
    namespace: string,
    name?: string,
  ): Promise<readonly ListedWorkload[] | undefined> {
    const { group, version, plural, product } = workloadKindRow(kind);
    const only = name === undefined ? {} : { fieldSelector: `metadata.name=${name}` };
    try {
      const request = { group, version, plural, namespace, ...only };
      // The client knows no type for it; what is not there of a workload is looked for where it is used.
      return ((await this.custom.listNamespacedCustomObject(request)) as { items: ListedWorkload[] }).items;
    } catch (error) {
      if (product !== undefined && isNotFound(error)) return undefined;
      throw this.explain(
        error,
        `list the ${kind}s of namespace ${namespace}`,
        `-n ${namespace} get ${kind.toLowerCase()}s`,
      );
    }
  }

  /** The workloads of one kind in a Kubernetes namespace. A kind that the cluster does not know is an error. */
  async list(kind: WorkloadKind, namespace: string, name?: string): Promise<readonly ListedWorkload[]> {
    const listed = await this.listIfKnown(kind, namespace, name);
    if (listed !== undefined) return listed;
    const { group, plural, product } = workloadKindRow(kind);
    throw new Error(
      `The cluster of context "${this.context}" knows no kind ${kind}: ${String(product)} is not installed (CustomResourceDefinition ${plural}.${group}) -> install it, or correct the kind of the services in namespace ${namespace}`,
    );
  }

  /** All workloads of the namespaces and kinds of these, by `workloadKey`, with one list for each. */
  async workloads(
    refs: readonly Pick<WorkloadRef, "kind" | "namespace">[],
  ): Promise<ReadonlyMap<string, ListedWorkload>> {
    const places = new Map(refs.map(({ kind, namespace }) => [`${kind}/${namespace}`, { kind, namespace }]));
    const live = new Map<string, ListedWorkload>();
    await Promise.all(
      [...places.values()].map(async (place) => {
        for (const item of await this.list(place.kind, place.namespace)) {
          const ref = { cluster: this.cluster, ...place, name: item.metadata?.name ?? "" };
          live.set(workloadKey(ref), item);
        }
      }),
    );
    return live;
  }

  /** The pods of a Kubernetes namespace, those with these labels or all. */
  async pods(namespace: string, labels: Readonly<Record<string, string>> = {}): Promise<readonly V1Pod[]> {
    const labelSelector = selectorText(labels);
    const selected = labelSelector === "" ? {} : { labelSelector };
    const { items } = await this.ask(
      `list the pods of namespace ${namespace}`,
      `-n ${namespace} get pods${labelSelector === "" ? "" : ` -l ${labelSelector}`}`,
      this.core.listNamespacedPod({ namespace, ...selected }),
    );
    return items;
  }

  async replicaSets(namespace: string): Promise<readonly V1ReplicaSet[]> {
    const { items } = await this.ask(
      `list the ReplicaSets of namespace ${namespace}`,
      `-n ${namespace} get replicasets`,
      this.apps.listNamespacedReplicaSet({ namespace }),
    );
    return items;
  }

  /** The events of type Warning in a Kubernetes namespace. */
  async warningEvents(namespace: string): Promise<readonly CoreV1Event[]> {
    const fieldSelector = "type=Warning";
    const { items } = await this.ask(
      `list the events of namespace ${namespace}`,
      `-n ${namespace} get events --field-selector ${fieldSelector}`,
      this.core.listNamespacedEvent({ namespace, fieldSelector }),
    );
    return items;
  }

  /** The pods with these labels that are not being deleted. */
  async livePods(namespace: string, labels: Readonly<Record<string, string>>): Promise<readonly LivePod[]> {
    return (await this.pods(namespace, labels)).flatMap((pod) => {
      const { metadata, status } = pod;
      const { name, creationTimestamp: created, deletionTimestamp } = metadata ?? {};
      if (name === undefined || created === undefined || deletionTimestamp !== undefined) return [];
      const since = readyCondition(pod)?.lastTransitionTime;
      return [
        {
          name,
          address: status?.podIP,
          created: new Date(created),
          readySince: since === undefined ? undefined : new Date(since),
        },
      ];
    });
  }

  /** The last lines that a container wrote before it ended. */
  lastLines(
    namespace: string,
    { pod: name, container }: { readonly pod: string; readonly container: string },
  ): Promise<string> {
    const request = { name, namespace, container, tailLines: 3, limitBytes: 2_000 };
    return this.ask(
      `read the log of pod ${namespace}/${name}`,
      `-n ${namespace} logs ${name} -c ${container}`,
      this.core
        .readNamespacedPodLog({ ...request, previous: true })
        .catch(() => this.core.readNamespacedPodLog(request)),
    );
  }

  async namespaceMetadata(namespace: string): Promise<V1ObjectMeta> {
    const { metadata = {} } = await this.ask(
      `read namespace ${namespace}`,
      `get namespace ${namespace}`,
      this.core.readNamespace({ name: namespace }),
    );
    return metadata;
  }

  async networkPolicies(namespace: string): Promise<readonly V1NetworkPolicy[]> {
    const { items } = await this.ask(
      `list the NetworkPolicies of namespace ${namespace}`,
      `-n ${namespace} get networkpolicies`,
      this.networking.listNamespacedNetworkPolicy({ namespace }),
    );
    return items;
  }

  /** Undefined where there is no such ConfigMap. */
  configMap(namespace: string, name: string): Promise<V1ConfigMap | undefined> {
    return this.ifThere("ConfigMap", namespace, name, this.core.readNamespacedConfigMap({ namespace, name }));
  }

  /** Undefined where there is no such Service. */
  service(namespace: string, name: string): Promise<V1Service | undefined> {
    return this.ifThere("Service", namespace, name, this.core.readNamespacedService({ namespace, name }));
  }

  async configMaps(namespace: string): Promise<readonly V1ConfigMap[]> {
    const { items } = await this.ask(
      `list the ConfigMaps of namespace ${namespace}`,
      `-n ${namespace} get configmaps`,
      this.core.listNamespacedConfigMap({ namespace }),
    );
    return items;
  }

  async autoscalers(namespace: string): Promise<readonly V2HorizontalPodAutoscaler[]> {
    const { items } = await this.ask(
      `list the HorizontalPodAutoscalers of namespace ${namespace}`,
      `-n ${namespace} get horizontalpodautoscalers`,
      this.autoscaling.listNamespacedHorizontalPodAutoscaler({ namespace }),
    );
    return items;
  }

  /** The storage of a generation; undefined where there is none. */
  storage(generation: string, namespace: string): Promise<LiveStorage | undefined> {
    return this.ask(
      `list the StatefulSets and volume claims of namespace ${namespace}`,
      `-n ${namespace} get statefulsets,persistentvolumeclaims`,
      readLiveStorage({ apps: this.apps, core: this.core }, generation, namespace),
    );
  }

  /** Where the secrets of an Elasticsearch come from. */
  get secretsOf(): SecretsOf {
    const read = secretsFrom(this.core);
    return (place) =>
      this.ask(`read the Secrets of namespace ${place.namespace}`, `-n ${place.namespace} get secrets`, read(place));
  }

  private async ifThere<Item>(
    kind: string,
    namespace: string,
    name: string,
    read: Promise<Item>,
  ): Promise<Item | undefined> {
    try {
      return await read;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw this.explain(
        error,
        `read ${kind} ${name} of namespace ${namespace}`,
        `-n ${namespace} get ${kind.toLowerCase()} ${name}`,
      );
    }
  }

  /** An answer of the API server, or an Error that says what was asked, and how to try it by hand. */
  private async ask<Answer>(doing: string, command: string, answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      throw this.explain(error, doing, command);
    }
  }

  private explain(error: unknown, doing: string, command: string): Error {
    return explain(error, this.context, doing, command);
  }
}
