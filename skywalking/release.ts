import { compare, coerce, SemVer, validRange } from "semver";

/**
 * The semver version of a release. `6.0.0-GA` is 6.0.0 itself, not the pre-release that semver would read
 * from the suffix.
 */
export function versionOf(release: string): SemVer {
  const known = versions.get(release);
  if (known !== undefined) return known;
  const version = coerce(release);
  if (version === null) throw new RangeError(`not a release: ${JSON.stringify(release)}`);
  versions.set(release, version);
  return version;
}

/** A cache: every fact is looked up by comparing releases, again for every service. */
const versions = new Map<string, SemVer>();

/**
 * Whether a text is a version of one to three numbers: `8`, `8.0`, `8.0.36`. `08` is not, nor is a number
 * that is too large.
 */
export function isVersion(text: string): boolean {
  return /^\d+(\.\d+){0,2}$/.test(text) && validRange(text) !== null;
}

/** Negative, 0 or positive if `a` is older than, the same as or newer than `b`. */
export function compareReleases(a: string, b: string): number {
  return compare(versionOf(a), versionOf(b));
}

/** Whether `release` is `bound` or newer. */
export function isAtLeast(release: string, bound: string): boolean {
  return compareReleases(release, bound) >= 0;
}

/** A fact that holds from a release on, until the next row of its timeline. */
export interface Row<Release extends string, Value> {
  readonly since: Release;
  readonly value: Value;
  /** Where the public repositories say so: `repository@tag:path`. */
  readonly source: string;
}

/**
 * How one fact changed from release to release, oldest first. The first row is for the first release, and each row
 * holds until the next, so a timeline has no gaps and gives one answer for each release. The last row also holds for
 * every later release: `verifiedUpTo`, in `oap/releases.ts` and beside the releases of each agent, names the newest
 * release whose sources have been read.
 */
export type Timeline<Release extends string, Value> = readonly [Row<Release, Value>, ...Row<Release, Value>[]];

/** The row that holds for a release. */
export function rowAt<Value>(timeline: Timeline<string, Value>, release: string): Row<string, Value> {
  return timeline.reduce((holds, row) => (isAtLeast(release, row.since) ? row : holds), timeline[0]);
}

/** The value of a timeline at a release. */
export function valueAt<Value>(timeline: Timeline<string, Value>, release: string): Value {
  return rowAt(timeline, release).value;
}

/**
 * Writes a selection of releases as runs: `8.0.0 - 8.3.0, 8.5.0`.
 *
 * @param all every release, oldest first.
 */
export function nameRuns<Release extends string>(all: readonly Release[], selected: readonly Release[]): string {
  const runs: Release[][] = [];
  let run: Release[] | undefined;
  for (const release of all) {
    if (!selected.includes(release)) {
      run = undefined;
    } else if (run === undefined) {
      run = [release];
      runs.push(run);
    } else {
      run.push(release);
    }
  }
  return runs.map((of) => [...new Set([of.at(0), of.at(-1)])].join(" - ")).join(", ");
}
