import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `holds` is true; its error, or that it is false, is what is said when it never is. */
export async function eventually<Result>(
  what: string,
  seconds: number,
  look: () => Promise<Result | false>,
): Promise<Result> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    let why = "";
    try {
      const result = await look();
      if (result !== false) return result;
    } catch (error) {
      why = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > deadline) throw new Error(`${what}: not so after ${String(seconds)} s${why}`);
    await sleep(1_000);
  }
}
