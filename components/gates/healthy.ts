import { judgeHealthy, type HealthyQuestion } from "../../upgrade/gates/healthy";
import { lookAtOap, ownPodsOf, type GateClusters, type Look } from "./look";

/** Minutes; any will do, since nobody looks at what is found. */
const window = 1;

/**
 * Asks the OAP for its version, health and cluster, and the API server for its pods. One that cannot be asked for its
 * health is asked for its services: it answers the rest without its storage too.
 */
export function lookHealthy({ generation }: HealthyQuestion, clusters: GateClusters): Promise<Look> {
  return lookAtOap(generation, clusters, async (client) => {
    const [version, health, nodes] = [await client.version(), await client.health(), await client.clusterNodes()];
    if (health === undefined) await client.services(window);
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
