const units = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration of the config (`90s`, `10m`, `1h`) in milliseconds. */
export function milliseconds(duration: string): number {
  const unit = duration.at(-1) as keyof typeof units;
  return Number.parseInt(duration, 10) * units[unit];
}
