import { judgeHealthy, type HealthyQuestion } from "../../upgrade/gates/healthy";
import { lookAtOap, ownPodsOf, type GateClusters, type Look } from "./look";

/**
 * Asks the OAP for its version, health, cluster and services, and the API server for its pods. One that cannot be asked
 * for its health answers all but its services without its storage too.
 */
export function lookHealthy({ generation, window }: HealthyQuestion, clusters: GateClusters): Promise<Look> {
  return lookAtOap(generation, clusters, async (client) => {
    const [version, health, nodes] = [await client.version(), await client.health(), await client.clusterNodes()];
    const services = await client.services(window);
    clusters.knownBefore.set(generation.name, new Set(services.map(({ name }) => name)));
    const ownPods = await ownPodsOf(generation, clusters);
    return judgeHealthy(generation.name, {
      release: generation.generation.version,
      behavesLike: generation.generation.behavesLike,
      version,
      health,
      nodes: nodes?.map(({ host }) => host),
      ownPods,
    });
  });
}
