import * as pulumi from "@pulumi/pulumi";

/**
 * A RunError is shown without a stack: what it says is for the user, not about the program. Nor does it have one:
 * Node's inspection of a stack with lines of @pulumi in it takes some 15 s and gigabytes (seen: Node 20, SDK 3.215).
 */
export function toRunError(error: unknown): pulumi.RunError {
  if (pulumi.RunError.isInstance(error)) return error;
  const shown = new pulumi.RunError(error instanceof Error ? error.message : String(error));
  Reflect.deleteProperty(shown, "stack");
  return shown;
}
