import { namespaceOf } from "../../upgrade/backend";
import type { Config } from "../../upgrade/config";
import { namespaceKey, type ObjectRef } from "../../upgrade/workload/ref";
import type { Network, NetworkOfNamespace } from "../../upgrade/network-policies";
import type { Clusters } from "./clusters";

/** A Kubernetes namespace as the API server has it. */
export interface LiveNamespace extends Pick<ObjectRef, "cluster" | "namespace"> {
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it is being deleted. */
  readonly goes: boolean;
}

/** Kubernetes namespaces by `namespaceKey`; those that are not there, or may not be read, are left out. */
export type Namespaces = ReadonlyMap<string, LiveNamespace>;

/** Reads the namespaces of services and of the new backend. */
export async function readNamespaces(clusters: Clusters, { services, to }: Config): Promise<Namespaces> {
  const { generation, name } = to;
  const places = [
    ...Object.values(services),
    ...(generation.managed ? [{ cluster: generation.cluster, namespace: namespaceOf(name, generation) }] : []),
  ];
  return readEach(places, async ({ cluster, namespace }): Promise<LiveNamespace> => {
    const { labels = {}, deletionTimestamp } = await clusters.reader(cluster).namespaceMetadata(namespace);
    return { cluster, namespace, labels, goes: deletionTimestamp !== undefined };
  });
}

/** Reads the NetworkPolicies in these namespaces. */
export function readNetwork(clusters: Clusters, namespaces: Namespaces): Promise<Network> {
  return readEach([...namespaces.values()], async ({ cluster, namespace, labels }): Promise<NetworkOfNamespace> => {
    return { labels, policies: await clusters.reader(cluster).networkPolicies(namespace) };
  });
}

/** One reading of each place; what may not be read is left out, since nothing but warnings depends on it. */
async function readEach<Place extends Pick<ObjectRef, "cluster" | "namespace">, Result>(
  places: readonly Place[],
  read: (place: Place) => Promise<Result>,
): Promise<ReadonlyMap<string, Result>> {
  const distinct = new Map(places.map((place) => [namespaceKey(place), place]));
  const found = await Promise.all(
    [...distinct].map(([key, place]) =>
      read(place).then(
        (result): [string, Result][] => [[key, result]],
        () => [],
      ),
    ),
  );
  return new Map(found.flat());
}
