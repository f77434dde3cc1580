import * as z from "zod";

/** The part of `pulumi preview --json` that is read. */
const digest = z.object({
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        oldState: z.object({ retainOnDelete: z.boolean().optional() }).nullish(),
      }),
    )
    .default([]),
  diagnostics: z.array(z.object({ severity: z.string(), message: z.string() })).default([]),
});

export interface Preview {
  /** One line for each operation that changes something: `update: DeploymentPatch cart, StatefulSetPatch payment`. */
  readonly changes: readonly string[];
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
}

const namesShown = 6;

/**
 * Kind and name of a Kubernetes object or a gate, by `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`; undefined for
 * anything else.
 */
function shownObject(urn: string): { kind: string; name: string } | undefined {
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  const kind = type.split(":").at(-1) ?? "";
  return type.startsWith("kubernetes:") || kind === "Gate" ? { kind, name } : undefined;
}

/** A few objects by name, many by kind. */
function list(objects: readonly { kind: string; name: string }[]): string {
  if (objects.length <= namesShown) return objects.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  const kinds = [...new Set(objects.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => `${objects.filter((object) => object.kind === kind).length} ${kind}`).join(", ");
}

/**
 * What `pulumi preview --json` says about objects of the cluster and gates; other components and the provider are left
 * out.
 */
export function readPreview(json: string): Preview {
  const { steps: raw, diagnostics } = digest.parse(JSON.parse(json));
  const steps = raw.map(({ op, urn, oldState }) => ({
    op: op === "delete" && oldState?.retainOnDelete === true ? "forget, but leave in the cluster," : op,
    urn,
  }));
  const operations = [...new Set(steps.map(({ op }) => op))].filter((op) => op !== "same");
  const messages = (wanted: string): string[] =>
    diagnostics
      .filter(({ severity }) => severity === wanted)
      .map(({ message }) => message.replace(/^(warning|error): /, "").trimEnd());
  return {
    changes: operations.flatMap((op) => {
      const objects = steps.filter((step) => step.op === op).flatMap(({ urn }) => shownObject(urn) ?? []);
      return objects.length === 0 ? [] : [`${op} ${objects.length}: ${list(objects)}`];
    }),
    warnings: messages("warning"),
    errors: messages("error"),
  };
}

/** Why a preview failed: its errors, or its whole output when it did not get as far as JSON. */
export function complaintOf({ stdout, output }: { readonly stdout: string; readonly output: string }): string {
  if (!stdout.startsWith("{")) return output;
  const { errors } = readPreview(stdout);
  return errors.length === 0 ? output : errors.join("\n");
}
