import { diffLinesUnified } from "jest-diff";

/** Texts of several lines by their titles, in order. */
export type Parts = ReadonlyMap<string, string>;

const linesOf = (text: string): string[] => text.trimEnd().split("\n");
const indent = (line: string): number => line.search(/[^ ]/);
const plain = (text: string): string => text;

/**
 * What makes one list of parts of another: first which parts came (`+`) and went (`-`), or did both since their place
 * is another; then, in the order of the new list, each new part whole and of each changed part the lines that changed,
 * with the keys above them. Nothing is left out: from the old list and this, the new one can be made.
 */
export function difference(before: Parts, after: Parts): string {
  const bodies = [...after].map(([title, text]) => {
    const old = before.get(title);
    return old === undefined
      ? linesOf(text)
          .map((line) => `+ ${line}`.trimEnd())
          .join("\n")
      : changes(title, linesOf(old), linesOf(text));
  });
  return [changes("resources", [...before.keys()], [...after.keys()]), ...bodies]
    .filter((body) => body !== "")
    .map((body) => `${body}\n`)
    .join("\n");
}

/** The lines that changed, as a unified diff without context; empty if none has. */
function changes(title: string, before: readonly string[], after: readonly string[]): string {
  if (before.join("\n") === after.join("\n")) return "";
  const diff = diffLinesUnified([...before], [...after], {
    contextLines: 0,
    expand: false,
    omitAnnotationLines: true,
    aColor: plain,
    bColor: plain,
    patchColor: plain,
  });
  const withKeys = diff.replaceAll(
    /^(@@ -(\d+),\d+ \+(\d+),(\d+) @@)$/gm,
    (_, mark: string, removedFrom: string, addedFrom: string, added: string) => {
      const keys = added === "0" ? keysAbove(before, Number(removedFrom)) : keysAbove(after, Number(addedFrom));
      return [mark, ...keys].join(" ");
    },
  );
  return `${title}\n${withKeys}`;
}

/** The keys in YAML that a line, counted from 1, is under, without the first line, which is the title. */
function keysAbove(lines: readonly string[], line: number): string[] {
  const keys: string[] = [];
  let inner = indent(lines[line - 1] ?? "");
  for (const outer of lines.slice(1, line - 1).reverse()) {
    if (outer === "" || indent(outer) >= inner) continue;
    inner = indent(outer);
    keys.unshift(outer.trim());
  }
  return keys;
}
