import { theCluster, type ClusterName, type WorkloadRef } from "../../upgrade/workload/ref";
import type { ClusterArgs } from "./kubeconfig";
import type { ListedWorkload } from "./listed-workload";
import { ClusterReader } from "./reader";

/** The clusters of a stack, each by its name. */
export class Clusters {
  private constructor(private readonly readers: ReadonlyMap<ClusterName, ClusterReader>) {}

  /**
   * @param args - of the stack's one cluster
   * @throws Error when its kubeconfig cannot be read or has no such context
   */
  static async connect(args: ClusterArgs): Promise<Clusters> {
    return new Clusters(new Map([[theCluster, await ClusterReader.connect(theCluster, args)]]));
  }

  /** @throws RangeError for a cluster that the stack does not have. */
  reader(cluster: ClusterName): ClusterReader {
    const reader = this.readers.get(cluster);
    if (reader === undefined) throw new RangeError(`there is no cluster ${JSON.stringify(cluster)}`);
    return reader;
  }

  /** The existing ones of these workloads, by `workloadKey`, with one list per cluster, namespace and kind. */
  async workloads(refs: readonly WorkloadRef[]): Promise<ReadonlyMap<string, ListedWorkload>> {
    const names = [...new Set(refs.map(({ cluster }) => cluster))];
    const live = await Promise.all(
      names.map((name) => this.reader(name).workloads(refs.filter(({ cluster }) => cluster === name))),
    );
    return new Map(live.flatMap((each) => [...each]));
  }
}
