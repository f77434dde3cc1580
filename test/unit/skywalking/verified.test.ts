import { agentFacts, agentLanguages, type AgentLanguage } from "../../../skywalking/agent";
import { oapReleases } from "../../../skywalking/oap";
import { verifiedUpTo } from "../../../skywalking/oap/releases";
import { datedFacts, rowsWritten } from "./dated-facts";

/**
 * Where a fact stands, and the newest release for which its sources have been read; undefined where nothing says so.
 */
interface Verification {
  readonly fact: string;
  readonly upTo: string | undefined;
}

/** The table of timelines that a fact is part of: `storageOffers` for `storageOffers.h2`. */
const tableOf = (name: string): string => name.split(".")[0] ?? name;

const ofOap: readonly Verification[] = datedFacts
  .filter(({ agent }) => agent === undefined)
  .map(({ file, name }) => ({
    fact: `skywalking/${file}: ${name}`,
    upTo: verifiedUpTo[file]?.[name] ?? verifiedUpTo[file]?.[tableOf(name)],
  }));

const ofAgent = (language: AgentLanguage): Verification[] =>
  Object.entries(agentFacts[language].verifiedUpTo).map(([name, upTo]) => ({
    fact: `skywalking/agent/${language}.ts: ${language}.${name}`,
    upTo,
  }));

/** What a maintainer is asked who has added a release; undefined: nothing. */
function question(
  release: string | undefined,
  subject: string,
  verifications: readonly Verification[],
  place: string,
): string | undefined {
  const unread = verifications.filter(({ upTo }) => upTo !== release);
  if (unread.length === 0) return undefined;
  return [
    `${subject} ${String(release)} is in the list of releases, and ${String(unread.length)} facts have not been verified for it:`,
    ...unread.map(({ fact, upTo }) => `  - ${fact} (up to ${upTo ?? "no release"})`),
    "Read the sources of its last row at the tag of the new release, add a row where something has changed,",
    `and write "${String(release)}" for it in ${place}.`,
  ].join("\n");
}

function expectNone(asked: string | undefined): void {
  if (asked !== undefined) throw new Error(asked);
}

test("every fact has been verified for the newest OAP release", () => {
  expectNone(question(oapReleases.at(-1), "OAP", ofOap, "skywalking/oap/releases.ts"));
});

test.each(agentLanguages)("every fact about the %s agent has been verified for its newest release", (language) => {
  const newest = agentFacts[language].releases.at(-1);
  expectNone(question(newest, `the ${language} agent`, ofAgent(language), `skywalking/agent/${language}.ts`));
});

test("a new OAP release is asked for everything that is told by OAP release", () => {
  const asked = question("99.0.0", "OAP", ofOap, "skywalking/oap/releases.ts")?.split("\n") ?? [];
  const before = String(oapReleases.at(-1));
  expect(asked[0]).toBe(
    `OAP 99.0.0 is in the list of releases, and ${String(ofOap.length)} facts have not been verified for it:`,
  );
  expect(asked).toContain(`  - skywalking/oap/environment.ts: coreTtl (up to ${before})`);
  expect(asked).toContain(`  - skywalking/oap/query.ts: queryFacts.hasTimeInfo (up to ${before})`);
  expect(asked).toContain(`  - skywalking/compatibility/storage.ts: storageBreaks (up to ${before})`);
  expect(asked).toContain(`  - skywalking/agent/java.ts: java.refusedBy (up to ${before})`);
  expect(asked.filter((line) => line.startsWith("  - "))).toHaveLength(ofOap.length);
});

test("a fact that says nothing of how far it was verified is asked for", () => {
  const asked = question("99.0.0", "OAP", [{ fact: "skywalking/oap/new.ts: fact", upTo: undefined }], "a file");
  expect(asked).toContain("  - skywalking/oap/new.ts: fact (up to no release)");
});

test("a new agent release is asked for everything that is told by release of that agent", () => {
  const asked = question("99.0.0", "the java agent", ofAgent("java"), "skywalking/agent/java.ts");
  const before = String(agentFacts.java.releases.at(-1));
  expect(asked).toContain(
    "the java agent 99.0.0 is in the list of releases, and 7 facts have not been verified for it:",
  );
  expect(asked).toContain(`  - skywalking/agent/java.ts: java.reregistration (up to ${before})`);
  expect(asked).toContain(`  - skywalking/agent/java.ts: java.refusedBy (up to ${before})`);
});

test("nothing is verified that is not there", () => {
  const known = datedFacts.flatMap(({ file, name }) => [name, tableOf(name)].map((fact) => `${file}: ${fact}`));
  const listed = Object.entries(verifiedUpTo).flatMap(([file, names]) =>
    Object.keys(names).map((name) => `${file}: ${name}`),
  );
  expect(listed.filter((fact) => !known.includes(fact))).toEqual([]);
});

test.each(rowsWritten)(
  "skywalking/$file exports all $rows rows that it holds, so that none is overlooked here",
  (written) => {
    const found = datedFacts.filter(({ file }) => file === written.file).flatMap(({ rows }) => rows);
    expect(found).toHaveLength(written.rows);
  },
);
