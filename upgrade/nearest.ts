import { closest, distance } from "fastest-levenshtein";

/** The candidate that is a typing error away from a word, if there is one. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(word, candidates);
  // What has no letter in common is no typing error.
  const most = Math.min(word.length - 1, Math.max(2, Math.floor(word.length / 3)));
  return best !== "" && distance(word, best) <= most ? best : undefined;
}

/** A question that names the nearest candidate, or else another piece of advice. */
export function didYouMean(word: string, candidates: readonly string[], otherwise: string): string {
  const near = nearest(word, candidates);
  return near === undefined ? otherwise : `did you mean "${near}"?`;
}
