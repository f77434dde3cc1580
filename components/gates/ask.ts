import { setTimeout as sleep } from "node:timers/promises";

import type { PlannedGate } from "../../upgrade/gates/gates";
import type { Question } from "../../upgrade/gates/registry";
import { afterLook, type Evidence, type Patience, type Verdict } from "../../upgrade/gates/verdict";
import { OapError } from "../query/connection";
import { lookArrived } from "./arrived";
import { lookCheck } from "./check";
import { lookDeparted } from "./departed";
import { lookHealthy } from "./healthy";
import type { GateClusters, Look } from "./look";

/** What a gate found in the end, and when. */
export interface Answer extends Evidence {
  /** Whether it passed. */
  readonly held: boolean;
  /** ISO 8601. */
  readonly at: string;
}

/** How each question is looked into. */
async function openLook(question: Question, clusters: GateClusters): Promise<Look> {
  switch (question.kind) {
    case "healthy":
      return lookHealthy(question, clusters);
    case "arrived":
      return lookArrived(question, clusters);
    case "departed":
      return lookDeparted(question, clusters);
    case "check":
      return lookCheck(question);
  }
}

/**
 * Looks until a gate passes, for as long as it must, or its time is up. While its question cannot be asked it does not
 * pass; what the user may not ask ends it at once.
 *
 * @param onProgress - called with what is waited for, whenever that changes
 */
export async function askGate(
  { question, timeout, interval, soak }: PlannedGate,
  clusters: GateClusters,
  onProgress: (text: string) => void,
): Promise<Answer> {
  const deadline = Date.now() + timeout;
  const { look, close } = await openLook(question, clusters);
  let patience: Patience = { passingSince: undefined };
  let shown = "";
  try {
    for (;;) {
      const { verdict, final } = await verdictOf(look);
      const now = Date.now();
      const decision = final
        ? { kind: "failed" as const }
        : afterLook(verdict.passes, patience, { soak, deadline, now });
      if (decision.kind !== "look again") {
        return { held: decision.kind === "passed", at: new Date(now).toISOString(), ...verdict.evidence };
      }
      ({ patience } = decision);
      const text = verdict.passes ? `${verdict.evidence.said}; for ${String(soak / 1000)} s` : verdict.evidence.said;
      if (text !== shown) onProgress(text);
      shown = text;
      // A soak or the time that is left ends when it ends, not at the next look after.
      const end = patience.passingSince === undefined ? deadline : patience.passingSince + soak;
      await sleep(Math.max(0, Math.min(interval, end - now)));
    }
  } finally {
    await close();
  }
}

/** An OAP that cannot be asked is one whose gate does not pass, and its error is what the gate waits for. */
async function verdictOf(look: Look["look"]): Promise<{ verdict: Verdict; final: boolean }> {
  try {
    const verdict = await look();
    return { verdict, final: verdict.final === true };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return {
      verdict: { passes: false, evidence: { said: error.message } },
      final: error instanceof OapError && error.denied,
    };
  }
}
