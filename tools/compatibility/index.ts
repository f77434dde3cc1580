/**
 * Writes the generated documents: docs/compatibility.md from the data in skywalking/, and Pulumi.schema.json from the
 * schemas in upgrade/. With `--check`, only says whether they are up to date.
 *
 *   npx tsx tools/compatibility [--check]
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderStackSchema } from "../stack-schema/stack-schema";
import { renderCompatibility } from "./page";

const documents = [
  { file: "docs/compatibility.md", render: renderCompatibility, source: "the data in skywalking/ says" },
  { file: "Pulumi.schema.json", render: renderStackSchema, source: "the schemas in upgrade/ say" },
] as const;

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

async function main(): Promise<void> {
  for (const { file, render, source } of documents) {
    const path = join(__dirname, "..", "..", file);
    const text = await render();
    if (!values.check) {
      writeFileSync(path, text);
    } else if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
      console.error(`${file} is not what ${source}. Run: npm run docs`);
      process.exitCode = 1;
    }
  }
}

void main();
