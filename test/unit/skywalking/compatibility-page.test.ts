import { readFileSync } from "node:fs";
import { join } from "node:path";
import { oapReleases } from "../../../skywalking/oap";
import { rangesOf, runsBy, Sources, table, valueText } from "../../../tools/compatibility/markdown";
import { renderCompatibility } from "../../../tools/compatibility/page";

test("docs/compatibility.md is what the data says; if not, run: npx tsx tools/compatibility", () => {
  const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "compatibility.md"), "utf8");
  expect(page === renderCompatibility()).toBe(true);
});

/** The cells of a table's row that begins with these. */
function rowOf(page: string, ...first: string[]): string[] | undefined {
  const rows = page.split("\n").filter((line) => line.startsWith("|"));
  return rows
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .find((cells) => first.every((cell, index) => cells[index] === cell));
}

describe("the page", () => {
  const page = renderCompatibility();

  test.each([
    [
      ["Agent", "Releases"],
      [
        "OAP 6.0.0-GA - 7.0.0",
        "OAP 8.0.0 - 8.3.0",
        "OAP 8.4.0 - 8.8.1",
        "OAP 8.9.0 - 9.0.0",
        "OAP 9.1.0 - 9.4.0",
        "OAP 9.5.0 - 10.4.0",
      ],
    ],
    [
      ["Java", "6.0.0-GA - 7.0.0"],
      ["yes", "other", "other", "other", "other", "other"],
    ],
    [
      ["Java", "8.0.0 - 8.3.0"],
      ["other", "yes", "yes", "yes", "yes", "yes"],
    ],
    [
      ["Java", "8.4.0 - 8.16.0"],
      ["other", "other", "yes", "yes", "yes", "yes"],
    ],
    [
      ["Java", "9.0.0 - 9.7.0"],
      ["other", "other", "other", "other", "other", "yes"],
    ],
    [
      ["Python", "0.1.0 - 0.6.0"],
      ["no", "yes", "yes", "yes", "yes", "yes"],
    ],
    [
      ["Satellite", "0.4.0 - 0.5.0"],
      ["no", "no", "no", "yes", "other", "other"],
    ],
    [
      ["Go", "0.1.0 - 0.6.0"],
      ["no", "no", "no", "no", "no", "yes"],
    ],
  ])("the row %j of the matrix reads %j", (first, expected) => {
    expect(rowOf(page, ...first)?.slice(first.length)).toEqual(expected);
  });

  test("names every release of the OAP in its first table of OAPs", () => {
    expect(rowOf(page, "6.0.0-GA", "v2", "no, only adopted")).toBeDefined();
    expect(rowOf(page, "8.8.0 - 9.2.0", "v3", "yes", "`X`", "TCP 12800")).toBeDefined();
    expect(rowOf(page, "10.4.0", "v3")).toContain("`GET :12800/healthcheck`");
  });

  test("cites no source that it does not list, and lists none twice", () => {
    const cited = page
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .flatMap((line) => [...line.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number)));
    const listed = [...page.matchAll(/^(\d+)\. \[`(.+)`\]/gm)];
    expect([...new Set(cited)].sort((a, b) => a - b)).toEqual(listed.map(([, number]) => Number(number)));
    expect(new Set(listed.map(([, , source]) => source)).size).toBe(listed.length);
  });

  test("claims no timing", () => {
    expect(page).not.toMatch(/\b(fast|faster|slow|slower|\d+ ?(s|ms|seconds))\b/);
  });
});

test("a table is laid out as Prettier does it, with bars in cells escaped", () => {
  expect(
    table(
      ["a", "long head"],
      [
        ["x|y", "1"],
        ["", ""],
      ],
    ),
  ).toBe(["| a    | long head |", "| ---- | --------- |", "| x\\|y | 1         |", "|      |           |"].join("\n"));
});

test("runs join neighbours only", () => {
  expect(runsBy(["a1", "a2", "b1", "a3"], ([letter = ""]) => letter)).toEqual([["a1", "a2"], ["b1"], ["a3"]]);
});

test("a range ends where the next row starts", () => {
  const timeline = [
    { since: "6.0.0-GA", value: 1, source: "x" },
    { since: "8.0.0", value: 2, source: "y" },
  ] as const;
  expect(rangesOf(timeline, oapReleases).map(({ range }) => range)).toEqual(["6.0.0-GA - 7.0.0", "8.0.0 - 10.4.0"]);
});

test("a source has one number, and a link", () => {
  const sources = new Sources();
  const [x, y] = ["apache/skywalking@v9.0.0:x.md", "apache/skywalking@v9.0.0:y.md:7"];
  expect([sources.cite(`${x}, ${y}`), sources.cite(y)]).toEqual(["[1] [2]", "[2]"]);
  expect(sources.list()).toBe(
    [
      "1. [`apache/skywalking@v9.0.0:x.md`](https://github.com/apache/skywalking/blob/v9.0.0/x.md)",
      "2. [`apache/skywalking@v9.0.0:y.md:7`](https://github.com/apache/skywalking/blob/v9.0.0/y.md#L7)",
    ].join("\n"),
  );
});

test.each([
  [undefined, "-"],
  ["", "-"],
  ["sw", "`sw`"],
  [true, "`true`"],
  [[], "-"],
  [[11, 17], "`11`, `17`"],
  [{ kind: "tcp", port: 12800 }, "kind `tcp`; port `12800`"],
])("the value %j is written %s", (value, expected) => {
  expect(valueText(value)).toBe(expected);
});
