/** A count with its noun: `1 service`, `2 services`. The plural of the noun must end in a plain `s`. */
export function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
