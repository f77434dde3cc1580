const namesShown = 8;

/** Names for a sentence; of many the first eight, and how many more there are. */
export function nameSome(names: readonly string[]): string {
  const more = names.length - namesShown;
  return more > 0 ? `${names.slice(0, namesShown).join(", ")} and ${String(more)} more` : names.join(", ");
}
