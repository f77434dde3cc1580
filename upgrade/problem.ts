import { plural } from "./plural";

/** One thing that is wrong with the config: which key, what stands there, what may stand there, and what to do. */
export interface Problem {
  /** Path of the config key, without the project's prefix: `generations.v9.version`. */
  readonly key: string;
  /**
   * What stands there; absent where the key is missing, or its value is not to be shown. A symbol stands for what is
   * only described.
   */
  readonly value?: unknown;
  /** What is wrong and what is allowed, as one clause: `is not a SkyWalking release; allowed: ...`. */
  readonly wrong: string;
  /** What the user should do. */
  readonly fix: string;
}

/** Takes a problem that was found. */
export type Report = (problem: Problem) => void;

const longestValueShown = 80;

/** Parts of keys of what is secret, and of those the ones that only name a Secret. */
const secretPart = /password|token|secret|private/i;
const secretName = /^(secretName|credentialsSecret|caSecret|secretMounts|pullSecrets)$/;

/** Keys, below `root`, of what is secret by its name. */
export function secretsIn(root: unknown, at: readonly string[] = []): string[] {
  const part = at.at(-1) ?? "";
  if (secretName.test(part)) return [];
  if (typeof root === "string") return root !== "" && secretPart.test(part) ? [at.join(".")] : [];
  if (typeof root !== "object" || root === null) return [];
  return Object.entries(root).flatMap(([key, value]) => secretsIn(value, [...at, key]));
}

/** Whether what stands under a key is secret, so that nothing of it is shown. */
const isSecret = (key: string): boolean =>
  key.split(".").some((part) => secretPart.test(part) && !secretName.test(part));

/** Without what must not be read in a log: users of URLs, parameters that are secret, anything in PEM. */
const redact = (text: string): string =>
  text
    .replaceAll(/\/\/[^\s"]*@/g, "//...@")
    .replaceAll(/([?&;][^=&;\s"]*(?:password|token|secret)[^=&;\s"]*=)[^&;\s"]+/gi, "$1...")
    .replaceAll(/-----BEGIN .*?(-----END [A-Z ]*-----|$)/gs, "...");

/** On one line, and without characters that a terminal obeys or does not show. */
const printable = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );

function show(value: unknown): string {
  if (typeof value === "symbol") return String(value.description);
  const text = redact(JSON.stringify(value));
  return text.length > longestValueShown ? `${text.slice(0, longestValueShown - 3)}...` : text;
}

/** One problem as one line: `generations.v9.version: "9.97" is not a SkyWalking release; ... -> write ...`. */
export function describeProblem({ key, value, wrong, fix }: Problem): string {
  const shown = value === undefined || isSecret(key) ? "" : `${show(value)} `;
  return printable(redact(`${key}: ${shown}${wrong} -> ${fix}`));
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
