import { setTimeout as sleep } from "node:timers/promises";

import type {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  V1LabelSelector,
  V1ObjectMeta,
  V1PodTemplateSpec,
} from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};
import { Provider } from "@pulumi/kubernetes/provider";

import { namespaceOf, oapName } from "../upgrade/backend";
import type { Config } from "../upgrade/config";
import type { ConfigMaps } from "../upgrade/inject/target";
import { mountedConfigMaps, workloadKey } from "../upgrade/patches";
import type { LiveStorage } from "../upgrade/observed";
import type { PodCount, RolloutState } from "../upgrade/workload/rollout";
import { lastApplied, type Workload } from "../upgrade/workload/workload";
import { pendingRollout, podCount, workloadKinds, type WorkloadKind } from "../upgrade/workload/kinds";
import { loadKubeConfig, type ClusterArgs } from "./kubeconfig";
import type { SecretsOf } from "./storage/elasticsearch/secrets";
import { readLiveStorage, secretsFrom } from "./storage/live";

/**
 * The provider of everything that is declared. Server-Side Apply is pinned: without it, destroying a Patch deletes the
 * live workload.
 */
export function createProvider({ kubeconfig, context }: ClusterArgs): Provider {
  return new Provider("kubernetes", {
    enableServerSideApply: true,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
}

/** What the plan must know of the cluster. */
export interface Observation {
  /** OAP replicas of the generations that are in the cluster. */
  readonly present: ReadonlyMap<string, number>;
  /** When their OAP was created. */
  readonly since: ReadonlyMap<string, Date>;
  /** Storage that the program runs, by generation. */
  readonly storage: ReadonlyMap<string, LiveStorage>;
  /** Workloads, by `workloadKey`. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** The ConfigMaps that carry settings of services; missing ones are left out. */
  readonly configMaps: ConfigMaps;
}

/** Names a workload. */
export interface WorkloadRef {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
}

/** A pod that runs. */
export interface LivePod {
  readonly address: string;
  readonly created: Date;
}

/** What a gate reads of a workload. */
export interface MovedWorkload extends PodCount {
  /** When what the program applies to it last changed; undefined: nothing is applied. */
  readonly applied: Date | undefined;
}

/** A workload as the API server lists it, its dates as text. */
export interface ListedWorkload extends RolloutState {
  readonly metadata?: V1ObjectMeta;
  readonly spec?: RolloutState["spec"] & { readonly selector?: V1LabelSelector };
}

function templateOf(kind: WorkloadKind, listed: ListedWorkload): V1PodTemplateSpec | undefined {
  const child = (fields: unknown, key: string): unknown =>
    typeof fields === "object" && fields !== null ? (fields as Readonly<Record<string, unknown>>)[key] : undefined;
  // Every kind has one there, by its API.
  return workloadKinds[kind].template.reduce<unknown>(child, listed) as V1PodTemplateSpec | undefined;
}

/** What the plan reads of a workload. */
export function toWorkload(kind: WorkloadKind, listed: ListedWorkload): Workload | undefined {
  const { metadata } = listed;
  const template = templateOf(kind, listed);
  const podSpec = template?.spec;
  if (metadata?.name === undefined || metadata.namespace === undefined || podSpec === undefined) return undefined;
  return {
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    generation: metadata.generation ?? 0,
    annotations: metadata.annotations ?? {},
    labels: metadata.labels ?? {},
    podAnnotations: template?.metadata?.annotations ?? {},
    podLabels: template?.metadata?.labels ?? {},
    podSpec,
    managedFields: metadata.managedFields ?? [],
    pendingRollout: pendingRollout(kind, listed),
  };
}

/** How often the API server is asked how far rollouts are. */
const pollMilliseconds = 1000;

/** What the program itself asks the API server, with the user's own kubeconfig. It only ever reads. */
export class ClusterReader {
  private constructor(
    /** The user's own, with the context that is meant. */
    readonly kube: KubeConfig,
    private readonly apps: AppsV1Api,
    private readonly core: CoreV1Api,
    private readonly custom: CustomObjectsApi,
    private readonly context = kube.getCurrentContext(),
  ) {}

  /** @throws Error when the kubeconfig cannot be read or has no such context. */
  static async connect(args: ClusterArgs): Promise<ClusterReader> {
    const kube = await loadKubeConfig(args);
    const { AppsV1Api, CoreV1Api, CustomObjectsApi } = await import("@kubernetes/client-node");
    return new ClusterReader(
      kube,
      kube.makeApiClient(AppsV1Api),
      kube.makeApiClient(CoreV1Api),
      kube.makeApiClient(CustomObjectsApi),
    );
  }

  /**
   * Reads the target workloads, with one list per namespace and kind, and which generations exist.
   *
   * @throws Error that names what could not be read, and how to try it by hand
   */
  async observe(config: Config): Promise<Observation> {
    const workloads = new Map<string, Workload>();
    const present = new Map<string, number>();
    const since = new Map<string, Date>();
    const storage = new Map<string, LiveStorage>();
    const places = new Map(
      Object.values(config.services).map(({ kind, namespace }) => [`${kind}/${namespace}`, { kind, namespace }]),
    );
    const readWorkloads = async (kind: WorkloadKind, namespace: string): Promise<void> => {
      for (const item of await this.list(kind, namespace)) {
        const workload = toWorkload(kind, item);
        if (workload !== undefined) workloads.set(workloadKey(kind, namespace, workload.name), workload);
      }
    };
    const readGeneration = async (name: string, namespace: string): Promise<void> => {
      const [deployment] = await this.list("Deployment", namespace, oapName(name));
      if (deployment === undefined) return;
      present.set(name, deployment.spec?.replicas ?? 1);
      const created = deployment.metadata?.creationTimestamp;
      if (created !== undefined) since.set(name, new Date(created));
    };
    const readStorage = async (name: string, namespace: string): Promise<void> => {
      const live = await readLiveStorage({ apps: this.apps, core: this.core }, name, namespace).catch(
        (error: unknown) => {
          throw this.explain(
            error,
            `list the StatefulSets and volume claims of namespace ${namespace}`,
            `-n ${namespace} get statefulsets,persistentvolumeclaims`,
          );
        },
      );
      if (live !== undefined) storage.set(name, live);
    };
    await Promise.all([
      ...[...places.values()].map(({ kind, namespace }) => readWorkloads(kind, namespace)),
      ...Object.entries(config.generations).flatMap(([name, generation]) => {
        if (!generation.managed) return [];
        const namespace = namespaceOf(name, generation);
        return [readGeneration(name, namespace), readStorage(name, namespace)];
      }),
    ]);
    const configMaps = await this.readConfigMaps(mountedConfigMaps(config.services, workloads));
    return { present, since, storage, workloads, configMaps };
  }

  /**
   * Where the secrets of an Elasticsearch come from.
   *
   * @throws Error that names what could not be read, and how to try it by hand
   */
  get secretsOf(): SecretsOf {
    const read = secretsFrom(this.core);
    return (place) =>
      read(place).catch((error: unknown) => {
        throw this.explain(
          error,
          `read the Secrets of namespace ${place.namespace}`,
          `-n ${place.namespace} get secrets`,
        );
      });
  }

  private async readConfigMaps(refs: ReturnType<typeof mountedConfigMaps>): Promise<ConfigMaps> {
    const found = new Map<string, Readonly<Record<string, string>>>();
    await Promise.all(
      refs.map(async ({ namespace, name }) => {
        try {
          const { data } = await this.core.readNamespacedConfigMap({ namespace, name });
          found.set(`${namespace}/${name}`, data ?? {});
        } catch (error) {
          if (codeOf(error) === 404) return;
          throw this.explain(
            error,
            `read ConfigMap ${name} of namespace ${namespace}`,
            `-n ${namespace} get configmap ${name}`,
          );
        }
      }),
    );
    return found;
  }

  /**
   * Waits until the rollouts of these workloads have finished.
   *
   * @param timeout - in milliseconds
   * @param onProgress - told what is waited for, whenever that changes
   * @throws Error that names the workloads that are left and what each waits for
   */
  async waitForRollouts(
    refs: readonly WorkloadRef[],
    timeout: number,
    onProgress: (waitingFor: string) => void,
  ): Promise<void> {
    const deadline = Date.now() + timeout;
    let told = "";
    for (;;) {
      const pending = await this.pendingOf(refs);
      if (pending.length === 0) return;
      const waitingFor = `${String(refs.length - pending.length)} of ${String(refs.length)} rolled out, waiting for ${pending.join("; ")}`;
      if (Date.now() > deadline) {
        throw new Error(
          `Rollouts did not finish in ${String(timeout / 1000)} s: ${waitingFor} -> look at the pods (\`kubectl --context ${this.context} get pods -A\`), fix them or go back, and run \`pulumi up\` again`,
        );
      }
      if (waitingFor !== told) onProgress(waitingFor);
      told = waitingFor;
      await sleep(pollMilliseconds);
    }
  }

  /**
   * How many pods these workloads are to have and have ready, and since when they are as they are, by `workloadKey`.
   */
  async movedWorkloads(refs: readonly WorkloadRef[]): Promise<ReadonlyMap<string, MovedWorkload>> {
    const live = await this.liveWorkloads(refs);
    return new Map(
      refs.flatMap(({ kind, namespace, name }) => {
        const key = workloadKey(kind, namespace, name);
        const item = live.get(key);
        if (item === undefined) return [];
        return [[key, { ...podCount(kind, item), applied: lastApplied(item.metadata?.managedFields ?? []) }] as const];
      }),
    );
  }

  /** The pods with these labels that have an address and are not being deleted. */
  async livePods(namespace: string, labels: Readonly<Record<string, string>>): Promise<readonly LivePod[]> {
    const labelSelector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(",");
    try {
      const { items } = await this.core.listNamespacedPod({ namespace, labelSelector });
      return items.flatMap(({ metadata, status }) => {
        const { creationTimestamp: created, deletionTimestamp } = metadata ?? {};
        const address = status?.podIP;
        if (address === undefined || created === undefined || deletionTimestamp !== undefined) return [];
        return [{ address, created: new Date(created) }];
      });
    } catch (error) {
      throw this.explain(
        error,
        `list the pods of namespace ${namespace}`,
        `-n ${namespace} get pods -l ${labelSelector}`,
      );
    }
  }

  /** The existing ones of these workloads, by `workloadKey`, with one list per namespace and kind. */
  private async liveWorkloads(refs: readonly WorkloadRef[]): Promise<ReadonlyMap<string, ListedWorkload>> {
    const places = new Map(refs.map(({ kind, namespace }) => [`${kind}/${namespace}`, { kind, namespace }]));
    const live = new Map<string, ListedWorkload>();
    await Promise.all(
      [...places.values()].map(async ({ kind, namespace }) => {
        for (const item of await this.list(kind, namespace)) {
          live.set(workloadKey(kind, namespace, item.metadata?.name ?? ""), item);
        }
      }),
    );
    return live;
  }

  /** What is not rolled out yet, each with what it waits for. */
  private async pendingOf(refs: readonly WorkloadRef[]): Promise<string[]> {
    const live = await this.liveWorkloads(refs);
    return refs.flatMap(({ kind, namespace, name }) => {
      const item = live.get(workloadKey(kind, namespace, name));
      const pending = item === undefined ? "it is gone" : pendingRollout(kind, item);
      return pending === undefined ? [] : [`${kind} ${namespace}/${name} (${pending})`];
    });
  }

  /**
   * The workloads of one kind in a Kubernetes namespace.
   *
   * @throws Error that says what could not be listed, and how to try it by hand
   */
  async list(kind: WorkloadKind, namespace: string, name?: string): Promise<readonly ListedWorkload[]> {
    const { group, version, plural, product } = workloadKinds[kind];
    const only = name === undefined ? {} : { fieldSelector: `metadata.name=${name}` };
    try {
      const listed: unknown = await this.custom.listNamespacedCustomObject({
        group,
        version,
        plural,
        namespace,
        ...only,
      });
      // The client knows no type for it; what is not there of a workload is looked for where it is used.
      return (listed as { items: ListedWorkload[] }).items;
    } catch (error) {
      if (product !== undefined && codeOf(error) === 404) {
        throw new Error(
          `The cluster of context "${this.context}" knows no kind ${kind}: ${product} is not installed (CustomResourceDefinition ${plural}.${group}) -> install it, or correct the kind of the services in namespace ${namespace}`,
          { cause: error },
        );
      }
      throw this.explain(
        error,
        `list the ${kind}s of namespace ${namespace}`,
        `-n ${namespace} get ${kind.toLowerCase()}s`,
      );
    }
  }

  /** An error of the API server or on the way to it, with what we were doing and what to try. */
  private explain(error: unknown, doing: string, command: string): Error {
    const code = codeOf(error);
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return new Error(
      `Cannot ${doing} with context "${this.context}"${code === undefined ? "" : ` (${String(code)})`}: ${message} -> try \`kubectl --context ${this.context} ${command}\``,
      { cause: error },
    );
  }
}

/** The HTTP status or the name of an error of the client, where it has one. */
function codeOf(error: unknown): number | string | undefined {
  return typeof error === "object" && error !== null && "code" in error ? (error.code as number | string) : undefined;
}
