import { setTimeout as sleep } from "node:timers/promises";

/** Controllers and garbage collection lag behind an update; a cluster that takes longer has a problem. */
const limitMilliseconds = 30_000;

/**
 * Reads until nothing is pending, for at most half a minute.
 *
 * @param pendingOf - what is not settled in a reading; undefined when nothing is
 */
export async function settled<Readings>(
  read: () => Promise<Readings>,
  pendingOf: (readings: Readings) => string | undefined,
  signal: AbortSignal,
): Promise<{ readonly readings: Readings; readonly pending: string | undefined }> {
  const deadline = Date.now() + limitMilliseconds;
  for (;;) {
    signal.throwIfAborted();
    const readings = await read();
    const pending = pendingOf(readings);
    if (pending === undefined || Date.now() > deadline) return { readings, pending };
    await sleep(200, undefined, { signal });
  }
}
