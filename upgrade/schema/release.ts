import * as z from "zod";

import { compareReleases, isAtLeast } from "../../skywalking/release";
import { didYouMean } from "../nearest";
import { isMap } from "./object";

/** The releases that are known of one thing. */
export interface Releases {
  /** What they are releases of: `OAP`, `java agent`. */
  readonly of: string;
  /** Oldest first. */
  readonly known: readonly [string, ...string[]];
}

/** What such an object says; anything else has been reported. */
type Named = Readonly<Record<"version" | "release", string>> & { readonly behavesLike?: string };

/** How a tag names a release: three numbers, and perhaps a suffix of whoever built it (`9.7.1-internal`). */
const tag = /^(0|[1-9]\d{0,3})(\.(0|[1-9]\d{0,3})){2}(-[A-Za-z0-9]([-A-Za-z0-9._]{0,30}[A-Za-z0-9])?)?$/;

/** `6.0.0-GA to 10.4.0`. */
function ends(known: Releases["known"]): string {
  return `${known[0]} to ${String(known.at(-1))}`;
}

function noRelease(name: string, { of, known }: Releases): string {
  return `is not a release of the ${of}; allowed: ${ends(known)} -> ${didYouMean(name, known, "write the release exactly as in its tag")}`;
}

/** The key of an object that names a release; {@link naming} checks which one. */
export function releaseName(releases: Releases) {
  return z
    .string({
      error: ({ input }) =>
        noRelease(typeof input === "string" || typeof input === "number" ? String(input) : "", releases),
    })
    .meta({ pattern: tag.source });
}

/** What is wrong with a release of which nothing is known, where nothing is said of how it behaves. */
function notKnown(release: string, { of, known }: Releases): string {
  const newest = String(known.at(-1));
  if (compareReleases(release, newest) > 0) {
    return `is newer than ${newest}, the newest release of the ${of} that is known; allowed: ${ends(known)}, or another with behavesLike -> set behavesLike beside it to the release that it is to be treated as, e.g. ${newest}`;
  }
  const older = known.filter((each) => isAtLeast(release, each)).slice(-1);
  const newer = known.filter((each) => compareReleases(each, release) > 0).slice(0, 1);
  return `is not a release of the ${of}; next to it are: ${[...older, ...newer].join(", ")} -> write one of these, or for a build of your own set behavesLike beside it to the release that it was made from`;
}

function problemOf(
  key: string,
  release: string,
  behavesLike: string | undefined,
  releases: Releases,
): { path: string[]; message: string } | undefined {
  const { of, known } = releases;
  if (known.includes(release)) {
    return behavesLike === undefined
      ? undefined
      : { path: ["behavesLike"], message: `is not allowed: ${release} is a known release of the ${of} -> remove it` };
  }
  if (!tag.test(release)) return { path: [key], message: noRelease(release, releases) };
  if (behavesLike === undefined) return { path: [key], message: notKnown(release, releases) };
  return known.includes(behavesLike) ? undefined : { path: ["behavesLike"], message: noRelease(behavesLike, releases) };
}

/**
 * An object that names a release. No release locks a user out: one that is not known is let in if `behavesLike`, beside
 * it, names a known one, whose facts then hold for it. This is checked whatever else is wrong with the object, so that
 * all problems are told at once.
 *
 * @param key - of the release
 * @param releasesOf - undefined where the object does not say what it is a release of, which has been reported
 */
export function naming<Schema extends z.ZodType<object>>(
  schema: Schema,
  key: "version" | "release",
  releasesOf: (read: object) => Releases | undefined,
): Schema {
  return schema.superRefine(
    (read, context) => {
      const releases = releasesOf(read);
      const isReported = context.issues.some(({ path }) => path?.[0] === key || path?.[0] === "behavesLike");
      if (releases === undefined || isReported) return;
      const { [key]: release, behavesLike } = read as Named;
      const problem = problemOf(key, release, behavesLike, releases);
      if (problem !== undefined) context.addIssue({ code: "custom", ...problem });
    },
    { when: ({ value }) => isMap(value) },
  );
}
