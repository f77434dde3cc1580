import { cpus } from "node:os";

/** Milliseconds of processor time of the whole machine since it started, whoever used it: containers too. */
interface ProcessorTime {
  readonly used: number;
  readonly idle: number;
}

function processorTime(): ProcessorTime {
  const all = cpus().map(({ times }) => times);
  const sum = (time: keyof (typeof all)[number]): number => all.reduce((total, times) => total + times[time], 0);
  return { used: sum("user") + sum("nice") + sum("sys") + sum("irq"), idle: sum("idle") };
}

/**
 * Starts to measure how busy the machine's processors are.
 *
 * @returns says it: `1,500 s of processor time, 71 % of 2 processors`
 */
export function watchProcessors(): () => string {
  const before = processorTime();
  return () => {
    const after = processorTime();
    const used = after.used - before.used;
    const all = used + after.idle - before.idle;
    const share = all === 0 ? 0 : Math.round((100 * used) / all);
    const seconds = Math.round(used / 1000).toLocaleString("en");
    return `${seconds} s of processor time, ${share} % of ${cpus().length} processors`;
  };
}
