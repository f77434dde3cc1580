import { plural } from "./plural";

/** One thing that is wrong with the config: which key, what stands there, what may stand there, and what to do. */
export interface Problem {
  /** Path of the config key, without the project's prefix: `generations.v9.version`. */
  readonly key: string;
  /** What stands there; absent where the key is missing, or its value is not to be shown. */
  readonly value?: unknown;
  /** What is wrong and what is allowed, as one clause: `is not a SkyWalking release; allowed: ...`. */
  readonly wrong: string;
  /** What the user should do. */
  readonly fix: string;
}

/** Takes a problem that was found. */
export type Report = (problem: Problem) => void;

const longestValueShown = 80;

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > longestValueShown ? `${text.slice(0, longestValueShown - 3)}...` : text;
}

/** One problem as one line: `generations.v9.version: "9.97" is not a SkyWalking release; ... -> write ...`. */
export function describeProblem(problem: Problem): string {
  const value = problem.value === undefined ? "" : `${show(problem.value)} `;
  return `${problem.key}: ${value}${problem.wrong} -> ${problem.fix}`;
}

/**
 * Thrown with every problem found, so that a user can fix them all at once. Nothing has been touched when it is thrown.
 */
export class ConfigError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(
      [
        `The stack's config has ${plural(problems.length, "problem")}; nothing was changed.`,
        ...problems.map((problem) => `  - ${describeProblem(problem)}`),
      ].join("\n"),
    );
    this.name = "ConfigError";
  }
}
