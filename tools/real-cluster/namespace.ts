import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { execute } from "./execute";

import { findProcesses, signal, waitForEnd, type ProcessIdentity } from "../cluster/process-identity";
import { home, logFile } from "./settings";

/*
 * Everything of the cluster runs in namespaces of its own for processes, mounts and network. They live as long as their
 * first process: when it is killed, the kernel kills every other process in them, containers and shims included, and with
 * the last one go mounts, network namespaces and links. So there is nothing to remember, and a half-done start can be undone.
 */

/** What the cluster writes outside of its home, hidden from the host: sockets, network namespaces, CNI's cache, links to logs. */
const hidden = ["/run", "/var/lib/cni", "/var/log/containers"];

const prepare = [
  "set -e",
  ...hidden.map((folder) => `mkdir -p ${folder} && mount -t tmpfs skywalking-canary ${folder}`),
  "mkdir -p /run/netns /run/lock",
  'exec "$0" "$1"',
].join("\n");

/** Makes the namespaces, and a first process in them, which ends with it. */
export const unshare = [
  "unshare",
  "--fork",
  "--kill-child",
  "--pid",
  "--mount",
  "--net",
  "--mount-proc",
  "--",
] as const;

/** Makes those of a cluster; `prepare` becomes the first process. */
const keeper = [...unshare, "sh", "-c", prepare] as const;

/** Processes whose command line begins with these words. */
function find(...words: readonly string[]): ProcessIdentity[] {
  return findProcesses((pid) => {
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return words.every((word, index) => line[index] === word);
  });
}

/** A namespace for the processes of one cluster. */
export class Namespace {
  private constructor(readonly init: ProcessIdentity) {}

  /** The one that is there, if there is one. `pause` is the program that holds it. */
  static find(pause: string): Namespace | undefined {
    const [init] = find(pause, home());
    return init === undefined ? undefined : new Namespace(init);
  }

  static async create(pause: string): Promise<Namespace> {
    const log = openSync(logFile("namespace"), "a");
    const [program, ...args] = keeper;
    const child = spawn(program, [...args, pause, home()], { detached: true, stdio: ["ignore", log, log] });
    closeSync(log);
    child.unref();
    for (let tries = 0; tries < 100; tries += 1) {
      const found = Namespace.find(pause);
      if (found !== undefined) return found;
      await sleep(50);
    }
    throw new Error(
      `No namespaces could be made -> read ${logFile("namespace")}; a container needs --privileged for them`,
    );
  }

  /** A command line that runs `command` in it. */
  inside(command: string, args: readonly string[]): [string, string[]] {
    return ["nsenter", ["--target", String(this.init.pid), "--pid", "--mount", "--net", "--", command, ...args]];
  }

  /** Runs a command in it to its end and returns what it printed. */
  async run(command: string, ...args: readonly string[]): Promise<string> {
    const [program, words] = this.inside(command, args);
    return (await execute(program, words)).stdout;
  }

  /** Starts a program that stays, with a log of its own. */
  start(name: string, command: string, args: readonly string[]): void {
    const log = openSync(logFile(name), "a");
    const [program, words] = this.inside(command, args);
    spawn(program, words, { detached: true, stdio: ["ignore", log, log] }).unref();
    closeSync(log);
  }
}

/** Processes that hold namespaces: those that made them, also while they are at it, and the first ones in them. */
export function holders(pause: string): ProcessIdentity[] {
  const made = Namespace.find(pause);
  return [...find(...keeper), ...(made === undefined ? [] : [made.init])];
}

/** Kills every process in the namespaces, and returns when all of them are gone. */
export async function endNamespaces(pause: string): Promise<void> {
  const held = holders(pause);
  for (const process of held) signal(process, "SIGKILL");
  for (const process of held) {
    if (!(await waitForEnd(process, 30_000))) {
      throw new Error(`Process ${process.pid}, which holds the cluster, does not end -> look for a process in state D`);
    }
  }
}
