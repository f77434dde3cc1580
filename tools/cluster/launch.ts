import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { ensureTools } from "../toolchain/ensure";
import { clusterFiles, components } from "./control-plane";
import { logEnd } from "./logs";
import type { ClusterSpec, SupervisorMessage } from "./supervisor-protocol";

/** A cluster could not be started. The message says which process failed, its last lines, and where its log is. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
}

/** Called with each step of a start, to display it. */
export type OnStep = (text: string) => void;

/** A cluster that is ready, seen from the process that started it. */
export interface Launched {
  readonly supervisor: ChildProcess;
  /** Resolves when the supervisor has ended: with the reason, or undefined if it was told to end. */
  readonly ended: Promise<string | undefined>;
}

/** Starts a supervisor and returns it once its cluster is ready. */
export async function launch(spec: Omit<ClusterSpec, "programs">, onStep?: OnStep): Promise<Launched> {
  const programs = await ensureTools(components);
  const whole: ClusterSpec = { ...spec, programs };
  const { logs } = clusterFiles(spec.directory);
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const log = join(logs, "supervisor.log");
  const output = openSync(log, "a");
  const supervisor = spawn(
    process.execPath,
    // It is idle most of the time: a small young generation saves a quarter of its memory.
    ["--max-semi-space-size=1", "--require", "./register.cjs", join(__dirname, "supervisor.ts"), JSON.stringify(whole)],
    {
      cwd: join(__dirname, "..", ".."),
      env: process.env, // Named, because Jest gives its tests a copy that a child would not see.
      // A separate session: Ctrl-C in the terminal reaches only the starter, and the supervisor notices when that ends.
      detached: true,
      stdio: ["ignore", output, output, "ipc"],
    },
  );
  closeSync(output);

  let failure: string | undefined;
  const ended = new Promise<string | undefined>((resolve) => {
    supervisor.once("error", (error) => {
      resolve(`its supervisor could not be started: ${error.message}`);
    });
    supervisor.once("exit", (code, signal) => {
      if (code === 0 || failure !== undefined) resolve(failure);
      else if (signal !== null) resolve(`its supervisor was ended by ${signal}`);
      else resolve(`its supervisor ended with code ${code ?? "?"}\n${logEnd(log)}`);
    });
  });
  const ready = new Promise<true>((resolve) => {
    supervisor.on("message", (message: SupervisorMessage) => {
      if (message.kind === "step") onStep?.(message.text);
      else if (message.kind === "failed") failure = message.message;
      else resolve(true);
    });
  });
  const early = await Promise.race([ready, ended]);
  if (early === true) return { supervisor, ended };
  throw new ClusterError(`The local cluster did not start: ${early ?? "it was told to end"}`);
}
