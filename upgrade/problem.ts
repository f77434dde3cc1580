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

/** Names of what is secret, and of those the ones that only name a Secret or a file. */
const secretWords = "password|passwd|passphrase|pwd|token|secret|private|credential|api_?key|access_?key";
const secretPart = new RegExp(secretWords, "i");
const onlyNames = /^(secretName|credentialsSecret|caSecret|secretMounts|pullSecrets)$|_(FILE|PATH|DIR)$/;

const isSecretPart = (part: string): boolean => secretPart.test(part) && !onlyNames.test(part);

/** A path as the Pulumi CLI takes it. */
const pulumiPath = (parts: readonly string[]): string =>
  parts.map((part, index) => (/^\w[\w-]*$/.test(part) ? `${index === 0 ? "" : "."}${part}` : `["${part}"]`)).join("");

/** Paths, below `root`, of what is secret by its name, as the Pulumi CLI takes them. */
export function secretsIn(root: unknown, at: readonly string[] = []): string[] {
  const part = at.at(-1) ?? "";
  if (onlyNames.test(part)) return [];
  if (typeof root === "string") return root !== "" && isSecretPart(part) ? [pulumiPath(at)] : [];
  if (typeof root !== "object" || root === null) return [];
  return Object.entries(root).flatMap(([key, value]) => secretsIn(value, [...at, key]));
}

/** Whether what stands under a key is secret, so that it is not shown. Generations and services have any name. */
function isSecret(key: string): boolean {
  const parts = key.split(".");
  const isNamed = parts[0] === "generations" || parts[0] === "services";
  return parts.some((part, index) => !(isNamed && index === 1) && isSecretPart(part));
}

const secretParameter = new RegExp(`([?&;][^=&;\\s"]*(?:${secretWords})[^=&;\\s"]*=)[^&;\\s"]+`, "gi");

/** Without what must not be read in a log: users of URLs, parameters that are secret, anything in PEM. */
const redact = (text: string): string =>
  text
    .replaceAll(/\/\/[^\s"]*@/g, "//...@")
    .replaceAll(secretParameter, "$1...")
    .replaceAll(/-----BEGIN .*?(-----END [A-Z ]*-----|$)/gs, "...");

/** The same of a whole value, of which everything before an @ may be a user. */
function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== "string" || /@sha256:[0-9a-f]{64}$/.test(value)) return value;
  return redact(value.replace(/^(\w[\w+.:]*:\/\/)?.*@/s, "$1...@"));
}

/** On one line, and without characters that a terminal obeys or does not show. */
const printable = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${Number(character.codePointAt(0)).toString(16)}}`,
  );

/** A text of others as it may be shown. */
export function shownText(text: string): string {
  return printable(redact(text));
}

function show(value: unknown): string {
  if (typeof value === "symbol") return String(value.description);
  const text = JSON.stringify(redactValue(value));
  return text.length > longestValueShown ? `${text.slice(0, longestValueShown - 3)}...` : text;
}

/** One problem as one line: `generations.v9.version: "9.97" is not a SkyWalking release; ... -> write ...`. */
export function describeProblem({ key, value, wrong, fix }: Problem): string {
  const shown = value === undefined || isSecret(key) ? "" : `${show(value)} `;
  return shownText(`${key}: ${shown}${wrong} -> ${fix}`);
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
