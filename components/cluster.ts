import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type { AppsV1Api, V1ObjectMeta, V1PodTemplateSpec } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};
import { Provider } from "@pulumi/kubernetes/provider";

import { namespaceOf, oapName } from "../upgrade/backend";
import type { Config, WorkloadKind } from "../upgrade/config";
import { workloadKey } from "../upgrade/patches";
import { pendingRollout, type RolloutState } from "../upgrade/rollout";
import type { Workload } from "../upgrade/workload";

/** Which cluster, by the standard config keys `kubernetes:kubeconfig` and `kubernetes:context`. */
export interface ClusterArgs {
  /** A path or the content of a kubeconfig. Defaults to KUBECONFIG, then ~/.kube/config. */
  readonly kubeconfig: string | undefined;
  /** Defaults to the kubeconfig's current context. */
  readonly context: string | undefined;
}

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
  /** Workloads, by `workloadKey`. */
  readonly workloads: ReadonlyMap<string, Workload>;
}

/** Names a workload. */
export interface WorkloadRef {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
}

interface ListedWorkload extends RolloutState {
  readonly metadata?: V1ObjectMeta;
  readonly spec?: RolloutState["spec"] & { readonly template: V1PodTemplateSpec };
}

function toWorkload(kind: WorkloadKind, listed: ListedWorkload): Workload | undefined {
  const { metadata, spec } = listed;
  const podSpec = spec?.template.spec;
  if (metadata?.name === undefined || metadata.namespace === undefined || podSpec === undefined) return undefined;
  return {
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    generation: metadata.generation ?? 0,
    annotations: metadata.annotations ?? {},
    labels: metadata.labels ?? {},
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
    private readonly api: AppsV1Api,
    private readonly context: string,
  ) {}

  /** @throws Error when the kubeconfig cannot be read or has no such context. */
  static async connect({ kubeconfig, context }: ClusterArgs): Promise<ClusterReader> {
    // Loading the client takes longer than everything else here, so only what asks the cluster pays for it.
    const { AppsV1Api, KubeConfig } = await import("@kubernetes/client-node");
    const kube = new KubeConfig();
    try {
      if (kubeconfig === undefined) kube.loadFromDefault();
      else if (existsSync(kubeconfig)) kube.loadFromFile(kubeconfig);
      else kube.loadFromString(kubeconfig);
    } catch (error) {
      throw new Error(
        `Cannot read the kubeconfig: ${error instanceof Error ? error.message : String(error)} -> set KUBECONFIG, or pulumi config set kubernetes:kubeconfig PATH`,
        { cause: error },
      );
    }
    const known = kube.getContexts().map(({ name }) => name);
    if (context !== undefined && !known.includes(context)) {
      throw new Error(
        `kubernetes:context: "${context}" is not in the kubeconfig; allowed: ${known.join(", ")} -> pulumi config set kubernetes:context NAME`,
      );
    }
    if (context !== undefined) kube.setCurrentContext(context);
    return new ClusterReader(kube.makeApiClient(AppsV1Api), kube.getCurrentContext());
  }

  /**
   * Reads the target workloads, one list per namespace and kind, and which generations are there.
   *
   * @throws Error that names what could not be read, and how to try it by hand
   */
  async observe(config: Config): Promise<Observation> {
    const workloads = new Map<string, Workload>();
    const present = new Map<string, number>();
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
      if (deployment !== undefined) present.set(name, deployment.spec?.replicas ?? 1);
    };
    await Promise.all([
      ...[...places.values()].map(({ kind, namespace }) => readWorkloads(kind, namespace)),
      ...Object.entries(config.generations).map(([name, generation]) =>
        generation.managed ? readGeneration(name, namespaceOf(name, generation)) : undefined,
      ),
    ]);
    return { present, workloads };
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
          `Rollouts did not finish in ${String(timeout / 1000)} s: ${waitingFor} -> look at the pods (\`kubectl --context ${this.context} get pods -A\`), mend them or go back, and run \`pulumi up\` again`,
        );
      }
      if (waitingFor !== told) onProgress(waitingFor);
      told = waitingFor;
      await sleep(pollMilliseconds);
    }
  }

  /** What is not rolled out yet, each with what it waits for. */
  private async pendingOf(refs: readonly WorkloadRef[]): Promise<string[]> {
    const places = new Map(refs.map(({ kind, namespace }) => [`${kind}/${namespace}`, { kind, namespace }]));
    const live = new Map<string, ListedWorkload>();
    await Promise.all(
      [...places.values()].map(async ({ kind, namespace }) => {
        for (const item of await this.list(kind, namespace)) {
          live.set(workloadKey(kind, namespace, item.metadata?.name ?? ""), item);
        }
      }),
    );
    return refs.flatMap(({ kind, namespace, name }) => {
      const item = live.get(workloadKey(kind, namespace, name));
      const pending = item === undefined ? "it is gone" : pendingRollout(kind, item);
      return pending === undefined ? [] : [`${kind} ${namespace}/${name} (${pending})`];
    });
  }

  private async list(kind: WorkloadKind, namespace: string, name?: string): Promise<readonly ListedWorkload[]> {
    const request = { namespace, ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }) };
    const lists: Record<WorkloadKind, () => Promise<{ items: ListedWorkload[] }>> = {
      Deployment: () => this.api.listNamespacedDeployment(request),
      StatefulSet: () => this.api.listNamespacedStatefulSet(request),
      DaemonSet: () => this.api.listNamespacedDaemonSet(request),
    };
    try {
      return (await lists[kind]()).items;
    } catch (error) {
      throw this.explain(error, kind, namespace);
    }
  }

  /** An error of the API server or on the way to it, with what we were doing and what to try. */
  private explain(error: unknown, kind: WorkloadKind, namespace: string): Error {
    const code = typeof error === "object" && error !== null && "code" in error ? ` (${String(error.code)})` : "";
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return new Error(
      `Cannot list the ${kind}s of namespace ${namespace} with context "${this.context}"${code}: ${message} -> try \`kubectl --context ${this.context} -n ${namespace} get ${kind.toLowerCase()}s\``,
      { cause: error },
    );
  }
}
