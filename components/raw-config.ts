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

function parse(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
