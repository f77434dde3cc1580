/** An OAP's clock, seen from here. */
export interface Clock {
  /** Minutes by which its time zone is ahead of UTC. */
  readonly offset: number;
  /** Milliseconds by which it is ahead of the clock here. */
  readonly skew: number;
}

/** A stretch of time as an OAP takes it. */
export interface Duration {
  readonly start: string;
  readonly end: string;
  readonly step: "MINUTE" | "HOUR";
}

/**
 * Minutes of a time zone such as `+0530`, which is how `getTimeInfo` writes it (`MetadataQuery.java`, 6.5 to 8.9, and
 * `MetadataQueryV2.java` since); undefined where it is not written so.
 */
export function offsetOf(timezone: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(timezone) ?? [];
  if (hours === undefined) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const minute = 60_000;

/** `yyyy-MM-dd HHmm` in the time zone of the server. */
function format(instant: number, { offset }: Clock): string {
  const [date = "", time = ""] = new Date(instant + offset * minute).toISOString().split("T");
  return `${date} ${time.slice(0, 2)}${time.slice(3, 5)}`;
}

/**
 * The last minutes by the server's own clock. The end is a minute in the future: in 9.6 to 10.2 the end is exclusive,
 * so an instance that reported just now would be missing; in the other releases that minute changes nothing.
 *
 * @param now - milliseconds since the epoch, by the clock here
 */
export function lastMinutes(minutes: number, clock: Clock, now: number): Duration {
  const there = now + clock.skew;
  return { start: format(there - minutes * minute, clock), end: format(there + minute, clock), step: "MINUTE" };
}

/**
 * How many minutes {@link lastMinutes} may go back so that nothing from before an instant is in the answer: OAPs keep
 * heartbeats by the minute, so it begins with the first whole one. Undefined while that is still to come.
 *
 * @param instant - by the clock here, as `now`
 */
export function minutesSince(instant: number, { skew }: Clock, now: number): number | undefined {
  const whole = Math.floor((now + skew) / minute) - Math.floor((instant + skew) / minute) - 1;
  return whole < 0 ? undefined : whole;
}

/** The last hours by the server's own clock, the present one included. */
export function lastHours(hours: number, clock: Clock, now: number): Duration {
  const there = now + clock.skew;
  const start = format(there - hours * 60 * minute, clock).slice(0, -2);
  return { start, end: format(there, clock).slice(0, -2), step: "HOUR" };
}
