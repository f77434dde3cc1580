import { readFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { text } from "node:stream/consumers";

import { parse } from "yaml";

/**
 * Where the API server serves the resources that tests list: group and version, and the name of one in `kubectl get -o
 * name`.
 */
const resources = {
  pods: ["api/v1", "pod"],
  services: ["api/v1", "service"],
  configmaps: ["api/v1", "configmap"],
  serviceaccounts: ["api/v1", "serviceaccount"],
  persistentvolumeclaims: ["api/v1", "persistentvolumeclaim"],
  deployments: ["apis/apps/v1", "deployment.apps"],
  statefulsets: ["apis/apps/v1", "statefulset.apps"],
  daemonsets: ["apis/apps/v1", "daemonset.apps"],
  replicasets: ["apis/apps/v1", "replicaset.apps"],
  jobs: ["apis/batch/v1", "job.batch"],
  roles: ["apis/rbac.authorization.k8s.io/v1", "role.rbac.authorization.k8s.io"],
  rolebindings: ["apis/rbac.authorization.k8s.io/v1", "rolebinding.rbac.authorization.k8s.io"],
  poddisruptionbudgets: ["apis/policy/v1", "poddisruptionbudget.policy"],
  rollouts: ["apis/argoproj.io/v1alpha1", "rollout.argoproj.io"],
  clonesets: ["apis/apps.kruise.io/v1alpha1", "cloneset.apps.kruise.io"],
} as const;

/** A kind of object, by its plural in the API. */
export type Resource = keyof typeof resources;

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly "certificate-authority-data": string };
  }[];
  readonly users: readonly {
    readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string };
  }[];
}

/**
 * Reads lists from a cluster's API server. A test does so after every step, and hundreds of runs of `kubectl get` would
 * take longer than what is tested. Jest cannot load the Kubernetes client.
 */
export class ApiServer {
  private readonly agent: Agent;
  private readonly server: string;

  /** @param kubeconfig - path of one with a single cluster and user, including their certificates */
  constructor(kubeconfig: string) {
    const { clusters, users } = parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
    const [{ cluster } = { cluster: undefined }] = clusters;
    const [{ user } = { user: undefined }] = users;
    if (cluster === undefined || user === undefined) throw new TypeError(`${kubeconfig} lacks a cluster or a user`);
    const decoded = (data: string): Buffer => Buffer.from(data, "base64");
    this.server = cluster.server;
    this.agent = new Agent({
      keepAlive: true,
      ca: decoded(cluster["certificate-authority-data"]),
      cert: decoded(user["client-certificate-data"]),
      key: decoded(user["client-key-data"]),
    });
  }

  /** Objects of several kinds in a namespace, kind by kind. Each contains its kind, as in `kubectl get -o json`. */
  async list<Item>(kinds: readonly Resource[], namespace: string): Promise<Item[]> {
    const lists = await Promise.all(kinds.map((kind) => this.listOf(kind, namespace)));
    return lists.flatMap(({ kind, items }) =>
      items.map((item) => ({ kind: kind.replace(/List$/, ""), ...item }) as Item),
    );
  }

  /** Objects of several kinds in a namespace, by their names in `kubectl get -o name`. */
  async names(kinds: readonly Resource[], namespace: string): Promise<string[]> {
    const names = await Promise.all(
      kinds.map(async (kind) => {
        const { items } = await this.listOf(kind, namespace);
        return items.map(({ metadata }) => `${resources[kind][1]}/${metadata.name}`);
      }),
    );
    return names.flat();
  }

  close(): void {
    this.agent.destroy();
  }

  private async listOf(
    kind: Resource,
    namespace: string,
  ): Promise<{ readonly kind: string; readonly items: readonly { readonly metadata: { readonly name: string } }[] }> {
    const path = `/${resources[kind][0]}/namespaces/${namespace}/${kind}`;
    const answer = await new Promise<string>((resolve, reject) => {
      get(`${this.server}${path}`, { agent: this.agent }, (response) => {
        text(response).then((body) => {
          if (response.statusCode === 200) resolve(body);
          else reject(new Error(`GET ${path} answered ${String(response.statusCode)}: ${body}`));
        }, reject);
      }).on("error", reject);
    });
    return JSON.parse(answer) as Awaited<ReturnType<ApiServer["listOf"]>>;
  }
}
