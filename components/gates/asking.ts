import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import type { KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { namespaceOf } from "../../upgrade/backend";
import type { NamedGeneration } from "../../upgrade/config";
import { judgeArrived } from "../../upgrade/gates/arrived";
import { judgeDeparted, type LeftService } from "../../upgrade/gates/departed";
import type { PlannedGate, Question } from "../../upgrade/gates/gates";
import { judgeHealthy } from "../../upgrade/gates/healthy";
import { decide, type Evidence, type Patience, type Verdict } from "../../upgrade/gates/verdict";
import { latest } from "../../upgrade/latest";
import { workloadOf } from "../../upgrade/patches";
import type { ClusterReader, LivePod } from "../cluster";
import { selectorOf } from "../pod";
import { OapError } from "../query/connection";
import { inParallel } from "../query/in-parallel";
import { OapClient } from "../query/oap-client";

/** What a gate found in the end, and when. */
export interface Answer extends Evidence {
  readonly held: boolean;
  /** ISO 8601. */
  readonly at: string;
}

/** What is read of the cluster. */
export type GateCluster = Pick<ClusterReader, "kube" | "movedWorkloads" | "livePods">;

/** Looks once whether a gate holds. */
interface Look {
  readonly look: () => Promise<Verdict>;
  readonly close: () => Promise<void>;
}

/**
 * Asks until a gate holds, for as long as it should, or its time is up. What cannot be asked does not hold; what the user
 * may not ask ends it at once.
 *
 * @param onProgress - told what is waited for, whenever that changes
 */
export async function askGate(
  gate: PlannedGate,
  cluster: GateCluster,
  onProgress: (text: string) => void,
): Promise<Answer> {
  const { question, timeout, interval } = gate;
  const soak = question.kind === "arrived" ? question.soak : 0;
  const deadline = Date.now() + timeout;
  const { look, close } = await lookAt(question, cluster);
  let patience: Patience = { heldSince: undefined };
  let told = "";
  try {
    for (;;) {
      const { verdict, final } = await verdictOf(look);
      const now = Date.now();
      const decision = final ? { kind: "given up" as const } : decide(verdict.holds, patience, { soak, deadline, now });
      if (decision.kind !== "ask again") {
        const held = decision.kind === "holds";
        return { held, at: new Date(now).toISOString(), ...verdict.evidence };
      }
      ({ patience } = decision);
      const text = verdict.holds ? `${verdict.evidence.said}; for ${String(soak / 1000)} s` : verdict.evidence.said;
      if (text !== told) onProgress(text);
      told = text;
      // A soak or the time that is left ends when it ends, not at the next look after.
      const end = patience.heldSince === undefined ? deadline : patience.heldSince + soak;
      await sleep(Math.max(0, Math.min(interval, end - now)));
    }
  } finally {
    await close();
  }
}

/** An OAP that cannot be asked is one that does not hold, and its error is what the gate waits for. */
async function verdictOf(look: () => Promise<Verdict>): Promise<{ verdict: Verdict; final: boolean }> {
  try {
    return { verdict: await look(), final: false };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return {
      verdict: { holds: false, evidence: { said: error.message } },
      final: error instanceof OapError && error.denied,
    };
  }
}

async function lookAt(question: Question, cluster: GateCluster): Promise<Look> {
  if (question.kind === "check") {
    return { look: () => tryCheck(question.check), close: () => Promise.resolve() };
  }
  const { generation } = question;
  const client = await openClient(cluster.kube, generation);
  const close = (): Promise<void> => client.close();
  switch (question.kind) {
    case "healthy":
      return { look: () => lookHealthy(generation, client, cluster), close };
    case "arrived":
      return { look: () => lookArrived(question, client, cluster), close };
    case "departed":
      return { look: () => lookDeparted(question, client, cluster), close };
  }
}

async function openClient(kube: KubeConfig, { name, generation }: NamedGeneration): Promise<OapClient> {
  const client = await OapClient.open(kube, name, generation);
  if (client === undefined) throw new TypeError(`${name} has no restUrl, so no gate should ask it`);
  return client;
}

/** The pods of its OAP; undefined for an adopted generation. */
export async function ownPodsOf(
  { name, generation }: NamedGeneration,
  cluster: Pick<ClusterReader, "livePods">,
): Promise<readonly LivePod[] | undefined> {
  return generation.managed ? cluster.livePods(namespaceOf(name, generation), selectorOf(name, "oap")) : undefined;
}

async function lookHealthy(
  { name, generation }: NamedGeneration,
  client: OapClient,
  cluster: GateCluster,
): Promise<Verdict> {
  const [version, health, nodes] = [await client.version(), await client.health(), await client.clusterNodes()];
  const ownPods = (await ownPodsOf({ name, generation }, cluster))?.map(({ address }) => address);
  return judgeHealthy(name, {
    release: generation.version,
    version,
    health,
    nodes: nodes?.map(({ host }) => host),
    ownPods,
  });
}

async function lookArrived(
  { generation, services, window, sinceStart, share, minimum }: Extract<Question, { kind: "arrived" }>,
  client: OapClient,
  cluster: GateCluster,
): Promise<Verdict> {
  const workloads = await cluster.movedWorkloads(
    services.map(({ placement: { key, service } }) => ({ ...service, name: service.name ?? key })),
  );
  const expected = services.map(({ placement, reportedAs }) => {
    const { desired, ready } = workloads.get(workloadOf(placement)) ?? { desired: 0, ready: 0 };
    return { service: placement.key, reportedAs, desiredPods: desired, readyPods: ready };
  });
  const start = sinceStart ? await startOf(generation, cluster) : undefined;
  const since = new Map<string, Date | undefined>();
  for (const { placement, reportedAs, applied: before } of services) {
    const { applied } = workloads.get(workloadOf(placement)) ?? {};
    // This update has moved it, and not for the first time: `to` may have what its pods of then reported.
    const again = before !== undefined && applied !== undefined && applied > before ? applied : undefined;
    since.set(reportedAs, latest([since.get(reportedAs), start, again]));
  }
  const live = await client.liveServices(window, since);
  const counts = new Map(live.map(({ name, instances }) => [name, instances.length]));
  return judgeArrived(generation.name, expected, counts, { share, minimum });
}

/** When the first of the servers that run was created; all before them had stopped then. Now, where none runs. */
async function startOf(generation: NamedGeneration, cluster: GateCluster): Promise<Date> {
  const pods = (await ownPodsOf(generation, cluster)) ?? [];
  return new Date(Math.min(Date.now(), ...pods.map(({ created }) => created.getTime())));
}

/** Services whose last heartbeat is looked for; more are not named anyway. */
const lastHeartbeats = 20;

async function lookDeparted(
  { generation, known, ignored, window }: Extract<Question, { kind: "departed" }>,
  client: OapClient,
  cluster: GateCluster,
): Promise<Verdict> {
  const { name } = generation;
  if ((await ownPodsOf(generation, cluster))?.length === 0) {
    return { holds: true, evidence: { said: `the OAP of ${name} does not run, so nobody reports to it` } };
  }
  const live = await client.liveServices(window);
  const left = await inParallel(live, 4, async (service): Promise<LeftService> => {
    const near = live.indexOf(service) < lastHeartbeats;
    return { ...service, lastHeartbeat: near ? await client.lastHeartbeat(service, window) : window };
  });
  return judgeDeparted(name, left, known, ignored);
}

/** Whether a check of the user's own succeeds. */
async function tryCheck({ command, url }: Extract<Question, { kind: "check" }>["check"]): Promise<Verdict> {
  const limit = 60_000;
  if (command !== undefined) {
    const [program = "", ...args] = command;
    const text = `\`${command.join(" ")}\``;
    try {
      await promisify(execFile)(program, args, { timeout: limit });
      return { holds: true, evidence: { said: `${text} ended with 0` } };
    } catch (error) {
      const { code, stderr = "" } = error as { code?: number | string; stderr?: string };
      const last = stderr.trim().split("\n").at(-1) ?? "";
      const why = last === "" ? "" : `: ${last.slice(0, 300)}`;
      return { holds: false, evidence: { said: `${text} ended with ${String(code ?? "a signal")}${why}` } };
    }
  }
  try {
    const { status } = await fetch(String(url), { signal: AbortSignal.timeout(limit) });
    return { holds: status < 400, evidence: { said: `GET ${String(url)} answered ${String(status)}` } };
  } catch (error) {
    const { message, cause } = error as { message: string; cause?: { message?: string } };
    return { holds: false, evidence: { said: `GET ${String(url)}: ${cause?.message ?? message}` } };
  }
}
