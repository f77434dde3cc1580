import { namespaceOf } from "../../upgrade/backend";
import type { Config } from "../../upgrade/config";
import { networkKey, type Network, type NetworkOfNamespace } from "../../upgrade/network-policies";
import type { Clusters } from "./clusters";

/**
 * The NetworkPolicies in the namespaces of services and of the new backend. A namespace that may not be read is left
 * out: nothing but warnings depends on it.
 */
export async function readNetwork(clusters: Clusters, { services, to }: Config): Promise<Network> {
  const { generation, name } = to;
  const places = [
    ...Object.values(services),
    ...(generation.managed ? [{ cluster: generation.cluster, namespace: namespaceOf(name, generation) }] : []),
  ];
  const distinct = new Map(places.map((place) => [networkKey(place.cluster, place.namespace), place]));
  const read = await Promise.all(
    [...distinct].map(async ([key, { cluster, namespace }]): Promise<[string, NetworkOfNamespace][]> => {
      const reader = clusters.reader(cluster);
      try {
        const [labels, policies] = await Promise.all([
          reader.namespaceLabels(namespace),
          reader.networkPolicies(namespace),
        ]);
        return [[key, { labels, policies }]];
      } catch {
        return [];
      }
    }),
  );
  return new Map(read.flat());
}
