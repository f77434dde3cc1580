import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that we started. Process ids are reused, so its start time is part of its identity. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; differs between two processes with the same id. */
  readonly start: string;
}

/** proc_pid_stat(5) from field 3, the state, on: the name before it, in parentheses, may contain anything. */
function stateAndMore(pid: number, thread = ""): string[] {
  const stat = readFileSync(`/proc/${pid}${thread}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function startOf(pid: number): string | undefined {
  try {
    if (!existsSync("/proc/self/stat")) {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    }
    const fields = stateAndMore(pid);
    // Field 22 of the whole line.
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** The processes of this machine that `isMeant` selects; Linux only. It may throw when a process has ended. */
export function findProcesses(isMeant: (pid: number) => boolean): ProcessIdentity[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const found = isMeant(Number(entry)) ? identify(Number(entry)) : undefined;
        return found === undefined ? [] : [found];
      } catch {
        return []; // It has ended.
      }
    });
}

/**
 * The processes of a session: those that its leader started and their descendants, in any process group. Linux only.
 */
export function processesOfSession(leader: number): ProcessIdentity[] {
  // Field 6 of the whole line.
  return findProcesses((pid) => stateAndMore(pid)[3] === String(leader));
}

/** The identity of a running process. */
export function identify(pid: number): ProcessIdentity | undefined {
  const start = startOf(pid);
  return start === undefined ? undefined : { pid, start };
}

/** Whether this process is still running; another one with the same id does not count. */
export function isAlive(process: ProcessIdentity): boolean {
  return startOf(process.pid) === process.start;
}

/**
 * Whether every thread of this process has stopped, some time after SIGSTOP, or it has ended: until then it may still
 * finish what it was doing. Linux only.
 */
export function hasStopped({ pid }: ProcessIdentity): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).every((thread) =>
      "TZX".includes(String(stateAndMore(pid, `/task/${thread}`)[0])),
    );
  } catch {
    return !existsSync(`/proc/${pid}`);
  }
}

/** Sends a signal to this process, never to another one that has taken its id. */
export function signal(target: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // It may end between the check and the signal.
  }
}

/** Waits until the process is gone; false when it is still there after that time. */
export async function waitForEnd(process: ProcessIdentity, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isAlive(process)) {
    if (Date.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}
