import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { CheckQuestion } from "../../upgrade/gates/check";
import type { Verdict } from "../../upgrade/gates/verdict";
import type { Look } from "./look";

/** How long one run of a command or one GET may take. */
const limitMilliseconds = 60_000;

/** Runs the user's command, or gets the URL. */
export function lookCheck({ check: { command, url } }: CheckQuestion): Look {
  return {
    look: () => (command === undefined ? get(String(url)) : run(command)),
    close: () => Promise.resolve(),
  };
}

async function run(command: readonly string[]): Promise<Verdict> {
  const [program = "", ...args] = command;
  const text = `\`${command.join(" ")}\``;
  try {
    await promisify(execFile)(program, args, { timeout: limitMilliseconds });
    return { passes: true, evidence: { said: `${text} ended with 0` } };
  } catch (error) {
    const { code, stderr = "" } = error as { code?: number | string; stderr?: string };
    const last = stderr.trim().split("\n").at(-1) ?? "";
    const why = last === "" ? "" : `: ${last.slice(0, 300)}`;
    return { passes: false, evidence: { said: `${text} ended with ${String(code ?? "a signal")}${why}` } };
  }
}

async function get(url: string): Promise<Verdict> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(limitMilliseconds) });
    return { passes: status < 400, evidence: { said: `GET ${url} answered ${String(status)}` } };
  } catch (error) {
    const { message, cause } = error as { message: string; cause?: { message?: string } };
    return { passes: false, evidence: { said: `GET ${url}: ${cause?.message ?? message}` } };
  }
}
