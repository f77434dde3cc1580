/** The resources that `components/storage/administration.ts` declares; `Provider` is always included. */
const used = [
  "IndexTemplate",
  "OpendistroRole",
  "OpendistroRolesMapping",
  "OpendistroUser",
  "SnapshotRepository",
  "XpackRole",
  "XpackSnapshotLifecyclePolicy",
  "XpackUser",
];

/** A package schema of Pulumi (https://www.pulumi.com/docs/iac/packages-and-automation/pulumi-packages/schema). */
export interface PackageSchema {
  readonly resources?: Readonly<Record<string, unknown>>;
  readonly functions?: Readonly<Record<string, unknown>>;
  readonly types?: Readonly<Record<string, unknown>>;
}

/** The schema reduced to the resources, functions and types that this program uses. */
export function usedPart<Schema extends PackageSchema>(schema: Schema): Schema {
  const all = Object.entries(schema.resources ?? {});
  const resources = all.filter(([token]) => used.includes(token.slice(token.lastIndexOf(":") + 1)));
  if (resources.length !== used.length) {
    throw new Error(
      `the provider does not have all of ${used.join(", ")}; it has ${all.map(([token]) => token).join(", ")}`,
    );
  }
  // A method of the provider is also a function.
  const functions = Object.entries(schema.functions ?? {}).filter(([token]) => token.startsWith("pulumi:providers:"));
  const filtered = {
    ...schema,
    resources: Object.fromEntries(resources),
    functions: Object.fromEntries(functions),
    types: {},
  };
  return { ...filtered, types: typesOf(filtered, schema.types ?? {}) };
}

/** The types that something refers to, directly or through other types. */
function typesOf(user: unknown, types: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const pending = [user];
  for (const one of pending) {
    for (const [, name = ""] of JSON.stringify(one).matchAll(/"#\/types\/([^"]+)"/g)) {
      const token = decodeURIComponent(name);
      if (token in found) continue;
      found[token] = types[token];
      pending.push(types[token]);
    }
  }
  return found;
}
