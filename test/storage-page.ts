import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import type { RawConfig } from "./example";

/** An example of docs/storage.md. */
export interface StorageExample {
  /** The title above it, and its number where the title has several: `elasticsearch`, `elasticsearch-2`. */
  readonly name: string;
  /** A stack that uses it at `provision`. */
  readonly config: RawConfig;
}

/** Every example of docs/storage.md, or of another page, in a stack without services. */
export function storageExamples(name = "storage.md"): StorageExample[] {
  const page = readFileSync(join(__dirname, "..", "docs", name), "utf8");
  const counts = new Map<string, number>();
  return [...page.matchAll(/^#{2,3} (.+)$|^```yaml\n([^]*?)^```$/gm)].reduce<{
    title: string;
    found: StorageExample[];
  }>(
    ({ title, found }, [, heading, text]) => {
      if (heading !== undefined) return { title: heading.toLowerCase().replaceAll(" ", "-"), found };
      const count = (counts.get(title) ?? 0) + 1;
      counts.set(title, count);
      const name = count === 1 ? title : `${title}-${String(count)}`;
      return { title, found: [...found, { name, config: stackWith(parse(text ?? "") as Record<string, unknown>) }] };
    },
    { title: "", found: [] },
  ).found;
}

/** An example is one generation, or several by name. */
function stackWith(example: Record<string, unknown>): RawConfig {
  const old = { managed: false, version: "6.6.0", address: "oap.tracing:11800" };
  const generations = "storage" in example ? { old, new: { agentNamespace: "new", ...example } } : example;
  const [from, to] = Object.keys(generations);
  return { stage: "provision", from, to, origin: from, generations };
}
