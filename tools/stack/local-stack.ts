import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { CommandError, run, type Run, type RunOptions } from "../../commands/stack/run";

const checkout = join(__dirname, "..", "..");

/** What a stack takes from the checkout by link: the program as it is. */
const sources = [
  "Pulumi.yaml",
  "register.cjs",
  "index.ts",
  "components",
  "upgrade",
  "skywalking",
  "node_modules",
  "package.json",
  "tsconfig.json",
].map((name) => join(checkout, name));

export interface LocalStackOptions {
  readonly kubeconfig: string;
  /** Environment in which the CLI finds its plugins and kubectl is on PATH; see `pulumiEnv`. */
  readonly env: NodeJS.ProcessEnv;
  /** The stack's config. Defaults to the checkout's Pulumi.staging.yaml. */
  readonly stackFile?: string;
  /** Project folder, which must not exist yet. Defaults to a temporary one. */
  readonly directory?: string;
  /** Folder with a Pulumi.yaml and the program that it names. Defaults to the checkout's sources. */
  readonly program?: string | undefined;
  /**
   * Returns the address of a language host that runs the program. By default, the engine starts one for each command.
   */
  readonly languageHost?: (() => Promise<string>) | undefined;
  /** Called with each line as it arrives. */
  readonly onLine?: (line: string) => void;
  /** Ends the running command. Defaults to none. */
  readonly signal?: AbortSignal;
  /** Runs each command, given its kind: `pulumi up`, `kubectl`. By default, the command is just run. */
  readonly measure?: (kind: string, act: () => Promise<Run>) => Promise<Run>;
}

/** Commands of the CLI that take the address of a language host. */
export const hostedCommands: readonly string[] = ["up", "preview", "refresh", "destroy"];

/**
 * The real CLI on a separate stack in a temporary folder, with a file backend: the commands are a user's, and the
 * checkout's own stack files stay as they are.
 */
export class LocalStack {
  private constructor(
    /** Project folder. */
    readonly directory: string,
    /** Environment of every command. */
    readonly env: NodeJS.ProcessEnv,
    private readonly onLine: ((line: string) => void) | undefined,
    private readonly signal: AbortSignal | undefined,
    private readonly languageHost: (() => Promise<string>) | undefined,
    private readonly measure: (kind: string, act: () => Promise<Run>) => Promise<Run>,
  ) {}

  static async create({
    kubeconfig,
    env,
    stackFile,
    directory,
    program,
    onLine,
    signal,
    languageHost,
    measure = (_, act) => act(),
  }: LocalStackOptions): Promise<LocalStack> {
    const folder = directory ?? mkdtempSync(join(tmpdir(), "skywalking-canary-stack-"));
    const state = join(folder, "state");
    mkdirSync(state, { recursive: true });
    const linked = program === undefined ? sources : readdirSync(program).map((name) => join(program, name));
    for (const path of linked) symlinkSync(path, join(folder, basename(path)));
    copyFileSync(stackFile ?? join(checkout, "Pulumi.staging.yaml"), join(folder, "Pulumi.staging.yaml"));
    const stack = new LocalStack(
      folder,
      {
        ...env,
        KUBECONFIG: kubeconfig,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "local",
        PULUMI_STACK: "staging",
      },
      onLine,
      signal,
      languageHost,
      measure,
    );
    try {
      await stack.succeed(["stack", "init", "staging"]);
    } catch (error) {
      stack.dispose();
      throw error;
    }
    return stack;
  }

  /** Whether the file with the state can be read as a whole. */
  hasWholeState(): boolean {
    try {
      JSON.parse(
        readFileSync(
          join(
            this.directory,
            "state",
            ".pulumi",
            "stacks",
            "skywalking-canary",
            `${String(this.env.PULUMI_STACK)}.json`,
          ),
          "utf8",
        ),
      );
      return true;
    } catch {
      return false;
    }
  }

  /** Removes folder and state; what is in the cluster stays. */
  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Runs `pulumi` with these arguments. `onLine` replaces the stack's own. */
  async pulumi([command = "", ...args]: readonly string[], onLine = this.onLine): Promise<Run> {
    const hosted = this.languageHost !== undefined && hostedCommands.includes(command);
    const client = hosted ? [`--client=${await this.languageHost()}`] : [];
    const all = [command, ...args, ...client, "--non-interactive", "--color=never"];
    return this.measure(`pulumi ${command}`, () =>
      run("pulumi", all, { cwd: this.directory, env: this.env, onLine, signal: this.signal }),
    );
  }

  /** Runs another program in the stack's environment, with KUBECONFIG set to its cluster. */
  run(program: string, args: readonly string[], options: Pick<RunOptions, "cwd" | "input" | "onLine">): Promise<Run> {
    return this.measure(program, () => run(program, args, { env: this.env, signal: this.signal, ...options }));
  }

  /** @throws CommandError when it fails */
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
