import * as z from "zod";

import { milliseconds } from "../duration";
import { nameSome } from "../name-some";
import { percentOf } from "../percent";
import { plural } from "../plural";
import type { NamedGeneration } from "../schema/generation";
import { section } from "../schema/object";
import { duration, wholeNumber } from "../schema/scalars";
import {
  gateMode,
  type Ask,
  type GateDefinition,
  type GateContext,
  type Place,
  type ReportingService,
} from "./definition";
import type { Verdict } from "./verdict";

const share = z.string().regex(/^([1-9]\d?|100)%$/, 'is not a share; allowed: 1% to 100% -> write e.g. "80%"');

/** Before further waves move, and before the old OAP stops: the services that have moved are alive on `to`. */
export const arrivedSettings = section({
  /** Defaults to `gates.mode`. */
  mode: gateMode.optional(),
  /** Until every service must be alive on `to`. Agents of 6.x and 7.0 may take 10 minutes. Defaults to 15m. */
  timeout: duration.default("15m"),
  /** How long that must stay so. Defaults to 1m: two heartbeats. */
  soak: duration.default("1m"),
  /** Live instances that a service must have, as a share of its ready pods. Defaults to 100%. */
  share: share.default("100%"),
  /** The least number of live instances of a service that is not scaled to 0. Defaults to 1. */
  minimum: wholeNumber(0).default(1),
});
export type ArrivedSettings = z.output<typeof arrivedSettings>;

/** Whether services are alive on the generation that they have moved to. */
export interface ArrivedQuestion extends Threshold {
  readonly kind: "arrived";
  readonly generation: NamedGeneration;
  readonly services: readonly MovedService[];
  /** `gates.window`, in minutes. */
  readonly window: number;
  /**
   * Whether what was reported before the servers began does not count: their storage may have it from those before
   * them.
   */
  readonly sinceStart: boolean;
}

/** A service whose agents must report to `to`. */
export interface MovedService extends Pick<ReportingService, "key" | "workload" | "applied"> {
  /** The name that the OAP of `to` shows. */
  readonly reportedAs: string;
  /** Whether its agents come with ids that another OAP gave them. */
  readonly bringsIds: boolean;
}

/** Every service that has moved must have arrived before the old OAP stops. */
export function arrived(settings: ArrivedSettings): GateDefinition<ArrivedQuestion> {
  return {
    name: ({ to }) => `${to.name}-arrived`,
    settings,
    generation: "to",
    isAskedAt: ({ row }) => row.acts,
    plan: (context) => {
      const ask = planArrived(context, context.services, "the old stops", settings);
      return ask && { ...ask, soak: milliseconds(settings.soak) };
    },
  };
}

/** Asks about those of the services who report to `to`; undefined where none of them does. */
export function planArrived(
  context: GateContext,
  services: readonly ReportingService[],
  place: Place,
  { share, minimum }: ArrivedSettings,
): Ask<ArrivedQuestion> | undefined {
  const { move, to, window } = context;
  // Behind a Satellite are agents whose names nobody has told us.
  const moved = services.filter(({ reportsTo, language }) => reportsTo === to.name && language !== "satellite");
  if (moved.length === 0) return undefined;
  // Patched services have new pods; elsewhere the agents stay, and `to` may have been entered before.
  const sinceStart = move !== "patches";
  const by = sinceStart ? `, by what they reported to its servers of ${to.generation.version}` : "";
  const keys = moved.map(({ key }) => key);
  return {
    place,
    question: {
      kind: "arrived",
      generation: to,
      services: moved.map(({ key, workload, reportedAs, applied, keepsId }) => ({
        key,
        workload,
        reportedAs: reportedAs.to,
        applied,
        bringsIds: keepsId && move === "entrance",
      })),
      window: milliseconds(window) / 60_000,
      sinceStart,
      share: percentOf(share),
      minimum,
    },
    asks: `whether ${plural(moved.length, "service")} ${moved.length === 1 ? "is" : "are"} alive on ${to.name}${by}`,
    services: keys,
    inputs: { services: keys, share, minimum, window },
  };
}

/** A service that must report, and what is known of its pods. */
export interface ExpectedService extends Pick<MovedService, "bringsIds"> {
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
export function instancesNeeded(
  { desiredPods, readyPods }: Pick<ExpectedService, "desiredPods" | "readyPods">,
  { share, minimum }: Threshold,
): number {
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
  if (missing.length === 0) return { passes: true, evidence: { said: progress, instances: counts } };
  const withIds = missing.filter(({ bringsIds }) => bringsIds).map(({ service }) => service);
  const fix = `restart the pods of ${nameSome(withIds)}, whose agents may have ids that ${generation} knows as those of others`;
  return {
    passes: false,
    evidence: {
      said: `${progress}, waiting for ${nameSome(waiting)}`,
      ...(withIds.length === 0 ? {} : { fix }),
      instances: counts,
    },
  };
}
