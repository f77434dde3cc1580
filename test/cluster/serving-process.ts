import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";

/**
 * Runs a program until the process that started it closes its end of stdin or is gone; by itself, a plugin serves for
 * ever.
 */
const untilStdinEnds = `
  exec 3<&0
  "$@" < /dev/null 3<&- & program=$!
  (read -r _ <&3; kill $program 2> /dev/null) &
  wait $program 2> /dev/null; code=$?
  kill $! 2> /dev/null
  exit $code`;

/** A plugin of the engine that serves every command on a stack; the engine would start one for each. */
export class ServingProcess {
  /** The last line that it has printed. */
  said: string;

  private constructor(
    private readonly child: ChildProcess,
    lines: Interface,
    /** The first line that it has printed. */
    readonly port: string,
  ) {
    this.said = port;
    lines.on("line", (line) => {
      this.said = line;
    });
  }

  static async start(command: readonly string[], env: NodeJS.ProcessEnv): Promise<ServingProcess> {
    const child = spawn("sh", ["-c", untilStdinEnds, "sh", ...command], {
      env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout });
    const [port] = (await Promise.race([
      once(lines, "line"),
      once(child, "exit").then(([code]) => {
        throw new Error(`${command.join(" ")} ended with ${String(code)} before it served`);
      }),
    ])) as [string];
    return new ServingProcess(child, lines, port.trim());
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.stdin?.end();
    await ended;
  }
}
