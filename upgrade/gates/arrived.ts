import { nameSome } from "../name-some";
import type { Verdict } from "./verdict";

/** A service that must report, and what is known of its pods. */
export interface ExpectedService {
  /** Its key in the config. */
  readonly service: string;
  /** The name that the OAP shows it by. */
  readonly reportedAs: string;
  /** Pods that it should have; 0: it is switched off. */
  readonly desiredPods: number;
  readonly readyPods: number;
}

export interface Threshold {
  /** Percent of the ready pods. */
  readonly share: number;
  readonly minimum: number;
}

/** Live instances that a service must have. */
export function instancesNeeded({ desiredPods, readyPods }: ExpectedService, { share, minimum }: Threshold): number {
  return desiredPods === 0 ? 0 : Math.max(minimum, Math.ceil((readyPods * share) / 100));
}

/**
 * Whether every service has as many live instances as it should.
 *
 * @param live - live instances by the name that the OAP shows
 */
export function judgeArrived(
  generation: string,
  expected: readonly ExpectedService[],
  live: ReadonlyMap<string, number>,
  threshold: Threshold,
): Verdict {
  // Workloads may report as one service: a blue and a green Deployment, say.
  const needed = new Map<string, number>();
  for (const service of expected) {
    needed.set(service.reportedAs, (needed.get(service.reportedAs) ?? 0) + instancesNeeded(service, threshold));
  }
  const alive = (name: string): number => live.get(name) ?? 0;
  const short = new Set([...needed].filter(([name, instances]) => alive(name) < instances).map(([name]) => name));
  const missing = expected.filter(({ reportedAs }) => short.has(reportedAs));
  const counts = Object.fromEntries(expected.map(({ service, reportedAs }) => [service, alive(reportedAs)]));
  const progress = `${String(expected.length - missing.length)} of ${String(expected.length)} services alive on ${generation}`;
  const waiting = missing.map(
    ({ service, reportedAs }) =>
      `${service} (${service === reportedAs ? "" : `as ${reportedAs}, `}${String(alive(reportedAs))} of ${String(needed.get(reportedAs))})`,
  );
  return missing.length === 0
    ? { holds: true, evidence: { said: progress, instances: counts } }
    : { holds: false, evidence: { said: `${progress}, waiting for ${nameSome(waiting)}`, instances: counts } };
}
