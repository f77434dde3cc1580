/** The number of a share of the config: 10 for `10%`. */
export function percentOf(share: string): number {
  return Number.parseInt(share, 10);
}
