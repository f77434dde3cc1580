import { existsSync, readFileSync } from "node:fs";

/** The last lines of a log, indented for a message, and the path of the log. */
export function logEnd(file: string, count = 8): string {
  const content = existsSync(file) ? readFileSync(file, "utf8").trimEnd() : "";
  const lines = content === "" ? [] : content.split("\n").slice(-count);
  return [...lines.map((line) => `  | ${line}`), `  log: ${file}`].join("\n");
}
