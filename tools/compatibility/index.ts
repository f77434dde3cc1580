/**
 * Writes docs/compatibility.md from the data in skywalking/; with `--check`, only says whether it is up to date.
 *
 *   npx tsx tools/compatibility [--check]
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderCompatibility } from "./page";

const page = join(__dirname, "..", "..", "docs", "compatibility.md");
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

if (!values.check) {
  writeFileSync(page, renderCompatibility());
} else if (!existsSync(page) || readFileSync(page, "utf8") !== renderCompatibility()) {
  console.error("docs/compatibility.md is not what the data in skywalking/ says. Run: npx tsx tools/compatibility");
  process.exitCode = 1;
}
