import fc from "fast-check";
import { agentReleases } from "../../../skywalking/agent";
import { oapReleases } from "../../../skywalking/oap";
import { compareReleases, isAtLeast, nameRuns, rowAt, valueAt, versionOf } from "../../../skywalking/release";

test("6.0.0-GA is the release 6.0.0, not something before it", () => {
  expect(versionOf("6.0.0-GA").version).toBe("6.0.0");
});

test("what is not a release is refused", () => {
  expect(() => versionOf("latest")).toThrow(new RangeError('not a release: "latest"'));
});

test.each([
  ["6.0.0-GA", "6.1.0", -1],
  ["8.9.1", "8.10.0", -1],
  ["9.7.0", "9.7.0", 0],
  ["10.0.0", "9.7.0", 1],
])("%s compared with %s is %d", (a, b, expected) => {
  expect(compareReleases(a, b)).toBe(expected);
});

test.each([
  ["8.5.0", "8.5.0", true],
  ["8.4.0", "8.5.0", false],
  ["6.0.0-GA", "6.0.0", true],
])("%s is at least %s: %s", (release, bound, expected) => {
  expect(isAtLeast(release, bound)).toBe(expected);
});

const timeline = [
  { since: "6.0.0-GA", value: "old", source: "here" },
  { since: "8.0.0", value: "new", source: "there" },
] as const;

test.each([
  ["6.0.0-GA", "old"],
  ["7.0.0", "old"],
  ["8.0.0", "new"],
  ["10.4.0", "new"],
])("a timeline read at %s says %s", (release, expected) => {
  expect(valueAt(timeline, release)).toBe(expected);
});

test("a row carries the source of what it says", () => {
  expect(rowAt(timeline, "9.0.0")).toEqual({ since: "8.0.0", value: "new", source: "there" });
});

test.each([
  [["1", "2", "3", "4"], "1 - 4"],
  [["2"], "2"],
  [["1", "2", "4"], "1 - 2, 4"],
  [[], ""],
])("of 1, 2, 3, 4 the selection %j is named %j", (selected, expected) => {
  expect(nameRuns(["1", "2", "3", "4"], selected)).toBe(expected);
});

test("releases are listed oldest first and once, of the OAP and of every agent", () => {
  for (const releases of [oapReleases, agentReleases("java"), agentReleases("python"), agentReleases("nodejs")]) {
    expect([...new Set(releases)].sort(compareReleases)).toEqual([...releases]);
  }
});

test("compareReleases orders like a comparison must", () => {
  const release = fc.constantFrom(...oapReleases);
  fc.assert(
    fc.property(release, release, release, (a, b, c) => {
      expect(Math.sign(compareReleases(a, b))).toBe(-Math.sign(compareReleases(b, a)) + 0);
      if (isAtLeast(a, b) && isAtLeast(b, c)) expect(isAtLeast(a, c)).toBe(true);
    }),
  );
});
