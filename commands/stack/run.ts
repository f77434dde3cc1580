import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A finished run of a command. */
export interface Run {
  /** Exit code. */
  readonly code: number;
  /** stdout and stderr, in order of arrival. */
  readonly output: string;
  /** stdout alone, for output that is JSON. */
  readonly stdout: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Called with each line as it arrives. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Ends the command. With a signal, Ctrl-C in the terminal does not reach the command directly. */
  readonly signal?: AbortSignal | undefined;
}

/** A command failed: it exited with a code other than 0. The message contains its output. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  constructor(
    command: string,
    readonly run: Run,
  ) {
    super(`${command} ended with exit code ${String(run.code)}:\n${run.output}`);
  }
}

/**
 * The signals that end a command, with the milliseconds after which each is sent: the CLI cancels at the first SIGINT
 * and gives up at the second.
 */
const endings = [
  ["SIGINT", 0],
  ["SIGINT", 5_000],
  ["SIGKILL", 10_000],
] as const;

/**
 * Runs a command to completion.
 *
 * @throws the signal's reason when the signal ended it; no process of the command is left then.
 */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env, input, onLine, signal }: RunOptions,
): Promise<Run> {
  signal?.throwIfAborted();
  const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], detached: signal !== undefined });
  const timers: NodeJS.Timeout[] = [];
  const end = (): void => {
    for (const [name, delay] of endings) timers.push(setTimeout(() => child.kill(name), delay));
  };
  signal?.addEventListener("abort", end);
  child.stdin.end(input ?? "");
  let output = "";
  let stdout = "";
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      output += `${line}\n`;
      if (stream === child.stdout) stdout += `${line}\n`;
      onLine?.(line);
    });
  }
  try {
    const [code, endedBy] = (await once(child, "close")) as [number | null, string | null];
    signal?.throwIfAborted();
    return { code: code ?? (endedBy === null ? 1 : 128), output, stdout };
  } finally {
    signal?.removeEventListener("abort", end);
    for (const timer of timers) clearTimeout(timer);
  }
}
