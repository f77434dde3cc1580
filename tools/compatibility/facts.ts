import { nameRuns, type Timeline } from "../../skywalking/release";
import { code, rangesOf, table, valueText, type Sources } from "./markdown";

/** A fact that is told by release. */
export interface Fact {
  readonly title: string;
  readonly timeline: Timeline<string, unknown>;
  /** Every release that the timeline is about, oldest first. */
  readonly releases: readonly string[];
}

/** How many characters a value may have in the table that all facts share. */
const maxShared = 60;

/** Facts with short values in one table; every other fact under a heading of its own, with a table of its fields. */
export function factBlocks(facts: readonly Fact[], releasesOf: string, sources: Sources): string[] {
  const isShort = ({ timeline }: Fact) => timeline.every(({ value }) => valueText(value).length <= maxShared);
  const rows = facts
    .filter(isShort)
    .flatMap(({ title, timeline, releases }) =>
      rangesOf(timeline, releases).map(({ range, value, source }) => [
        title,
        range,
        valueText(value),
        sources.cite(source),
      ]),
    );
  return [
    table(["Fact", releasesOf, "Is", "Source"], rows),
    ...facts
      .filter((fact) => !isShort(fact))
      .flatMap((fact) => [`### ${fact.title}`, fieldTable(fact, releasesOf), sourcesByRange(fact, sources)]),
  ];
}

const columnTitles: Readonly<Record<string, string>> = {
  property: "Property",
  env: "Variable",
  name: "Variable",
  unit: "Unit",
  default: "Default",
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields of a value; one that is a list of values with fields counts once for each of them. */
function fieldsOf(value: unknown): { readonly field: string; readonly value: unknown }[] {
  if (!isFields(value)) return [{ field: "", value }];
  return Object.entries(value).flatMap(([field, inner]) =>
    Array.isArray(inner) && inner.length > 0 && inner.every(isFields)
      ? inner.map((item) => ({ field, value: item }))
      : [{ field, value: inner }],
  );
}

/** A row for each value that a field has had, with the releases that have it. */
function fieldTable({ timeline, releases }: Fact, releasesOf: string): string {
  const items = rangesOf(timeline, releases).flatMap(({ held, value }) =>
    fieldsOf(value).map((field) => ({ ...field, held })),
  );
  const known = items.map(({ value }) => value).filter((value) => value !== undefined);
  const columns = known.every(isFields) ? [...new Set(known.flatMap(Object.keys))] : [];
  const cellsOf = (value: unknown) =>
    columns.length === 0
      ? [valueText(value)]
      : columns.map((column) => (isFields(value) ? valueText(value[column]) : "-"));

  const rows = new Map<string, { readonly cells: string[]; readonly held: string[] }>();
  const names = [...new Set(items.map(({ field }) => field))];
  for (const name of names) {
    for (const { field, value, held } of items) {
      if (field !== name) continue;
      const cells = [code(field), ...cellsOf(value)];
      const row = rows.get(cells.join()) ?? { cells, held: [] };
      row.held.push(...held);
      rows.set(cells.join(), row);
    }
  }
  return table(
    ["Field", ...(columns.length === 0 ? ["Is"] : columns.map((column) => columnTitles[column] ?? column)), releasesOf],
    [...rows.values()].map(({ cells, held }) => [...cells, nameRuns(releases, held)]),
  );
}

function sourcesByRange({ timeline, releases }: Fact, sources: Sources): string {
  const ranges = rangesOf(timeline, releases).map(({ range, source }) => `${range} ${sources.cite(source)}`);
  return `Sources: ${ranges.join("; ")}.`;
}
