import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Half of the memory that a JVM takes by default buys speed that no test needs. */
export const smallJvm = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.disable.jmx=true"];

/** The longest that a start may take. */
const startLimit = 180_000;

export interface JvmOptions {
  /** Its name, for errors. */
  readonly name: string;
  /** File that its output is written to. */
  readonly log: string;
  /** Its complete environment. Defaults to this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A JVM that this process starts. Its main class ends when its standard input does, and so with this process. */
export class Jvm {
  private readonly child: ChildProcess;

  /** @param args - of `java` */
  constructor(
    args: readonly string[],
    private readonly options: JvmOptions,
  ) {
    const log = openSync(options.log, "a");
    this.child = spawn("java", args, { stdio: ["pipe", log, log], env: options.env ?? process.env });
    closeSync(log);
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /**
   * Waits until it answers.
   *
   * @throws Error with the end of its log when it does not start; it is ended then.
   */
  async started(answers: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + startLimit;
    while (!(await answers().catch(() => false))) {
      if (this.ended || Date.now() > deadline) {
        await this.stop();
        throw new Error(`${this.options.name} did not start:\n${this.endOfLog()}`);
      }
      await sleep(200);
    }
  }

  /** @throws Error with the end of its log when it has ended */
  assertRuns(): void {
    if (this.ended) throw new Error(`${this.options.name} has ended by itself:\n${this.endOfLog()}`);
  }

  async stop(): Promise<void> {
    if (this.ended) return;
    const end = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await end;
  }

  private endOfLog(): string {
    return readFileSync(this.options.log, "utf8").split("\n").slice(-15).join("\n");
  }
}
