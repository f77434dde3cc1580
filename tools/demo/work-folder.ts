import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Everything that a running demo leaves on disk apart from its cluster: the stack with its state, and logs. */
export class WorkFolder {
  readonly path = mkdtempSync(join(tmpdir(), "skywalking-canary-demo-"));
  readonly stack = join(this.path, "stack");
  readonly logs = join(this.path, "logs");
  /** For a kubeconfig with only the named context. */
  readonly cluster = join(this.path, "cluster");

  constructor() {
    mkdirSync(this.logs);
  }

  /** Appends a line to the log of commands and their output. */
  log(line: string): void {
    appendFileSync(join(this.logs, "commands.log"), `${line}\n`);
  }

  /** Removes everything but the logs, and puts the cluster's logs beside them. */
  keepLogs(ofCluster: string): void {
    if (existsSync(ofCluster)) cpSync(ofCluster, join(this.logs, "cluster"), { recursive: true });
    rmSync(this.stack, { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
