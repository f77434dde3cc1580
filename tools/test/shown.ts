import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** When what a program prints is shown: as it comes, or all at its end, which keeps apart what runs side by side. */
export type Shown = "as it comes" | "at its end";

/**
 * Runs a program of node_modules and shows what it prints.
 *
 * @returns its exit code; 1 when a signal ended it
 */
export async function runShown(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  shown: Shown,
): Promise<number> {
  const output = shown === "as it comes" ? "inherit" : "pipe";
  const child = spawn(join("node_modules", ".bin", program), args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => printed.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  process.stdout.write(Buffer.concat(printed));
  return code ?? 1;
}
