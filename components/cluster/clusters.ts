import type { Undone } from "../../upgrade/patches";
import { podsWithPrimary, primaryOf } from "../../upgrade/workload/maker";
import { workloadKey, type ClusterName, type WorkloadRef } from "../../upgrade/workload/ref";
import type { PodCount } from "../../upgrade/workload/rollout";
import { lastApplied } from "../../upgrade/workload/workload";
import type { SecretsOf } from "../storage/elasticsearch/secrets";
import { argsOf, type ClusterArgs } from "./kubeconfig";
import { toWorkload, type ListedWorkload } from "./listed-workload";
import { ClusterReader } from "./reader";

/** What a gate reads of a workload. */
export interface MovedWorkload extends PodCount {
  /** When what the program applies to it last changed; undefined: nothing is applied. */
  readonly applied: Date | undefined;
  /** Who has undone what this update has applied, in a sentence; undefined: nobody. */
  readonly undone: string | undefined;
}

/** The clusters of a stack, each by its name. */
export class Clusters {
  private constructor(private readonly readers: ReadonlyMap<ClusterName, ClusterReader>) {}

  /**
   * @param names - `clustersOf` the config
   * @param args - what the config keys say of them
   * @throws Error when a kubeconfig cannot be read or has no such context
   */
  static async connect(names: readonly ClusterName[], args: ClusterArgs): Promise<Clusters> {
    const connect = async (name: ClusterName) => [name, await ClusterReader.connect(name, argsOf(name, args))] as const;
    return new Clusters(new Map(await Promise.all(names.map(connect))));
  }

  /** @throws RangeError for a cluster that the stack does not have. */
  reader(cluster: ClusterName): ClusterReader {
    const reader = this.readers.get(cluster);
    if (reader === undefined) throw new RangeError(`there is no cluster ${JSON.stringify(cluster)}`);
    return reader;
  }

  /**
   * All workloads of the clusters, namespaces and kinds of these, by `workloadKey`, with one list for each.
   */
  async workloads(refs: readonly WorkloadRef[]): Promise<ReadonlyMap<string, ListedWorkload>> {
    const names = [...new Set(refs.map(({ cluster }) => cluster))];
    const live = await Promise.all(
      names.map((name) => this.reader(name).workloads(refs.filter(({ cluster }) => cluster === name))),
    );
    return new Map(live.flatMap((each) => [...each]));
  }

  /**
   * How many pods these workloads are to have and have ready, and since when they are as they are, by `workloadKey`.
   *
   * @param undone - says who has undone what this update has applied. Defaults to nobody
   */
  async movedWorkloads(
    refs: readonly WorkloadRef[],
    undone: Undone = () => undefined,
  ): Promise<ReadonlyMap<string, MovedWorkload>> {
    const live = await this.workloads(refs);
    return new Map(
      refs.flatMap((ref) => {
        const key = workloadKey(ref);
        const item = live.get(key);
        if (item === undefined) return [];
        const pods = podsWithPrimary(ref.kind, item, primaryOf(ref, live));
        const workload = toWorkload(ref.cluster, ref.kind, item);
        const applied = lastApplied(item.metadata?.managedFields ?? []);
        return [[key, { ...pods, applied, undone: workload && undone(workload) }] as const];
      }),
    );
  }

  /** Where the secrets of an Elasticsearch come from. */
  get secretsOf(): SecretsOf {
    return (place) => this.reader(place.cluster).secretsOf(place);
  }
}
