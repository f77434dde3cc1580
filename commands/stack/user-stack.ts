import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { CommandError, run } from "./run";

/** Which stack of which project, as in `pulumi --stack --cwd`. */
export interface StackOptions {
  /** Defaults to the selected one. */
  readonly stack?: string;
  /** Project folder. Defaults to the working folder. */
  readonly cwd?: string;
}

/** A user's stack, as the CLI reports it. */
export interface UserStack {
  readonly name: string;
  /** Path of its stack file, which need not exist. */
  readonly file: string;
  /** Prefix of the project's own keys in that file: `skywalking-canary:`. */
  readonly prefix: string;
  /** The project's own keys, as the program reads them. Secrets are masked. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** `kubernetes:kubeconfig` and `kubernetes:context`. */
  readonly cluster: { readonly kubeconfig: string | undefined; readonly context: string | undefined };
}

/** An entry of `pulumi config --json`. */
interface ConfigEntry {
  readonly value?: string;
  readonly objectValue?: unknown;
  readonly secret: boolean;
}

/** @throws Error when there is no CLI, CommandError when it fails */
async function pulumi(args: readonly string[], { stack, cwd = process.cwd() }: StackOptions): Promise<string> {
  const command = [...args, ...(stack === undefined ? [] : ["--stack", stack])];
  try {
    const done = await run("pulumi", [...command, "--non-interactive", "--color=never"], { cwd, env: process.env });
    if (done.code !== 0) throw new CommandError(`pulumi ${command.join(" ")}`, done);
    return done.stdout;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    throw new Error(
      "There is no `pulumi` on PATH -> install the Pulumi CLI, or run `npm run tools` and add the folder that it prints to PATH",
      { cause: error },
    );
  }
}

/**
 * Asks the CLI for a stack's config. Decrypts only a kubeconfig that is stored as a secret.
 *
 * @throws Error with the CLI's message
 */
export async function readUserStack(options: StackOptions): Promise<UserStack> {
  const folder = options.cwd ?? process.cwd();
  const project = join(folder, "Pulumi.yaml");
  if (!existsSync(project)) {
    throw new Error(
      `There is no Pulumi.yaml in ${folder} -> run it in the project's folder, or name that folder with --cwd`,
    );
  }
  const { name: projectName } = parse(readFileSync(project, "utf8")) as { name: string };
  const prefix = `${projectName}:`;
  const name = (await pulumi(["stack", "--show-name"], options)).trim();
  const entries = JSON.parse(await pulumi(["config", "--json"], options)) as Record<string, ConfigEntry>;
  const own = Object.entries(entries).filter(([key]) => key.startsWith(prefix));
  const secretKubeconfig = entries["kubernetes:kubeconfig"]?.secret === true;
  return {
    name,
    file: join(folder, `Pulumi.${name.replace(/^.*\//, "")}.yaml`),
    prefix,
    raw: Object.fromEntries(
      own.map(([key, { objectValue, value }]) => [key.slice(prefix.length), objectValue ?? value]),
    ),
    cluster: {
      kubeconfig: secretKubeconfig
        ? (await pulumi(["config", "get", "kubernetes:kubeconfig"], options)).trimEnd()
        : entries["kubernetes:kubeconfig"]?.value,
      context: entries["kubernetes:context"]?.value,
    },
  };
}

/** The outputs of the stack's last update; empty before the first update. */
export async function readOutputs(options: StackOptions): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await pulumi(["stack", "output", "--json"], options)) as Record<string, unknown>;
}
