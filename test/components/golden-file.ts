import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { stringify } from "yaml";

import type { Declared } from "./declared";
import { difference, type Parts } from "./golden-difference";

/** A golden file that another is told against. */
export interface Base {
  readonly name: string;
  readonly declared: Declared;
}

/** The outputs and every resource in YAML, in the order in which the engine got them. */
function partsOf({ outputs, resources }: Declared): Parts {
  const all = [["outputs", outputs] as const, ...resources.map((one) => [`${one.type} ${one.name}`, one] as const)];
  const parts = new Map(
    all.map(([title, part]) => [title, stringify({ [title]: part }, { lineWidth: 0, aliasDuplicateObjects: false })]),
  );
  if (parts.size !== all.length) throw new Error("two resources of the same type have the same name");
  return parts;
}

/**
 * Compares with a reviewed file; `npm run golden` writes it anew.
 *
 * @param base - tells only what differs from it, in NAME.diff; without it everything is in NAME.yaml
 */
export function expectGolden(name: string, declared: Declared, base?: Base): void {
  const parts = partsOf(declared);
  const text =
    base === undefined
      ? [...parts.values()].join("\n")
      : `--- ${base.name}\n+++ ${name}\n\n${difference(partsOf(base.declared), parts)}`;
  const path = join(__dirname, "..", "golden", `${name}.${base === undefined ? "yaml" : "diff"}`);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path)).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}
