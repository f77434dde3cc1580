import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A run of a command that has ended. */
export interface Run {
  /** Exit code. */
  readonly code: number;
  /** stdout and stderr, in the order in which they came. */
  readonly output: string;
  /** stdout alone, for a reader of JSON. */
  readonly stdout: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Told every line as it comes. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Ends the command. With it, Ctrl-C in the terminal does not reach the command by itself. */
  readonly signal?: AbortSignal | undefined;
}

/** A command did not end with 0. The message has what it printed. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  constructor(
    command: string,
    readonly run: Run,
  ) {
    super(`${command} ended with exit code ${String(run.code)}:\n${run.output}`);
  }
}

/** How a command is asked to end, and after how many milliseconds: the CLI cancels at the first SIGINT, gives up at the second. */
const endings = [
  ["SIGINT", 0],
  ["SIGINT", 5_000],
  ["SIGKILL", 10_000],
] as const;

/**
 * Runs a command to its end.
 *
 * @throws the signal's reason when it was ended by it; nothing of the command is left then.
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
