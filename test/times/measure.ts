import { appendFileSync, readFileSync } from "node:fs";

import { timesVariable, type Measured } from "./measured";

/** Seconds of processor time that this process and its children that have ended have used. */
interface ProcessorTime {
  readonly user: number;
  readonly system: number;
}

/** proc_pid_stat(5), fields 14 to 17, in clock ticks of which Linux has 100 a second. Elsewhere nothing is known. */
function processorTime(): ProcessorTime {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = (field: number): number => Number(fields[field - 3]);
    return { user: (ticks(14) + ticks(16)) / 100, system: (ticks(15) + ticks(17)) / 100 };
  } catch {
    return { user: 0, system: 0 };
  }
}

/**
 * Starts a measurement. What is called at its end writes it down, if the run of the tests wants to know.
 *
 * @param file - path of the test file
 * @param kind - the kind of work; measurements of one kind are added up
 */
export function startMeasuring(file: string, kind: string): () => void {
  const begin = Date.now();
  const before = processorTime();
  return () => {
    const times = process.env[timesVariable];
    if (times === undefined) return;
    const after = processorTime();
    const measured: Measured = {
      file,
      kind,
      seconds: (Date.now() - begin) / 1000,
      user: after.user - before.user,
      system: after.system - before.system,
    };
    appendFileSync(times, `${JSON.stringify(measured)}\n`);
  };
}

/** Measures a piece of work of the test file that runs, also one that fails. */
export async function measure<Result>(kind: string, act: () => Promise<Result>): Promise<Result> {
  const end = startMeasuring(expect.getState().testPath ?? "", kind);
  try {
    return await act();
  } finally {
    end();
  }
}
