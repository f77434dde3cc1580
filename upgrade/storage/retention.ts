import { oapProfile } from "../../skywalking/oap";
import type { TtlSetting } from "../../skywalking/oap/environment";
import { inMemoryOfOap } from "../../skywalking/storage";
import type { Config } from "../config";
import { plural } from "../plural";
import { moveOf } from "../stage";
import { storageRef } from "./storage";

/** How long a generation keeps its data. */
export interface Retention {
  /** Traces, logs and alarms: `3 days`. */
  readonly records: string;
  /** The metrics that it keeps longest. */
  readonly metrics: string;
  /**
   * Of the generation that the upgrade leaves: from when on the new one, counted from the creation of its OAP, has
   * collected for as long as this one keeps anything. What a service reported before it moved is here alone: add the
   * days until it did.
   */
  readonly neededUntil?: { readonly records: string; readonly metrics: string };
}

const day = 24 * 3600 * 1000;
const milliseconds = { minute: day / 24 / 60, hour: day / 24, day, month: 30 * day } as const;

interface Ttl {
  readonly text: string;
  readonly milliseconds: number;
}

/** What holds of a setting: the user's value, or its default. */
function ttlOf({ name, unit, default: otherwise }: TtlSetting, env: Readonly<Record<string, string>>): Ttl {
  const given = Number(env[name]);
  const count = Number.isFinite(given) ? given : otherwise;
  return { text: plural(count, unit), milliseconds: count * milliseconds[unit] };
}

function longest(settings: readonly TtlSetting[], env: Readonly<Record<string, string>>): Ttl {
  return settings
    .map((setting) => ttlOf(setting, env))
    .reduce((one, other) => (other.milliseconds > one.milliseconds ? other : one));
}

/** The day: `2026-11-24`. */
function after(since: Date, ttl: Ttl): string {
  return new Date(since.getTime() + ttl.milliseconds).toISOString().slice(0, 10);
}

/**
 * For each managed generation with a role in the upgrade. What an adopted one keeps is not known here, nor what an
 * application.yml of the user's own says.
 *
 * @param since - when the OAP of the generation that is entered was created, if it was
 */
export function retentionOf(
  { strategy, from, to }: Pick<Config, "strategy" | "from" | "to">,
  since: Date | undefined,
): Record<string, Retention> {
  const result: Record<string, Retention> = {};
  for (const { name, generation } of [from, to]) {
    if (!generation.managed) continue;
    const { kind } = storageRef(generation);
    if (inMemoryOfOap.has(kind)) {
      result[name] = { records: "until its OAP stops", metrics: "until its OAP stops" };
      continue;
    }
    const ttl = oapProfile(generation.behavesLike).dataTtl(kind);
    const { env } = generation.oap;
    const [records, metrics] = [longest(ttl.record, env), longest(ttl.metrics, env)];
    result[name] = {
      records: records.text,
      metrics: metrics.text,
      ...(name === from.name && moveOf(strategy) !== "servers" && since !== undefined
        ? { neededUntil: { records: after(since, records), metrics: after(since, metrics) } }
        : {}),
    };
  }
  return result;
}
