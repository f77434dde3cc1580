import type { NamedGeneration } from "../../upgrade/config";
import { judgeArrived, type ArrivedQuestion } from "../../upgrade/gates/arrived";
import { because, deafPods } from "../../upgrade/gates/pods";
import type { Verdict } from "../../upgrade/gates/verdict";
import { whatIfUndone } from "../../upgrade/patches";
import { workloadKey } from "../../upgrade/workload/ref";
import { latest } from "../../upgrade/workload/workload";
import type { OapClient } from "../query/oap-client";
import { lookAtOap, ownPodsOf, type GateClusters, type Look } from "./look";

/** Asks the API server how many pods each service has, and the OAP for its live instances. */
export function lookArrived(question: ArrivedQuestion, clusters: GateClusters): Promise<Look> {
  return lookAtOap(question.generation, clusters, (client) => whoArrived(question, client, clusters));
}

async function whoArrived(
  { generation, services, window, sinceStart, share, minimum }: ArrivedQuestion,
  client: OapClient,
  clusters: GateClusters,
): Promise<Verdict> {
  const workloads = await clusters.movedWorkloads(services.map(({ workload }) => workload));
  const undone = [...workloads.values()].flatMap((workload) => workload.undone ?? []);
  if (undone.length > 0) {
    return { passes: false, final: true, evidence: { said: undone.join("; "), fix: whatIfUndone } };
  }
  const start = sinceStart ? await startOf(generation, clusters) : undefined;
  const knownBefore = clusters.knownBefore.get(generation.name);
  const since = new Map<string, Date | undefined>();
  const expected = services.map(({ key, workload, reportedAs, bringsIds, applied: before }) => {
    const live = workloads.get(workloadKey(workload));
    const applied = live?.applied;
    // This update has moved it, and not for the first time: `to` may have what its pods of then reported.
    const isAgain = before === undefined ? knownBefore?.has(reportedAs) : applied !== undefined && applied > before;
    const again = isAgain === true ? applied : undefined;
    since.set(reportedAs, latest([since.get(reportedAs), start, again]));
    return { service: key, reportedAs, bringsIds, desiredPods: live?.desired ?? 0, readyPods: live?.ready ?? 0 };
  });
  const live = await client.liveServices(window, since);
  const counts = new Map(live.map(({ name, instances }) => [name, instances.length]));
  const verdict = judgeArrived(generation.name, expected, counts, { share, minimum });
  if (verdict.passes) return verdict;
  const { name, generation: of } = generation;
  return because(verdict, deafPods(name, of.behavesLike, await ownPodsOf(generation, clusters)));
}

/** When the first of the servers that run was created; all before them had stopped then. Now, where none runs. */
async function startOf(generation: NamedGeneration, clusters: GateClusters): Promise<Date> {
  const pods = ((await ownPodsOf(generation, clusters)) ?? []).filter(({ address }) => address !== undefined);
  return new Date(Math.min(Date.now(), ...pods.map(({ created }) => created.getTime())));
}
