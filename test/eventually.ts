import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until `look` gives something else than false, and gives that. Its error, or that it is false, is what is said
 * when it never does.
 *
 * @param pause - milliseconds between two looks. Defaults to a second.
 */
export async function eventually<Result>(
  what: string,
  seconds: number,
  look: () => Promise<Result | false>,
  pause = 1_000,
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
    await sleep(pause);
  }
}

/** Waits until what is looked at equals what is expected. The difference is what is said when it never does. */
export async function eventuallyEqual<Result>(
  look: () => Promise<Result>,
  expected: Result,
  seconds = 20,
): Promise<void> {
  const equals = async (): Promise<true> => {
    expect(await look()).toEqual(expected);
    return true;
  };
  await eventually("as expected", seconds, equals, 200);
}
