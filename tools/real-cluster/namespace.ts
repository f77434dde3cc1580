import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { execute } from "./execute";

import { findProcesses, signal, waitForEnd, type ProcessIdentity } from "../cluster/process-identity";
import { home, logFile } from "./settings";

/*
 * Everything in the cluster runs in its own namespaces for processes, mounts and network. They live as long as their
 * first process: when it is killed, the kernel kills every other process in them, including containers and shims, and
 * the last one takes mounts, network namespaces and links with it. So nothing need be recorded, and a half-done start
 * can be undone.
 */

/**
 * What the cluster writes outside its home, hidden from the host: sockets, network namespaces, CNI's cache, links to
 * logs.
 */
const hidden = ["/run", "/var/lib/cni", "/var/log/containers"];

const prepare = [
  "set -e",
  ...hidden.map((folder) => `mkdir -p ${folder} && mount -t tmpfs skywalking-canary ${folder}`),
  "mkdir -p /run/netns /run/lock",
  'exec "$0" "$1"',
].join("\n");

/** Creates the namespaces, with a first process that ends with its parent. */
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

/** Creates the namespaces of a cluster; `prepare` becomes the first process. */
const keeper = [...unshare, "sh", "-c", prepare] as const;

/** Processes whose command line begins with these words. */
function find(...words: readonly string[]): ProcessIdentity[] {
  return findProcesses((pid) => {
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return words.every((word, index) => line[index] === word);
  });
}

/** The namespaces that the processes of one cluster share. */
export class Namespace {
  private constructor(readonly init: ProcessIdentity) {}

  /** The existing one, if any. `pause` is the program that holds it. */
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
      `Cannot create the namespaces -> read ${logFile("namespace")}; a container needs --privileged for them`,
    );
  }

  /** A command line that runs `command` in the namespaces. */
  inside(command: string, args: readonly string[]): [string, string[]] {
    return ["nsenter", ["--target", String(this.init.pid), "--pid", "--mount", "--net", "--", command, ...args]];
  }

  /** Runs a command in the namespaces to completion and returns its output. */
  async run(command: string, ...args: readonly string[]): Promise<string> {
    const [program, words] = this.inside(command, args);
    return (await execute(program, words)).stdout;
  }

  /** Starts a program that keeps running, with a log of its own. */
  start(name: string, command: string, args: readonly string[]): void {
    const log = openSync(logFile(name), "a");
    const [program, words] = this.inside(command, args);
    spawn(program, words, { detached: true, stdio: ["ignore", log, log] }).unref();
    closeSync(log);
  }
}

/** Processes that hold namespaces: those that created them or are about to, and the first ones in them. */
export function holders(pause: string): ProcessIdentity[] {
  const made = Namespace.find(pause);
  return [...find(...keeper), ...(made === undefined ? [] : [made.init])];
}

/** Kills every process in the namespaces and returns when all of them are gone. */
export async function endNamespaces(pause: string): Promise<void> {
  const held = holders(pause);
  for (const process of held) signal(process, "SIGKILL");
  for (const process of held) {
    if (!(await waitForEnd(process, 30_000))) {
      throw new Error(`Process ${process.pid}, which holds the cluster, does not end -> look for a process in state D`);
    }
  }
}
