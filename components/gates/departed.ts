import { judgeDeparted, type DepartedQuestion, type LeftService } from "../../upgrade/gates/departed";
import { addressesOf } from "../../upgrade/gates/pods";
import type { Verdict } from "../../upgrade/gates/verdict";
import { inParallel } from "../query/in-parallel";
import type { OapClient } from "../query/oap-client";
import { lookAtOap, ownPodsOf, type GateClusters, type Look } from "./look";

/** Asks the OAP for its live instances. */
export function lookDeparted(question: DepartedQuestion, clusters: GateClusters): Promise<Look> {
  return lookAtOap(question.generation, clusters, (client) => whoIsLeft(question, client, clusters));
}

/** Services whose last heartbeat is looked for; more are not named anyway. */
const lastHeartbeats = 20;

async function whoIsLeft(
  { generation, known, ignored, window }: DepartedQuestion,
  client: OapClient,
  clusters: GateClusters,
): Promise<Verdict> {
  const { name } = generation;
  const pods = await ownPodsOf(generation, clusters);
  if (pods !== undefined && addressesOf(pods).length === 0) {
    return { passes: true, evidence: { said: `the OAP of ${name} does not run, so nobody reports to it` } };
  }
  const live = await client.liveServices(window);
  const left = await inParallel([...live.entries()], 4, async ([index, service]): Promise<LeftService> => {
    const lastHeartbeat = index < lastHeartbeats ? await client.lastHeartbeat(service, window) : window;
    return { ...service, lastHeartbeat };
  });
  return judgeDeparted(name, left, known, ignored);
}
