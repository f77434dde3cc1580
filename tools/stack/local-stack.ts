import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What the checkout gives to a stack: the program as it is, by link. */
const program = [
  "Pulumi.yaml",
  "index.ts",
  "components",
  "upgrade",
  "skywalking",
  "node_modules",
  "package.json",
  "tsconfig.json",
];
const checkout = join(__dirname, "..", "..");

/** A run of a command that has ended. */
export interface Run {
  /** Exit code. */
  readonly code: number;
  /** stdout and stderr, in the order in which they came. */
  readonly output: string;
}

export interface LocalStackOptions {
  readonly kubeconfig: string;
  /** Environment in which the CLI finds its parts; see `pulumiEnv`. */
  readonly env: NodeJS.ProcessEnv;
  /** The stack's config. Defaults to Pulumi.staging.yaml of the checkout. */
  readonly stackFile?: string;
  /** Told every line as it comes. */
  readonly onLine?: (line: string) => void;
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

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly input?: string;
    readonly onLine?: ((line: string) => void) | undefined;
  },
): Promise<Run> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(options.input ?? "");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      output += `${line}\n`;
      options.onLine?.(line);
    });
  }
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code: code ?? (signal === null ? 1 : 128), output };
}

/**
 * The real CLI on a stack of its own in a temporary folder, with a file backend: the commands are those of a user, and
 * the checkout's own stack files stay as they are.
 */
export class LocalStack {
  private constructor(
    /** Project folder. */
    readonly directory: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly onLine: ((line: string) => void) | undefined,
  ) {}

  static async create({ kubeconfig, env, stackFile, onLine }: LocalStackOptions): Promise<LocalStack> {
    const directory = mkdtempSync(join(tmpdir(), "skywalking-canary-stack-"));
    for (const name of program) symlinkSync(join(checkout, name), join(directory, name));
    copyFileSync(stackFile ?? join(checkout, "Pulumi.staging.yaml"), join(directory, "Pulumi.staging.yaml"));
    const state = join(directory, "state");
    mkdirSync(state);
    const stack = new LocalStack(
      directory,
      {
        ...env,
        KUBECONFIG: kubeconfig,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "local",
        PULUMI_STACK: "staging",
      },
      onLine,
    );
    await stack.succeed(["stack", "init", "staging"]);
    return stack;
  }

  /** Removes folder and state; what is in the cluster stays. */
  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Runs `pulumi` with these arguments. */
  async pulumi(args: readonly string[]): Promise<Run> {
    return run("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd: this.directory,
      env: this.env,
      onLine: this.onLine,
    });
  }

  /** @throws CommandError when it does not end with 0. */
  async succeed(args: readonly string[]): Promise<Run> {
    const done = await this.pulumi(args);
    if (done.code !== 0) throw new CommandError(`pulumi ${args.join(" ")}`, done);
    return done;
  }

  async set(key: string, value: string): Promise<void> {
    await this.succeed(["config", "set", "--path", key, value]);
  }

  /** The stack's outputs. */
  async outputs(): Promise<unknown> {
    const { output } = await this.succeed(["stack", "output", "--json"]);
    return JSON.parse(output) as unknown;
  }
}
