import { compare, coerce, SemVer, validRange } from "semver";

/** `6.0.0-GA` is the release 6.0.0, not something before it, which is what semver would make of the suffix. */
export function versionOf(release: string): SemVer {
  const known = versions.get(release);
  if (known !== undefined) return known;
  const version = coerce(release);
  if (version === null) throw new RangeError(`not a release: ${JSON.stringify(release)}`);
  versions.set(release, version);
  return version;
}

/** Every fact is looked up by comparing releases, for every service anew. */
const versions = new Map<string, SemVer>();

/** Whether a text is a version of one to three numbers: `8`, `8.0`, `8.0.36`; `08` is none, nor is a number without bound. */
export function isVersion(text: string): boolean {
  return /^\d+(\.\d+){0,2}$/.test(text) && validRange(text) !== null;
}

/** Negative, 0 or positive as `a` is older than, the same as or newer than `b`. */
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
 * How one fact changed over the releases, oldest first. The first row stands at the first release there is, and every
 * row holds until the next, so a timeline can neither have a hole nor say two things of one release. The last row holds
 * for every later release too: `verifiedUpTo`, in `oap/verified.ts` and beside the releases of each agent, names the newest
 * for which somebody has read the sources.
 */
export type Timeline<Release extends string, Value> = readonly [Row<Release, Value>, ...Row<Release, Value>[]];

/** The row that holds for a release. */
export function rowAt<Value>(timeline: Timeline<string, Value>, release: string): Row<string, Value> {
  return timeline.reduce((holds, row) => (isAtLeast(release, row.since) ? row : holds), timeline[0]);
}

/** What a timeline says of a release. */
export function valueAt<Value>(timeline: Timeline<string, Value>, release: string): Value {
  return rowAt(timeline, release).value;
}

/**
 * Names a selection of releases by its runs: `8.0.0 - 8.3.0, 8.5.0`.
 *
 * @param all every release there is, oldest first.
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
