import * as z from "zod";

import { section, strict } from "./object";
import { duration, objectName, wholeNumber } from "./scalars";

/** `enforce`: what stands behind the gate waits for it, and the update fails if it does not hold. */
export const gateModes = ["enforce", "warn", "off"] as const;
export type GateMode = (typeof gateModes)[number];

const mode = z.enum(gateModes);

/** OAPs keep heartbeats by the minute, and show them late. */
const window = z
  .string()
  .regex(
    /^([3-9]m|[1-9]\d+m|[1-9]\d*h)$/,
    'is not a window; allowed: a whole number with m or h, at least 3m, or the living would look dead -> write e.g. "5m"',
  );

const interval = z.string().regex(/^([1-9]|[1-5]\d|60)s$/, 'is not an interval; allowed: 1s to 60s -> write e.g. "5s"');

const share = z.string().regex(/^([1-9]\d?|100)%$/, 'is not a share; allowed: 1% to 100% -> write e.g. "80%"');

/** A gate of the user's own. */
const check = strict({
  /** Defaults to `gates.mode`. */
  mode: mode.optional(),
  /** Stages that wait for it: their own action (agents move, servers are replaced, the old OAP stops, the old backend goes) comes after it. */
  before: z.array(z.enum(["canary", "shift", "drain", "retire"])).min(1, "is empty -> name at least one stage"),
  /** A program and its arguments; it must end with 0. No shell. */
  command: z.array(z.string()).min(1, "is empty -> name a program").optional(),
  /** Must answer a GET with a status below 400. */
  url: z
    .string()
    .regex(/^https?:\/\/\S+$/, "is not a URL; allowed: http or https -> write it in full")
    .optional(),
  /** Until it must have succeeded; it is tried every `gates.interval`. Defaults to 5m. */
  timeout: duration.default("5m"),
});

export const gates = section({
  /** Holds for every gate that has none of its own. Defaults to enforce. */
  mode: mode.default("enforce"),
  /**
   * An instance counts as alive when it reported within this time. Agents report every 30 s (3 s before 8.0), an OAP writes
   * that every 25 s, and keeps it by the minute: less than three minutes would take living ones for dead, and is refused.
   * Defaults to 5m.
   */
  window: window.default("5m"),
  /**
   * How often a gate looks while it waits. An OAP writes heartbeats every 25 s, so more often shows nothing sooner; it keeps
   * them by the minute, so that less often than once a minute is refused. Defaults to 5s.
   */
  interval: interval.default("5s"),
  healthy: section({
    mode: mode.optional(),
    /** Until the OAP must answer. Defaults to 5m. */
    timeout: duration.default("5m"),
  }),
  arrived: section({
    mode: mode.optional(),
    /** Until every service must be alive on `to`. Agents of 6.x and 7.0 may take 10 minutes. Defaults to 15m. */
    timeout: duration.default("15m"),
    /** How long that must stay so. Defaults to 1m: two heartbeats. */
    soak: duration.default("1m"),
    /** Live instances that a service must have, as a share of its ready pods. Defaults to 100%. */
    share: share.default("100%"),
    /** The least number of live instances of a service that is not scaled to 0. Defaults to 1. */
    minimum: wholeNumber(0).default(1),
  }),
  departed: section({
    mode: mode.optional(),
    /** Until nobody may report to `from`. It must be longer than `window`. Defaults to 15m. */
    timeout: duration.default("15m"),
    /** Services, by the names that the OAP shows, which may go dark: nobody waits for them. Defaults to none. */
    ignore: z.array(z.string()).default([]),
  }),
  /** Gates of your own, by name. Defaults to none. */
  checks: z.record(objectName, check).default({}),
});

export type Gates = z.output<typeof gates>;
export type Check = z.output<typeof check>;
