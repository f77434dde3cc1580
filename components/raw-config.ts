import * as pulumi from "@pulumi/pulumi";

/**
 * The keys of the project's own config with their values: JSON where a value is JSON (lists and maps reach a program
 * so), text otherwise.
 */
export function rawConfig(): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), parse(value)]),
  );
}

/**
 * The keys of the project's own config of which a part is a secret: an encrypted value makes its whole key one.
 * Undefined where the program was not told (`PULUMI_CONFIG_SECRET_KEYS`).
 */
export function secretKeys(): ReadonlySet<string> | undefined {
  const told = process.env.PULUMI_CONFIG_SECRET_KEYS;
  if (told === undefined || told === "") return undefined;
  const prefix = `${pulumi.getProject()}:`;
  const keys = (JSON.parse(told) as readonly string[] | null) ?? [];
  return new Set(keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)));
}

function parse(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
