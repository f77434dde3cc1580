import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { agentFacts, agentLanguages, type AgentLanguage } from "../../../skywalking/agent";

const folder = join(__dirname, "..", "..", "..", "skywalking");

/** What a timeline and a list of changes have in common. */
export interface DatedRow {
  readonly since: string;
  readonly source: string;
}

/** A fact that is told by release. */
export interface DatedFact {
  /** Where it stands, below skywalking/. */
  readonly file: string;
  /** What the file exports it as: `coreTtl`, `queryFacts.hasTimeInfo`. */
  readonly name: string;
  /** Whose releases its rows name: the agent's of a language, or the OAP's. */
  readonly agent: AgentLanguage | undefined;
  readonly rows: readonly DatedRow[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const isRows = (value: unknown): value is readonly DatedRow[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((row) => isRecord(row) && typeof row.since === "string" && typeof row.source === "string");

/** Every list of rows in a value, with its path. */
function rowsIn(value: unknown, path: string): { readonly name: string; readonly rows: readonly DatedRow[] }[] {
  if (isRows(value)) return [{ name: path, rows: value }];
  if (!isRecord(value) || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => rowsIn(inner, path === "" ? key : `${path}.${key}`));
}

/** Deepest first: what a file gathers from others is named by where it stands. */
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .sort((a, b) => b.split("/").length - a.split("/").length || a.localeCompare(b));

const seen = new Set<readonly DatedRow[]>();

/** Every fact that a file of skywalking/ exports and tells by release, wherever somebody puts the next one. */
export const datedFacts: readonly DatedFact[] = files.flatMap((file) =>
  rowsIn(jest.requireActual(join(folder, file)), "").flatMap(({ name, rows }) => {
    if (seen.has(rows)) return [];
    seen.add(rows);
    const agent = agentLanguages.find((language) =>
      Object.entries(agentFacts[language]).some(([name, fact]) => name !== "refusedBy" && fact === rows),
    );
    return [{ file, name, agent, rows }];
  }),
);

/** Rows that stand in a file, exported or not. */
export const rowsWritten: readonly { readonly file: string; readonly rows: number }[] = files.map((file) => ({
  file,
  rows: readFileSync(join(folder, file), "utf8").match(/\bsince: "/g)?.length ?? 0,
}));
