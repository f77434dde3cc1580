import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, join } from "node:path";

/**
 * Runs a program, of node_modules or else of the machine, and shows what it prints.
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
