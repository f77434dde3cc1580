import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { hasStopped, processesOfSession, signal as endProcess } from "../tools/cluster/process-identity";
import type { LocalStack } from "../tools/stack/local-stack";

export interface CutOffOptions {
  /** Defaults to SIGKILL, after which nothing of it can tidy up; SIGINT is Ctrl-C. */
  readonly signal?: "SIGKILL" | "SIGINT";
  /** Added to the stack's own. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Starts `pulumi up` and ends it, with all processes that it has started, as soon as a moment has come.
 *
 * @param moment - waits for it; is given the lines that the command prints
 * @returns its exit code; null when the signal ended it
 */
export async function cutOff(
  stack: LocalStack,
  moment: (lines: Interface) => Promise<void>,
  { signal = "SIGKILL", env = {} }: CutOffOptions = {},
): Promise<number | null> {
  const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", "--color=never"], {
    cwd: stack.directory,
    env: { ...stack.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const came = moment(createInterface({ input: child.stdout }));
  const first = await Promise.race([ended, came.then(() => "the moment" as const)]);
  if (first !== "the moment") throw new Error(`pulumi up had ended with ${String(first)} before it could be cut off`);
  const leader = child.pid ?? Number.NaN;
  // Ctrl-C reaches the terminal's group alone; the CLI gives each of its plugins one of its own.
  if (signal === "SIGINT") process.kill(-leader, signal);
  else await killBetweenWrites(stack, leader);
  return ended;
}

/**
 * Kills all processes of a command, but not while it writes its state: the CLI's file backend does not do that at once,
 * and half a file is that backend's matter (seen: 3.274.1, "failed to load checkpoint: EOF").
 */
async function killBetweenWrites(stack: LocalStack, leader: number): Promise<void> {
  for (;;) {
    for (const each of processesOfSession(leader)) endProcess(each, "SIGSTOP");
    while (!processesOfSession(leader).every(hasStopped)) await sleep(1);
    if (stack.hasWholeState()) break;
    for (const each of processesOfSession(leader)) endProcess(each, "SIGCONT");
    await sleep(20);
  }
  for (const each of processesOfSession(leader)) endProcess(each, "SIGKILL");
}

/** The moment when the command prints what matches. */
export function says(pattern: RegExp): (lines: Interface) => Promise<void> {
  return (lines) =>
    new Promise((resolve) => {
      lines.on("line", (line) => {
        if (pattern.test(line)) resolve();
      });
    });
}
