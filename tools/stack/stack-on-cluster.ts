import { join } from "node:path";

import { CommandError, type Run } from "../../commands/stack/run";
import { StackDocument } from "../../commands/stack/stack-document";
import type { LocalStack } from "./local-stack";

/** A stack and its cluster, handled as users do: by the stack file, `pulumi up` and `kubectl`. */
export class StackOnCluster {
  constructor(readonly stack: LocalStack) {}

  get stackFile(): string {
    return join(this.stack.directory, "Pulumi.staging.yaml");
  }

  /**
   * Edits the stack file.
   *
   * @param values - by the parts of their key, joined by dots; undefined removes a key
   */
  configure(values: Readonly<Record<string, unknown>>): void {
    const document = StackDocument.open(this.stackFile);
    for (const [key, value] of Object.entries(values)) {
      const [first = "", ...rest] = key.split(".");
      document.setIn([`skywalking-canary:${first}`, ...rest], value);
    }
    document.save();
  }

  /** Runs an update with the stack file as it is. */
  up(...options: readonly string[]): Promise<Run> {
    return this.stack.pulumi(["up", "--yes", "--skip-preview", ...options]);
  }

  /**
   * Sets the flag and runs an update.
   *
   * @returns what the update printed
   * @throws CommandError when it fails
   */
  async enter(stage: string, ...options: readonly string[]): Promise<string> {
    this.configure({ stage });
    const done = await this.up(...options);
    if (done.code !== 0) throw new CommandError(`pulumi up at stage ${stage}`, done);
    return done.output;
  }

  /**
   * @param input - for its stdin
   * @returns what it printed to stdout
   * @throws CommandError when it fails
   */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const done = await this.stack.run("kubectl", args, input === undefined ? {} : { input });
    if (done.code !== 0) throw new CommandError(`kubectl ${args.join(" ")}`, done);
    return done.stdout;
  }
}
