/** The latest of some instants; undefined: there is none. */
export function latest(instants: readonly (Date | undefined)[]): Date | undefined {
  const times = instants.flatMap((instant) => (instant === undefined ? [] : [instant.getTime()]));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}
