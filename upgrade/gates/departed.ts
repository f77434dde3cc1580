import * as z from "zod";

import { milliseconds } from "../duration";
import { nameSome } from "../name-some";
import type { NamedGeneration } from "../schema/generation";
import { section } from "../schema/object";
import { duration } from "../schema/scalars";
import { gateMode, type GateDefinition, type GateContext } from "./definition";
import type { Verdict } from "./verdict";

/** Before the old OAP stops: nobody reports to `from` any more. */
export const departedSettings = section({
  /** Defaults to `gates.mode`. */
  mode: gateMode.optional(),
  /** Until nobody may report to `from`. It must be longer than `window`. Defaults to 15m. */
  timeout: duration.default("15m"),
  /** Services, by the names that the OAP shows, which may go dark: nobody waits for them. Defaults to none. */
  ignore: z.array(z.string()).default([]),
});

/** Whether nobody reports to the generation that is left. */
export interface DepartedQuestion {
  readonly kind: "departed";
  readonly generation: NamedGeneration;
  /** Keys of the config by the name that the OAP shows. */
  readonly known: ReadonlyMap<string, readonly string[]>;
  readonly ignored: readonly string[];
  /** `gates.window`, in minutes. */
  readonly window: number;
}

export function departed(settings: z.output<typeof departedSettings>): GateDefinition<DepartedQuestion> {
  const { timeout, ignore: ignored } = settings;
  return {
    name: ({ from }) => `${from.name}-departed`,
    settings,
    generation: "from",
    // Behind an entrance every agent reports to the old OAP until it stops, and then it cannot be asked.
    isAskedAt: ({ row }, move) => move === "patches" && row.everyoneMoved && row.from.presence === "idle",
    problems: ({ window }) =>
      milliseconds(timeout) > milliseconds(window)
        ? []
        : [
            {
              key: "gates.departed.timeout",
              value: timeout,
              wrong: `is not longer than gates.window (${window}), and an agent that has moved still counts as alive for that long`,
              fix: "lengthen it, or shorten the window",
            },
          ],
    plan: ({ from, services, window }) => ({
      place: "the old stops",
      question: {
        kind: "departed",
        generation: from,
        known: keysByName(services),
        ignored,
        window: milliseconds(window) / 60_000,
      },
      asks: `whether nobody reports to ${from.name} any more`,
      inputs: { ignored, window },
    }),
  };
}

/** Workloads may report as one service. */
function keysByName(services: GateContext["services"]): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  for (const { key, reportedAs } of services) keys.set(reportedAs.from, [...(keys.get(reportedAs.from) ?? []), key]);
  return keys;
}

/** A service with live instances on the backend that is left. */
export interface LeftService {
  /** The name that the OAP shows. */
  readonly name: string;
  readonly instances: readonly string[];
  /** Minutes since the last heartbeat of any of them, rounded up. */
  readonly lastHeartbeat: number;
}

const instancesShown = 3;

function describe({ name, instances, lastHeartbeat }: LeftService, services: readonly string[]): string {
  const who =
    services.length === 0
      ? `"${name}", which no config lists`
      : `"${name}" (${services.map((key) => `services.${key}`).join(", ")})`;
  const some = instances.slice(0, instancesShown).join(", ");
  const more = instances.length - instancesShown;
  return `${who}: ${some}${more > 0 ? ` and ${String(more)} more` : ""}, last heartbeat ${lastHeartbeat <= 1 ? "within the last minute" : `${String(lastHeartbeat)} minutes ago`}`;
}

/**
 * Judges who still reports to a backend. Those whom no config lists are named first: they would go dark.
 *
 * @param known - keys of the config by the name that the OAP shows
 */
export function judgeDeparted(
  generation: string,
  left: readonly LeftService[],
  known: ReadonlyMap<string, readonly string[]>,
  ignored: readonly string[],
): Verdict {
  const skip = new Set(ignored);
  const remaining = left.filter(({ name }) => !skip.has(name));
  const who = remaining.map((service) => ({ service, keys: known.get(service.name) ?? [] }));
  const ofNobody = who.filter(({ keys }) => keys.length === 0);
  const ofConfig = who.filter(({ keys }) => keys.length > 0);
  const facts = {
    unlisted: ofNobody.map(({ service }) => service.name),
    listed: ofConfig.flatMap(({ keys }) => keys),
    ...(skip.size === 0 ? {} : { ignored: left.map(({ name }) => name).filter((name) => skip.has(name)) }),
  };
  if (remaining.length === 0) {
    return { passes: true, evidence: { said: `no live instance is left on ${generation}`, ...facts } };
  }
  const described = [...ofNobody, ...ofConfig].map(({ service, keys }) => describe(service, keys));
  const count =
    remaining.length === 1 ? "1 service still reports" : `${String(remaining.length)} services still report`;
  return { passes: false, evidence: { said: `${count} to ${generation}: ${nameSome(described)}`, ...facts } };
}
