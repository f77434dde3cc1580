import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { join } from "node:path";

import type { WorkFolder } from "./work-folder";

/** What the process that answers the gates is told: first where to write, then which cluster to read. */
export type KeptBackendsRequest = { readonly folder: string } | { readonly kubeconfig: string };
/** What it says: kwok's configuration, or undefined where a release has not been recorded; then that agents report. */
export type KeptBackendsAnswer = { readonly kwokConfig: string | undefined } | { readonly reporting: true };

/** What answers the gates of a demo that is kept: a process of its own, which ends with the cluster. */
export class KeptBackends {
  private constructor(
    private readonly child: ChildProcess,
    readonly kwokConfig: string,
  ) {}

  /** Undefined when one of the releases has not been recorded. */
  static async start({ path, logs }: WorkFolder): Promise<KeptBackends | undefined> {
    const log = openSync(join(logs, "backends.log"), "a");
    const child = fork(join(__dirname, "serve-backends.ts"), [], {
      detached: true,
      stdio: ["ignore", log, log, "ipc"],
    });
    const answer = await ask(child, { folder: path });
    return "kwokConfig" in answer && answer.kwokConfig !== undefined
      ? new KeptBackends(child, answer.kwokConfig)
      : undefined;
  }

  /** Lets the agents of the sample services report; from here on the process goes on by itself. */
  async report(kubeconfig: string): Promise<void> {
    await ask(this.child, { kubeconfig });
    this.child.disconnect();
    this.child.unref();
  }

  /** Ends the process, unless it goes on by itself. */
  stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    return Promise.resolve();
  }
}

async function ask(child: ChildProcess, request: KeptBackendsRequest): Promise<KeptBackendsAnswer> {
  const answered = Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => {
      throw new Error("the process that answers the gates has ended -> look into backends.log beside commands.log");
    }),
  ]);
  child.send(request);
  const [answer] = (await answered) as [KeptBackendsAnswer];
  return answer;
}
