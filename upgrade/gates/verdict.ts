/** What a gate found. Kept in the state and shown in the outputs, so it is short. */
export interface Evidence {
  /** In a sentence: who, how many. */
  readonly said: string;
  /** What to do where it does not pass in time; absent: that follows from what was found. */
  readonly fix?: string;
  readonly [fact: string]: unknown;
}

/** Whether a gate passes at this moment. */
export interface Verdict {
  readonly passes: boolean;
  /** It does not pass, and waiting will not change that. */
  readonly final?: boolean;
  /** What was found; while it does not pass also what is missing. */
  readonly evidence: Evidence;
}

/**
 * A gate that did not pass in time, in a sentence.
 *
 * @param timeout - in milliseconds
 * @param goesOn - whether the update goes on all the same
 */
export function describeFailure(
  gate: string,
  timeout: number,
  { said, fix }: Pick<Evidence, "said" | "fix">,
  goesOn: boolean,
): string {
  const failure = `${gate} did not pass within ${String(timeout / 1000)} s: ${said}`;
  if (goesOn) return fix === undefined ? failure : `${failure} -> ${fix}`;
  return `${failure} -> later steps were not run; ${fix ?? "fix the cause"} and run \`pulumi up\` again, or go back`;
}

/** What is known from the looks before. */
export interface Patience {
  /** Since when it has passed without a break, in milliseconds since the epoch; undefined: it does not pass. */
  readonly passingSince: number | undefined;
}

export type Decision =
  | { readonly kind: "passed" }
  | { readonly kind: "failed" }
  | { readonly kind: "look again"; readonly patience: Patience };

/**
 * Decides what follows from one look. A gate that passes when its time is up may finish its soak: it has not failed.
 *
 * @param soak - how long it must pass without a break, in milliseconds
 * @param deadline - when it must have begun to pass, as `now` in milliseconds since the epoch
 */
export function afterLook(
  passes: boolean,
  { passingSince }: Patience,
  { soak, deadline, now }: { readonly soak: number; readonly deadline: number; readonly now: number },
): Decision {
  if (!passes) {
    return now >= deadline ? { kind: "failed" } : { kind: "look again", patience: { passingSince: undefined } };
  }
  const since = passingSince ?? now;
  return now - since >= soak ? { kind: "passed" } : { kind: "look again", patience: { passingSince: since } };
}
