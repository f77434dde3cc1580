import * as z from "zod";

import type { Report } from "../problem";
import { section } from "../schema/object";
import { arrived, arrivedSettings } from "./arrived";
import { checks, checkSettings } from "./check";
import { departed, departedSettings } from "./departed";
import { earlierWavesArrived } from "./earlier-waves-arrived";
import { gateMode, type GateDefinition } from "./definition";
import { healthy, healthySettings } from "./healthy";

/** OAPs keep heartbeats by the minute, and show them late. */
const window = z
  .string()
  .regex(
    /^([3-9]m|[1-9]\d+m|[1-9]\d*h)$/,
    'is not a window; allowed: a whole number with m or h, at least 3m, since with less live instances could look dead -> write e.g. "5m"',
  );

const interval = z.string().regex(/^([1-9]|[1-5]\d|60)s$/, 'is not an interval; allowed: 1s to 60s -> write e.g. "5s"');

/** The config key `gates`: what all gates share, and the settings of each. */
export const gates = section({
  /** Holds for every gate that has none of its own. Defaults to enforce. */
  mode: gateMode.default("enforce"),
  /**
   * An instance counts as alive when it reported within this time. Agents report every 30 s (3 s before 8.0). From 8.0
   * on, an OAP writes that every 25 s and keeps it by the minute: less than three minutes would take living ones for
   * dead, and is refused. Defaults to 5m.
   */
  window: window.default("5m"),
  /**
   * How often a gate looks while it waits. From 8.0 on, an OAP writes heartbeats every 25 s, so more often shows
   * nothing sooner; it keeps them by the minute, so that less often than once a minute is refused. Defaults to 5s.
   */
  interval: interval.default("5s"),
  healthy: healthySettings,
  arrived: arrivedSettings,
  departed: departedSettings,
  checks: checkSettings,
});

export type Gates = z.output<typeof gates>;

/** Every gate, in the order in which those of one place stand. */
export const gateDefinitions = (settings: Gates) => [
  healthy(settings.healthy),
  earlierWavesArrived(settings.arrived),
  arrived(settings.arrived),
  departed(settings.departed),
  ...checks(settings.checks),
];

/** What a gate asks. */
export type Question = ReturnType<typeof gateDefinitions>[number] extends GateDefinition<infer Asked> ? Asked : never;

/** Checks what the schema of one key of `gates` cannot see. */
export function checkGates(settings: Gates, report: Report): void {
  for (const { problems } of gateDefinitions(settings)) problems?.(settings).forEach(report);
}
