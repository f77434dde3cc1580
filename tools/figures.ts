import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { CommandError, run } from "../commands/stack/run";

export type Row = readonly (string | number)[];

const checkout = join(__dirname, "..");

export function markdownTable(head: readonly string[], rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(0)} s`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}

/**
 * Writes measured figures into their place in a page, between two comments with their name.
 *
 * @param pageName - of a file in docs
 */
export async function writeFigures(pageName: string, name: string, text: string): Promise<void> {
  const pageFile = join(checkout, "docs", pageName);
  const page = readFileSync(pageFile, "utf8");
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${pageFile} has no place for ${name}: ${begin} and ${end}`);
  writeFileSync(pageFile, `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`);
  const format = await run("node_modules/.bin/prettier", ["--write", pageFile], { cwd: checkout, env: process.env });
  if (format.code !== 0) throw new CommandError("prettier", format);
}
