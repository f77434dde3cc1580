import { isAtLeast, nameRuns, type Timeline } from "../../skywalking/release";

/** A table, laid out as Prettier does it. Cells must not contain line breaks. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => header.map((_, column) => (row[column] ?? "").replaceAll("|", "\\|")));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${widths.map((width, i) => (row[i] ?? "").padEnd(width)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

/** Code, or a dash for nothing. */
export function code(text: string | undefined): string {
  return text === undefined || text === "" ? "-" : `\`${text}\``;
}

/** For a value that no public source settles. */
export const notStated = "not stated";

/** Any value of a timeline, as text. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "-";
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.map(valueText).join(", ");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${valueText(inner)}`)
      .join("; ");
  }
  return code(typeof value === "string" ? value : JSON.stringify(value));
}

/** Groups of neighbours with the same `key`. */
export function runsBy<Item>(items: readonly Item[], key: (item: Item) => string): [Item, ...Item[]][] {
  const runs: [Item, ...Item[]][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last !== undefined && key(last[0]) === key(item)) last.push(item);
    else runs.push([item]);
  }
  return runs;
}

/** The rows of a timeline, each with the releases that it applies to. */
export function rangesOf<Release extends string, Value>(
  timeline: Timeline<Release, Value>,
  releases: readonly Release[],
) {
  return timeline.map((row, index) => {
    const next = timeline[index + 1];
    const held = releases.filter(
      (release) => isAtLeast(release, row.since) && (next === undefined || !isAtLeast(release, next.since)),
    );
    return { ...row, held, range: nameRuns(releases, held) };
  });
}

/** Numbers the sources of a page in the order in which they are cited. */
export class Sources {
  private readonly cited: string[] = [];

  /** @param source - one or more places, separated by commas */
  cite(source: string): string {
    return source
      .split(", ")
      .map((place) => {
        if (!this.cited.includes(place)) this.cited.push(place);
        return `[${String(this.cited.indexOf(place) + 1)}]`;
      })
      .join(" ");
  }

  list(): string {
    return this.cited.map((place, index) => `${String(index + 1)}. [\`${place}\`](${linkTo(place)})`).join("\n");
  }
}

/** `repository@tag:path:line` on GitHub. */
function linkTo(place: string): string {
  const [repository = "", rest = ""] = place.split("@");
  const [tag = "", path = "", line] = rest.split(":");
  return `https://github.com/${repository}/blob/${tag}/${path}${line === undefined ? "" : `#L${line}`}`;
}
