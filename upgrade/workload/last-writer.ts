import { ownsPath, templateFields, type ManagedFields, type Workload } from "./workload";

/** Who wrote something of a workload. */
export interface Writer {
  /** Its field manager. */
  readonly manager: string;
  /** In ISO 8601; undefined: the API server does not know. */
  readonly time: string | undefined;
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
  const written = managedFields.filter(
    ({ fieldsV1, subresource }) => subresource === undefined && ownsPath(fieldsV1, path),
  );
  const [last] = written.sort((one, other) => timeOf(other) - timeOf(one));
  return (
    last && {
      manager: String(last.manager),
      time: last.time === undefined ? undefined : new Date(last.time).toISOString(),
    }
  );
}

const timeOf = ({ time }: ManagedFields): number => new Date(time ?? 0).getTime();
