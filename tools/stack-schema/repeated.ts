import type { core } from "zod";

type Node = core.JSONSchema.JSONSchema;

/** In characters; anything shorter is easier to read in place. */
const worthSharing = 250;

/**
 * Moves schemas that several keys have in common into `definitions`, under the name of the key: seven kinds of pods may
 * have the same affinity, for instance.
 */
export function shareRepeated(schema: Node): Node & { readonly definitions: Record<string, Node> } {
  const times = new Map<string, number>();
  const count = (_: string, node: Node): Node => {
    const text = JSON.stringify(node);
    const before = times.get(text) ?? 0;
    times.set(text, before + 1);
    return before === 0 ? withProperties(node, count) : node;
  };
  withProperties(schema, count);

  const definitions: Record<string, Node> = {};
  const names = new Map<string, string>();
  const share = (key: string, node: Node): Node => {
    const text = JSON.stringify(node);
    if (text.length < worthSharing || times.get(text) === 1) return withProperties(node, share);
    const name = names.get(text) ?? freeName(key, definitions);
    if (!names.has(text)) {
      names.set(text, name);
      definitions[name] = {}; // Reserves the name before nested ones take theirs.
      definitions[name] = withProperties(node, share);
    }
    return { $ref: `#/definitions/${name}` };
  };
  return { ...withProperties(schema, share), definitions };
}

function freeName(key: string, taken: Readonly<Record<string, Node>>): string {
  const numbered = (number: number): string => {
    const name = number === 1 ? key : `${key}${String(number)}`;
    return name in taken ? numbered(number + 1) : name;
  };
  return numbered(1);
}

/** A copy in which every key that a map may have is replaced, at any depth. */
function withProperties<Value>(value: Value, replace: (key: string, node: Node) => Node): Value {
  const copy = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(copy);
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([key, each]: [string, unknown]) => [
        key,
        key === "properties"
          ? Object.fromEntries(Object.entries(each as Record<string, Node>).map(([k, node]) => [k, replace(k, node)]))
          : copy(each),
      ]),
    );
  };
  return copy(value) as Value; // The same keys, so the same type.
}
