/** What a gate found. Kept in the state and shown in the outputs, so it is short. */
export interface Evidence {
  /** In a sentence: who, how many. */
  readonly said: string;
  readonly [fact: string]: unknown;
}

/** Whether a gate holds at this moment. */
export interface Verdict {
  readonly holds: boolean;
  /** What was found; while it does not hold also what is missing. */
  readonly evidence: Evidence;
}

/** How far a gate is with its question. */
export interface Patience {
  /** Since when it has held without a break, in milliseconds; undefined: it does not hold. */
  readonly heldSince: number | undefined;
}

export type Decision =
  | { readonly kind: "holds" }
  | { readonly kind: "given up" }
  | { readonly kind: "ask again"; readonly patience: Patience };

/**
 * Decides what follows from one look. A gate that holds when its time is up may finish its soak: it has not failed.
 *
 * @param soak - how long it must hold without a break, in milliseconds
 * @param deadline - when it must have begun to hold
 */
export function decide(
  holds: boolean,
  { heldSince }: Patience,
  { soak, deadline, now }: { readonly soak: number; readonly deadline: number; readonly now: number },
): Decision {
  if (!holds) {
    return now >= deadline ? { kind: "given up" } : { kind: "ask again", patience: { heldSince: undefined } };
  }
  const since = heldSince ?? now;
  return now - since >= soak ? { kind: "holds" } : { kind: "ask again", patience: { heldSince: since } };
}
