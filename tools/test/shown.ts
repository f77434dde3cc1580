import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * Runs a program of node_modules.
 *
 * @param show - takes each line that it prints
 * @returns its exit code; 1 when a signal ended it
 */
export async function runShown(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  show: (line: string) => void,
): Promise<number> {
  const child = spawn(join("node_modules", ".bin", program), args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", show);
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}
