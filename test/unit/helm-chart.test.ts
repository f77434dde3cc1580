import { readFileSync } from "node:fs";
import { join } from "node:path";

import { everyKeyConfig } from "../example";

const read = (...path: string[]): string => readFileSync(join(__dirname, "..", "..", ...path), "utf8");

/** The cells of the rows of every table with so many columns. */
function rows(page: string, columns: number): string[][] {
  return page
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter((cells) => cells.length === columns && !cells.includes("Here"));
}

const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

const page = read("docs", "helm-chart.md");
const mapping = rows(page, 3).map(([value = "", keys = "", note = ""]) => ({
  value: codes(value)[0] ?? "",
  keys,
  note,
}));
const ourKeys = [...mapping.map(({ keys }) => keys), ...rows(page, 2).map(([keys = ""]) => keys)].flatMap(codes);
const chartValues = read("test", "fixtures", "chart-values.txt")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

/** Whether a row is about a value: by its path, or by the path of what it is part of and `.*`. */
const isAbout = (row: string, value: string): boolean =>
  row.endsWith(".*") ? value.startsWith(row.slice(0, -1)) : row === value;

test.each(chartValues)("the chart's %s has one row", (value) => {
  expect(mapping.filter((row) => isAbout(row.value, value))).toHaveLength(1);
});

test.each(mapping)("$value, which has a row, is a value of the chart", (row) => {
  expect(chartValues.filter((value) => isAbout(row.value, value))).not.toEqual([]);
});

test.each(mapping.filter(({ keys }) => keys === "-"))("$value, which we leave out, says why", ({ note }) => {
  expect(note).not.toBe("");
});

/** The paths of all maps and values of a generation, lists not entered. */
function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, path === "" ? key : `${path}.${key}`)),
  ];
}

const { v6, v9 } = everyKeyConfig().generations as Record<string, object>;
const known = [...pathsOf(v6, ""), ...pathsOf(v9, "")];

test.each([...new Set(ourKeys)])("%s is a key of a stack that sets every key", (key) => {
  expect(known).toContain(key);
});

const sections = ["images", "oap", "init", "ui", "monitoring"] as const;

test.each(
  sections.flatMap((section) =>
    pathsOf((v9 as Record<string, object>)[section], section).filter((path) => path.split(".").length === 2),
  ),
)("%s is on the page", (key) => {
  expect(ourKeys.filter((ours) => ours === key || ours.startsWith(`${key}.`))).not.toEqual([]);
});
