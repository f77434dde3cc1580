import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, join } from "node:path";

/**
 * Runs a program from node_modules, or else from the machine, and shows its output.
 *
 * @returns its exit code; 1 when a signal ended it
 */
export async function runShown(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const path = [join(process.cwd(), "node_modules", ".bin"), process.env.PATH].join(delimiter);
  const child = spawn(program, args, {
    env: { ...process.env, ...env, PATH: path },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}
