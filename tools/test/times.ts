import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import Table from "cli-table3";

import { wholeFile, type Measured } from "../../test/times/measured";

const tests = join(__dirname, "..", "..", "test");
const slowestShown = 10;

/** The measurements that the test processes have written. */
export function readTimes(file: string): Measured[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Measured);
}

interface Row extends Pick<Measured, "seconds" | "user" | "system"> {
  readonly name: string;
  readonly count: number;
}

function table(head: string, rows: readonly Row[]): string {
  const shown = new Table({
    head: [head, "count", "seconds", "user", "system"],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "right", "right", "right"],
  });
  for (const { name, count, seconds, user, system } of rows) {
    shown.push([name, count, ...[seconds, user, system].map((each) => each.toFixed(1))]);
  }
  return shown.toString();
}

/** Adds up measurements with the same name, longest first. */
function sums(measured: readonly Measured[], nameOf: (each: Measured) => string): Row[] {
  const rows = new Map<string, Row>();
  for (const each of measured) {
    const name = nameOf(each);
    const { count, seconds, user, system } = rows.get(name) ?? { count: 0, seconds: 0, user: 0, system: 0 };
    rows.set(name, {
      name,
      count: count + 1,
      seconds: seconds + each.seconds,
      user: user + each.user,
      system: system + each.system,
    });
  }
  return [...rows.values()].sort((one, other) => other.seconds - one.seconds);
}

/** The slowest test files, and the kinds of work that the tests have measured, with wall-clock and processor time. */
export function describeTimes(measured: readonly Measured[]): string {
  const files = sums(
    measured.filter(({ kind }) => kind === wholeFile),
    ({ file }) => relative(tests, file),
  );
  const kinds = sums(
    measured.filter(({ kind }) => kind !== wholeFile),
    ({ kind }) => kind,
  );
  const slowest = table(`the ${slowestShown} slowest of ${files.length} files`, files.slice(0, slowestShown));
  return kinds.length === 0 ? slowest : `${slowest}\n${table("kinds of work in the tests", kinds)}`;
}

/** Records how long each file took, for the order of later runs. */
export function recordDurations(measured: readonly Measured[]): void {
  const durations = measured
    .filter(({ kind }) => kind === wholeFile)
    .map(({ file, seconds }) => [relative(tests, file), Math.round(seconds)] as const)
    .sort(([one], [other]) => one.localeCompare(other));
  const text = JSON.stringify(Object.fromEntries(durations), undefined, 2);
  writeFileSync(join(tests, "times", "durations.json"), `${text}\n`);
}
