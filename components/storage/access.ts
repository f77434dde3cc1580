import type { Reach, StorageAdmin } from "../../upgrade/storage/elasticsearch-objects";
import type { Clusters } from "../cluster/clusters";
import { selectorOf } from "../../upgrade/backend";
import { forwardPort, type LocalPort } from "../query/port-forward";
import { httpPort } from "./elasticsearch/settings";
import { ElasticsearchClient } from "./elasticsearch-client";

type Forwarded = Extract<Reach, { kind: "forward" }>;

/**
 * The ways to the storages that the program administers, each opened once and there until the engine has
 * done everything.
 */
export class StorageAccess {
  private readonly forwards = new Map<string, Promise<LocalPort>>();

  constructor(private readonly clusters: Pick<Clusters, "reader" | "secretsOf">) {}

  /**
   * Opens the way to one.
   *
   * @throws Error when its port of this machine is taken
   */
  async open({ generation, reach }: StorageAdmin): Promise<ElasticsearchClient> {
    if (reach.kind === "url") return new ElasticsearchClient({ generation, ...reach });
    const known = this.forwards.get(reach.url) ?? this.forward(generation, reach);
    this.forwards.set(reach.url, known);
    const { failure } = await known;
    const { url, cluster, namespace, secretName } = reach;
    const secrets =
      secretName === undefined
        ? undefined
        : await this.clusters.secretsOf({ cluster, namespace, secretName, hosts: [] });
    return new ElasticsearchClient({
      generation,
      url,
      failure,
      ...(secrets === undefined ? {} : { user: "elastic", password: secrets.password, ca: secrets.ca }),
    });
  }

  private async forward(generation: string, { cluster, namespace, localPort }: Forwarded): Promise<LocalPort> {
    const labels = selectorOf(generation, "elasticsearch");
    try {
      return await forwardPort(this.clusters.reader(cluster).kube, { namespace, labels, port: httpPort }, localPort);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(
        `Cannot forward port ${String(localPort)} of this machine to the Elasticsearch of ${generation}: ${message} -> end what listens there, or pulumi config set --path generations.${generation}.storage.admin.localPort PORT`,
        { cause: error },
      );
    }
  }

  /**
   * Resolves when it answers its administrator.
   *
   * @throws ElasticsearchError
   */
  async reached(admin: StorageAdmin): Promise<void> {
    const client = await this.open(admin);
    await client.ask("declare anything", "GET", "/_cluster/health");
  }
}
