import { templateFields, type Workload } from "./workload";

/** Who wrote something of a workload. */
export interface Writer {
  /** Its field manager. */
  readonly manager: string;
  /** In ISO 8601; undefined: the API server does not know. */
  readonly time: string | undefined;
}

function has(fields: unknown, path: readonly string[]): boolean {
  let place = fields;
  for (const key of path) {
    if (typeof place !== "object" || place === null || !(key in place)) return false;
    place = (place as Readonly<Record<string, unknown>>)[key];
  }
  return true;
}

/**
 * Who last wrote a field of a workload's pod template, by the managedFields that the API server keeps. If several
 * managers own the field, the one with the latest write to the object counts.
 *
 * @param field - as `managedFields` names it, below the pod template; empty for the template as a whole
 */
export function lastWriter(
  { kind, managedFields }: Pick<Workload, "kind" | "managedFields">,
  field: readonly string[],
): Writer | undefined {
  const path = [...templateFields(kind), ...field];
  const [last] = managedFields
    .filter(({ fieldsV1, subresource }) => (subresource ?? "") === "" && has(fieldsV1, path))
    .map(({ manager = "", time }) => ({
      manager,
      time: time === undefined ? undefined : new Date(time).toISOString(),
    }))
    .sort((one, other) => (other.time ?? "").localeCompare(one.time ?? ""));
  return last;
}
