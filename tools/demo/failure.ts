import { ConfigError } from "../../upgrade/problem";
import { ClusterError } from "../cluster/cluster";
import { CommandError, type Run } from "../../commands/stack/run";
import { ToolchainError } from "../toolchain/ensure";

/** A step of the demo failed. The message says which one and why. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** What to print for an error: only the message of one that is meant for the user, everything of any other. */
export function explain(error: unknown): string {
  if (error instanceof CommandError) return `${error.message.split("\n", 1).join("")}\n${telling(error.run.output)}`;
  const forUser = [StepFailed, ClusterError, ToolchainError, ConfigError].some((type) => error instanceof type);
  if (error instanceof Error) return forUser ? error.message : (error.stack ?? error.message);
  return String(error);
}

const longestEnd = 30;

/**
 * The part of a command's output that says why it failed, indented: for the CLI its diagnostics, without the outputs
 * that it prints after them; for any other command the last lines.
 */
export function telling(output: string): string {
  const lines = output.trimEnd().split("\n");
  const diagnostics = lines.lastIndexOf("Diagnostics:");
  const outputs = lines.findIndex((line, index) => index > diagnostics && /^(Outputs|Resources):$/.test(line));
  const told = diagnostics === -1 ? lines : lines.slice(diagnostics + 1, outputs === -1 ? undefined : outputs);
  return told
    .join("\n")
    .trimEnd()
    .split("\n")
    .slice(-longestEnd)
    .map((line) => `  | ${line}`.trimEnd())
    .join("\n");
}

/** @throws StepFailed with the end of the output, unless the command exited with 0 */
export function expectSuccess(where: string, command: string, { code, output }: Pick<Run, "code" | "output">): void {
  if (code !== 0) throw new StepFailed(`${where}: \`${command}\` ended with exit code ${code}:\n${telling(output)}`);
}
