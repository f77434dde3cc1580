import { judgeHealthy, type HealthyQuestion } from "../../upgrade/gates/healthy";
import { lookAtOap, ownPodsOf, type GateClusters, type Look } from "./look";

/** Asks the OAP for its version, health and cluster, and the API server for its pods. */
export function lookHealthy({ generation }: HealthyQuestion, clusters: GateClusters): Promise<Look> {
  return lookAtOap(generation, clusters, async (client) => {
    const [version, health, nodes] = [await client.version(), await client.health(), await client.clusterNodes()];
    const ownPods = (await ownPodsOf(generation, clusters))?.map(({ address }) => address);
    return judgeHealthy(generation.name, {
      release: generation.generation.version,
      version,
      health,
      nodes: nodes?.map(({ host }) => host),
      ownPods,
    });
  });
}
