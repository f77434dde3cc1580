import type { Options } from "prettier";
import * as markdownPlugin from "prettier/plugins/markdown";
import { format } from "prettier/standalone";
import prettierConfig from "../../.prettierrc.json";
import { isAtLeast, nameRuns, type Timeline } from "../../skywalking/release";

/** Lays a page out as `prettier --write` does. Prettier itself does not load in Jest; its standalone build does. */
export function formatMarkdown(text: string): Promise<string> {
  const options = prettierConfig.overrides.find(({ files }) => files === "*.md")?.options as Options | undefined;
  return format(text, { ...options, parser: "markdown", plugins: [markdownPlugin] });
}

/** A table. Cells may not hold line breaks. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** Code, or a dash for nothing. */
export function code(text: string | undefined): string {
  return text === undefined || text === "" ? "-" : `\`${text}\``;
}

/** What stands for a value that no public source settles. */
export const notStated = "not stated";

/** Any value of a timeline. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "-";
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.map(valueText).join(", ");
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([key, inner]) => `${key} ${valueText(inner)}`);
    return entries.join("; ") || "-";
  }
  return code(typeof value === "string" ? value : JSON.stringify(value));
}

/** Groups of neighbours that are the same by `key`. */
export function runsBy<Item>(items: readonly Item[], key: (item: Item) => string): [Item, ...Item[]][] {
  const runs: [Item, ...Item[]][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last !== undefined && key(last[0]) === key(item)) last.push(item);
    else runs.push([item]);
  }
  return runs;
}

/** The rows of a timeline, each with the releases that it holds for. */
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

  /**
   * The numbers of a source, which link to it.
   *
   * @param source one or more places, comma-separated.
   */
  cite(source: string): string {
    return source
      .split(", ")
      .map((place) => {
        if (!this.cited.includes(place)) this.cited.push(place);
        return `[${String(this.cited.indexOf(place) + 1)}]`;
      })
      .join(", ");
  }

  /** Every place by its number, and where the numbers link to. */
  list(): string {
    const numbered = this.cited.map((place, index) => ({ place, number: String(index + 1) }));
    return [
      ...numbered.map(({ place, number }) => `${number}. [\`${place}\`][${number}]`),
      "",
      ...numbered.map(({ place, number }) => `[${number}]: ${linkTo(place)}`),
    ].join("\n");
  }
}

/** `repository@tag:path:line` on GitHub. */
function linkTo(place: string): string {
  const [repository = "", rest = ""] = place.split("@");
  const [tag = "", path = "", line] = rest.split(":");
  return `https://github.com/${repository}/blob/${tag}/${path}${line === undefined ? "" : `#L${line}`}`;
}
