import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { stateDirectory } from "../directories";
import { ensureTools } from "../toolchain/ensure";
import { ClusterError } from "./launch";

/** How users name a cluster of their own. A `KUBECONFIG` variable alone does not count: it may point to production. */
export interface NamedOptions {
  /** Path of a kubeconfig. When only a context is named, defaults to the files that kubectl reads. */
  readonly kubeconfig?: string;
  /** A context in it. Defaults to its current one. */
  readonly context?: string;
  /**
   * Folder for a kubeconfig with only the named context. Defaults to a temporary one that is removed with this process.
   */
  readonly directory?: string;
}

/** A cluster of the user's own. */
export interface NamedCluster {
  readonly kind: "named";
  /** Absolute path of a kubeconfig whose current context is the cluster. */
  readonly kubeconfig: string;
  /** Leaves the cluster alone. May be called again. */
  stop(): Promise<void>;
}

/**
 * Returns the cluster that the user names. Starts nothing and writes nothing to it; `stop` leaves it alone.
 *
 * @throws ClusterError when it is not named correctly or does not answer.
 */
export async function useCluster(options: NamedOptions): Promise<NamedCluster> {
  const { kubectl } = await ensureTools(["kubectl"]);
  const named = [
    ...(options.kubeconfig === undefined ? [] : ["--kubeconfig", existing(options.kubeconfig)]),
    ...(options.context === undefined ? [] : ["--context", options.context]),
  ];
  if (named.length === 0) throw new ClusterError("Name the cluster to use: a kubeconfig, a context, or both.");
  const ask = async (...args: string[]): Promise<string> => {
    try {
      return (await promisify(execFile)(kubectl, [...named, ...args])).stdout;
    } catch (error) {
      const complaint = (error as { stderr?: string }).stderr?.trim().split("\n").at(-1);
      throw new ClusterError(`The cluster named by ${named.join(" ")} does not answer: ${complaint ?? String(error)}`);
    }
  };
  await ask("get", "--raw", "/version", "--request-timeout=10s");
  if (options.context === undefined && options.kubeconfig !== undefined) {
    return { kind: "named", kubeconfig: resolve(options.kubeconfig), stop: () => Promise.resolve() };
  }

  // One file with only that context, so that nobody who gets it has to name the context again.
  const content = await ask("config", "view", "--raw", "--minify", "--flatten");
  const directory = options.directory ?? temporaryDirectory();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const kubeconfig = join(directory, "kubeconfig");
  writeFileSync(kubeconfig, content, { mode: 0o600 });
  return {
    kind: "named",
    kubeconfig,
    stop: () => {
      rmSync(directory, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** It holds credentials, so it is removed with this process even if nobody calls `stop`. */
function temporaryDirectory(): string {
  const parent = join(stateDirectory(), "named");
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const directory = mkdtempSync(join(parent, `${process.pid}-`));
  process.once("exit", () => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

function existing(kubeconfig: string): string {
  if (!existsSync(kubeconfig)) throw new ClusterError(`There is no kubeconfig ${kubeconfig}.`);
  return resolve(kubeconfig);
}
