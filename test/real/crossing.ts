import type { SeenCall } from "./traffic";

/** What the plan said about a call between the two backends. */
export interface Promised {
  readonly caller: string;
  readonly callee: string;
  readonly link: "kept" | "lost";
}

/** Reads the plan's warnings about crossing calls from the stack's outputs. */
export function promisedOf(outputs: unknown): Promised[] {
  const pattern = /(\w+) \(\w+\) -> (\w+) \(\w+\): (its parent segment is stored|the trace link is lost)/g;
  const found = new Map<string, Promised>();
  for (const [, caller = "", callee = "", what = ""] of JSON.stringify(outputs).matchAll(pattern)) {
    found.set(`${caller} ${callee}`, { caller, callee, link: what.startsWith("its") ? "kept" : "lost" });
  }
  return [...found.values()];
}

/**
 * Calls whose stored traces differ from what was promised. A link that is not promised to be lost must be kept.
 *
 * @param traceOf - the trace that a stored segment belongs to; undefined for one that is not stored
 */
export function brokenPromises(
  calls: readonly SeenCall[],
  promised: readonly Promised[],
  traceOf: (segmentId: string | null) => string | undefined,
): string[] {
  const broken = new Set<string>();
  for (const { caller, callee } of calls) {
    const [above, below] = [traceOf(caller.segment), traceOf(callee.segment)];
    if (above === undefined || below === undefined) continue;
    const promise = promised.find((call) => call.caller === caller.service && call.callee === callee.service);
    const expected = promise?.link ?? "kept";
    const seen = above === below ? "kept" : "lost";
    if (seen !== expected) broken.add(`${caller.service} -> ${callee.service}: link ${seen}, promised ${expected}`);
  }
  return [...broken];
}
