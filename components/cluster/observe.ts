import { indexShardsEnv } from "../../skywalking/index-shards";
import { oapRef } from "../../upgrade/backend";
import type { Config } from "../../upgrade/config";
import type { ConfigMaps } from "../../upgrade/inject/target";
import { ledToOf } from "../../upgrade/entrance";
import type { LiveStorage } from "../../upgrade/observed";
import { mountedConfigMaps, workloadRef } from "../../upgrade/patches";
import { primaryOf } from "../../upgrade/workload/maker";
import { namespaceKey, objectKey, workloadKey, type ObjectRef } from "../../upgrade/workload/ref";
import type { Workload } from "../../upgrade/workload/workload";
import type { Clusters } from "./clusters";
import { toWorkload } from "./listed-workload";
import { readNamespaces, type Namespaces } from "./namespaces";

/** What the plan must know of the clusters. */
export interface Observation {
  /** OAP replicas of the generations that are in the cluster. */
  readonly present: ReadonlyMap<string, number>;
  /** Primary shards that their OAP has been told to give each index. */
  readonly indexShards: ReadonlyMap<string, string>;
  /** When their OAP was created. */
  readonly since: ReadonlyMap<string, Date>;
  /** Every generation that the entrance has led to, the present one last. */
  readonly ledTo: readonly string[];
  /** Storage that the program runs, by generation. */
  readonly storage: ReadonlyMap<string, LiveStorage>;
  /** Those of services and of the new backend. */
  readonly namespaces: Namespaces;
  /** Workloads, by `workloadKey`. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** The ConfigMaps that carry settings of services, by `objectKey`; missing ones are left out. */
  readonly configMaps: ConfigMaps;
}

/**
 * Reads the target workloads, and which generations exist.
 *
 * @throws Error that names what could not be read, and how to try it by hand
 */
export async function observe(clusters: Clusters, config: Config): Promise<Observation> {
  const present = new Map<string, number>();
  const since = new Map<string, Date>();
  const indexShards = new Map<string, string>();
  const storage = new Map<string, LiveStorage>();
  const readOap = async (generation: string, { cluster, namespace, name }: ObjectRef): Promise<void> => {
    const [deployment] = await clusters.reader(cluster).list("Deployment", namespace, name);
    if (deployment === undefined) return;
    present.set(generation, deployment.spec?.replicas ?? 1);
    const { podSpec } = toWorkload(cluster, "Deployment", deployment) ?? {};
    const env = podSpec?.containers.flatMap((container) => container.env ?? []);
    const shards = env?.find(({ name: variable }) => variable === indexShardsEnv)?.value;
    if (shards !== undefined) indexShards.set(generation, shards);
    const created = deployment.metadata?.creationTimestamp;
    if (created !== undefined) since.set(generation, new Date(created));
  };
  const readStorage = async (generation: string, { cluster, namespace }: ObjectRef): Promise<void> => {
    const live = await clusters.reader(cluster).storage(generation, namespace);
    if (live !== undefined) storage.set(generation, live);
  };
  const namespacesRead = readNamespaces(clusters, config);
  const [workloads, namespaces, ledTo] = await Promise.all([
    readWorkloads(clusters, config, namespacesRead),
    namespacesRead,
    readLedTo(clusters, config),
    ...Object.entries(config.generations).flatMap(([name, generation]) => {
      if (!generation.managed) return [];
      const oap = oapRef(name, generation);
      return [readOap(name, oap), readStorage(name, oap)];
    }),
  ]);
  const configMaps = await readConfigMaps(clusters, mountedConfigMaps(config.services, workloads));
  return { present, indexShards, since, ledTo, storage, namespaces, workloads, configMaps };
}

async function readLedTo(clusters: Clusters, { entrance }: Config): Promise<string[]> {
  if (entrance === undefined) return [];
  const service = await clusters.reader(entrance.cluster).service(entrance.namespace, entrance.name);
  return ledToOf(service?.metadata?.annotations);
}

async function readWorkloads(
  clusters: Clusters,
  { services, rollout }: Config,
  namespacesRead: Promise<Namespaces>,
): Promise<Map<string, Workload>> {
  const refs = Object.values(services).map((service) => workloadRef({ service }));
  const [live, namespaces] = await Promise.all([clusters.workloads(refs), namespacesRead]);
  return new Map(
    refs.flatMap((ref): [string, Workload][] => {
      const listed = live.get(workloadKey(ref));
      const beside = {
        primary: primaryOf(ref, live),
        namespaceGoes: namespaces.get(namespaceKey(ref))?.goes === true,
        deletesPods: rollout.onDelete === "delete",
      };
      const workload = listed && toWorkload(ref.cluster, ref.kind, listed, beside);
      return workload === undefined ? [] : [[workloadKey(ref), workload]];
    }),
  );
}

async function readConfigMaps(clusters: Clusters, refs: readonly ObjectRef[]): Promise<ConfigMaps> {
  const read = await Promise.all(
    refs.map(async (ref) => {
      const configMap = await clusters.reader(ref.cluster).configMap(ref.namespace, ref.name);
      return configMap === undefined ? [] : [[objectKey(ref), configMap.data ?? {}] as const];
    }),
  );
  return new Map(read.flat());
}
