import { readFileSync } from "node:fs";
import { join } from "node:path";
import { oapReleases } from "../../../skywalking/oap";
import { factBlocks } from "../../../tools/compatibility/facts";
import { formatMarkdown, rangesOf, runsBy, Sources, table, valueText } from "../../../tools/compatibility/markdown";
import { renderCompatibility } from "../../../tools/compatibility/page";
import { datedFacts } from "./dated-facts";

/** The cells of every row of every table. */
function rowsOf(page: string): string[][] {
  return page
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The row that begins with these cells. */
function rowOf(page: string, ...first: string[]): string[] | undefined {
  return rowsOf(page).find((cells) => first.every((cell, index) => cells[index] === cell));
}

describe("the page", () => {
  let page: string;

  beforeAll(async () => {
    page = await renderCompatibility();
  });

  test("is docs/compatibility.md; if not, run: npm run docs", () => {
    const written = readFileSync(join(__dirname, "..", "..", "..", "docs", "compatibility.md"), "utf8");
    expect(written === page).toBe(true);
  });

  test.each([
    [
      ["Agent", "Releases"],
      [
        "OAP 6.0.0-GA - 7.0.0",
        "OAP 8.0.0 - 8.3.0",
        "OAP 8.4.0 - 8.8.1",
        "OAP 8.9.0 - 9.0.0",
        "OAP 9.1.0 - 9.4.0",
        "OAP 9.5.0 - 11.0.0",
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
    expect(rowOf(page, "8.8.0 - 9.4.0", "v3", "yes", "`X`")).toBeDefined();
    expect(rowOf(page, "10.4.0 - 11.0.0", "v3", "yes", "`X`, `X-java11`, `X-java17`, `X-java21`")).toBeDefined();
  });

  test("names every release of the OAP in its table of probes", () => {
    expect(rowOf(page, "8.7.0 - 10.0.1", "TCP 12800")).toBeDefined();
    expect(rowOf(page, "10.3.0 - 10.4.0", "`GET :12800/healthcheck`")).toBeDefined();
    expect(rowOf(page, "11.0.0", "`GET :12800/healthcheck`")).toBeDefined();
  });

  test("cites every source of the data", () => {
    const sources = datedFacts.flatMap(({ rows }) => rows.flatMap(({ source }) => source.split(", ")));
    const listed = [...page.matchAll(/^\d+\. \[`(.+)`\]/gm)].map(([, source]) => source);
    expect(new Set(listed)).toEqual(new Set(sources));
  });

  test("cites no source that it does not list and link to, and lists none twice", () => {
    const [text = "", sources = ""] = page.split("## Sources");
    const cited = [...text.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number));
    const listed = [...sources.matchAll(/^(\d+)\. \[`(.+)`\]/gm)];
    const linked = [...sources.matchAll(/^\[(\d+)\]:\s+https:/gm)];
    expect([...new Set(cited)].sort((a, b) => a - b)).toEqual(listed.map(([, number]) => Number(number)));
    expect(linked.map(([, number]) => number)).toEqual(listed.map(([, number]) => number));
    expect(new Set(listed.map(([, , source]) => source)).size).toBe(listed.length);
  });

  test("has no cell of more than 120 characters", () => {
    expect(
      rowsOf(page)
        .flat()
        .filter((cell) => cell.length > 120),
    ).toEqual([]);
  });

  test("claims no timing", () => {
    expect(page).not.toMatch(/\b(fast|faster|slow|slower|\d+ ?(s|ms|seconds))\b/);
  });
});

test("a table is laid out as Prettier does it, with bars in cells escaped", async () => {
  const text = table(
    ["a", "long head"],
    [
      ["x|y", "1"],
      ["", ""],
    ],
  );
  expect(await formatMarkdown(text)).toBe(
    ["| a    | long head |", "| ---- | --------- |", "| x\\|y | 1         |", "|      |           |", ""].join("\n"),
  );
});

test("prose is wrapped at 100", async () => {
  expect(await formatMarkdown("word ".repeat(25))).toBe(`${"word ".repeat(20).trim()}\n${"word ".repeat(5).trim()}\n`);
});

test("facts with long values have tables of their own, with the releases of each value of a field", () => {
  const [short, long] = ["apache/skywalking@v9.0.0:short", "apache/skywalking@v9.0.0:long"];
  const variable = (env: string) => ({ property: undefined, env });
  const facts = [
    { title: "Short", releases: ["1.0.0"], timeline: [{ since: "1.0.0", value: { port: 1 }, source: short }] },
    {
      title: "Long",
      releases: ["1.0.0", "2.0.0", "3.0.0"],
      timeline: [
        { since: "1.0.0", value: { address: variable("A".repeat(60)), token: undefined }, source: short },
        { since: "2.0.0", value: { address: variable("A".repeat(60)), token: variable("T") }, source: long },
        { since: "3.0.0", value: undefined, source: long },
      ],
    },
    {
      title: "Listed",
      releases: ["1.0.0"],
      timeline: [
        { since: "1.0.0", value: { ttl: [{ name: "A".repeat(60) }, { name: "B" }], names: ["C", "D"] }, source: long },
      ],
    },
  ] as const;
  expect(factBlocks(facts, "OAP", new Sources())).toEqual([
    table(["Fact", "OAP", "Is", "Source"], [["Short", "1.0.0", "port `1`", "[1]"]]),
    "### Long",
    table(
      ["Field", "Property", "Variable", "OAP"],
      [
        ["`address`", "-", `\`${"A".repeat(60)}\``, "1.0.0 - 2.0.0"],
        ["`token`", "-", "-", "1.0.0"],
        ["`token`", "-", "`T`", "2.0.0"],
        ["-", "-", "-", "3.0.0"],
      ],
    ),
    "Sources: 1.0.0 [1]; 2.0.0 [2]; 3.0.0 [2].",
    "### Listed",
    table(
      ["Field", "Is", "OAP"],
      [
        ["`ttl`", `name \`${"A".repeat(60)}\``, "1.0.0"],
        ["`ttl`", "name `B`", "1.0.0"],
        ["`names`", "`C`, `D`", "1.0.0"],
      ],
    ),
    "Sources: 1.0.0 [2].",
  ]);
});

test("runs join neighbours only", () => {
  expect(runsBy(["a1", "a2", "b1", "a3"], ([letter = ""]) => letter)).toEqual([["a1", "a2"], ["b1"], ["a3"]]);
});

test("a range ends where the next row starts", () => {
  const timeline = [
    { since: "6.0.0-GA", value: 1, source: "x" },
    { since: "8.0.0", value: 2, source: "y" },
  ] as const;
  expect(rangesOf(timeline, oapReleases).map(({ range }) => range)).toEqual(["6.0.0-GA - 7.0.0", "8.0.0 - 11.0.0"]);
});

test("a source has one number, and a link", () => {
  const sources = new Sources();
  const [x, y] = ["apache/skywalking@v9.0.0:x.md", "apache/skywalking@v9.0.0:y.md:7"];
  expect([sources.cite(`${x}, ${y}`), sources.cite(y)]).toEqual(["[1], [2]", "[2]"]);
  expect(sources.list()).toBe(
    [
      "1. [`apache/skywalking@v9.0.0:x.md`][1]",
      "2. [`apache/skywalking@v9.0.0:y.md:7`][2]",
      "",
      "[1]: https://github.com/apache/skywalking/blob/v9.0.0/x.md",
      "[2]: https://github.com/apache/skywalking/blob/v9.0.0/y.md#L7",
    ].join("\n"),
  );
});

test.each([
  [undefined, "-"],
  ["", "-"],
  ["sw", "`sw`"],
  [true, "`true`"],
  [[], "-"],
  [{}, "-"],
  [[11, 17], "`11`, `17`"],
  [{ kind: "tcp", port: 12800 }, "kind `tcp`; port `12800`"],
])("the value %j is written %s", (value, expected) => {
  expect(valueText(value)).toBe(expected);
});
