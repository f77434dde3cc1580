import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Runs a program until the process that started it closes its end of stdin or is gone: by itself, a provider serves for ever. */
const untilStdinEnds = '"$0" & read -r _; kill -9 $!; wait';

/**
 * A process of the Kubernetes provider that serves every command on a stack. The engine would start one for each, which takes it a second
 * or two to read its schema.
 */
export class ProviderProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** What tells the CLI to use it. */
    readonly env: { readonly PULUMI_DEBUG_PROVIDERS: string },
  ) {}

  /** @param env - its environment, whose KUBECONFIG is the cluster that it serves */
  static async start(program: string, env: NodeJS.ProcessEnv): Promise<ProviderProcess> {
    const child = spawn("sh", ["-c", untilStdinEnds, program], { env, stdio: ["pipe", "pipe", "inherit"] });
    const [port] = (await Promise.race([
      once(createInterface({ input: child.stdout }), "line"),
      once(child, "exit").then(([code]) => {
        throw new Error(`${program} ended with ${String(code)} before it served`);
      }),
    ])) as [string];
    return new ProviderProcess(child, { PULUMI_DEBUG_PROVIDERS: `kubernetes:${port.trim()}` });
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.stdin?.end();
    await ended;
  }
}
