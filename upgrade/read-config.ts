import * as z from "zod";

import { checkConfig } from "./check-config";
import { entrySchemas, filledIn, noOrigin, schemas, type Config, type Values } from "./config";
import { didYouMean } from "./nearest";
import { ConfigError, secretsIn, type Problem, type Report } from "./problem";
import { isMap } from "./schema/object";
import { theCluster } from "./workload/ref";

type Path = readonly (string | number)[];

const keyOf = (path: Path): string => path.map(String).join(".");

/** What stands at a path, of which an object has nothing by itself. */
function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<string | number, unknown>>)[key]
        : undefined,
    root,
  );
}

const longestListShown = 12;

/** A list of allowed values; of a long one both ends. */
function list(values: readonly string[]): string {
  if (values.length <= longestListShown) return values.join(", ");
  return `${values.slice(0, 5).join(", ")}, ..., ${values.slice(-5).join(", ")}`;
}

/** Messages of the schemas have the form `what is wrong -> what to do`. */
function split(message: string, fix: string): { wrong: string; fix: string } {
  const arrow = message.indexOf(" -> ");
  return arrow < 0 ? { wrong: message, fix } : { wrong: message.slice(0, arrow), fix: message.slice(arrow + 4) };
}

/** A scalar as text, for the search of what is near it. */
const show = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Keys whose values are the user's own, so that any of them can be a secret. */
const ownValues = /(^|\.)(ca|env|imageEnv|config|dynamicConfig|javaOpts|settings|command)(\.|$)/;

/**
 * What a message shows of a value that no schema has read: nothing that could be a secret.
 *
 * @param isForMap - whether a map is wanted there, which may be written as something else
 */
function harmless(key: string, value: unknown, isForMap: boolean): unknown {
  if (ownValues.test(key)) return undefined;
  if (isMap(value)) return Symbol("a map");
  if (isForMap && Array.isArray(value)) return Symbol("a list");
  if (isForMap && typeof value === "string") return Symbol("a text");
  return Array.isArray(value) && value.some((entry) => typeof entry === "object") ? Symbol("a list") : value;
}

const nouns: Record<string, string> = { record: "map", object: "map", array: "list", int: "whole number" };

const isOfMaps = (issue: z.core.$ZodIssue): boolean =>
  issue.code === "invalid_type" && (issue.expected === "record" || issue.expected === "object");

function problemsOf(issue: z.core.$ZodIssue, root: unknown, at: Path): Problem[] {
  const path = [...at, ...(issue.path as Path)];
  const key = keyOf(path);
  const found = valueAt(root, issue.path as Path);
  const isForMap = issue.message.startsWith("is not a map") || isOfMaps(issue);
  const value = harmless(key, found, isForMap);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((unknown) => ({
        key: keyOf([...path, unknown]),
        wrong: `is not a known key; allowed: ${issue.message}`,
        fix: didYouMean(unknown, issue.message.split(", "), "remove it"),
      }));
    case "invalid_type": {
      const noun = nouns[issue.expected] ?? issue.expected;
      return found === undefined
        ? [{ key, wrong: `is missing; a ${noun} is needed`, fix: "set it" }]
        : [
            {
              key,
              value,
              ...split(issue.message.includes(" -> ") ? issue.message : `is not a ${noun}`, `write a ${noun}`),
            },
          ];
    }
    case "invalid_value": {
      const allowed = issue.values.map(String);
      return found === undefined
        ? [{ key, wrong: `is missing; allowed: ${list(allowed)}`, fix: "set it" }]
        : [
            {
              key,
              value,
              wrong: `is not allowed; allowed: ${list(allowed)}`,
              fix: didYouMean(show(found), allowed, "choose one of them"),
            },
          ];
    }
    case "invalid_key":
      return issue.issues.map((inner) => ({ key, ...split(inner.message, "rename it") }));
    case "invalid_union": {
      // Where the value's type says which of them is meant, its problems are the ones to tell.
      const meant = issue.errors.filter((errors) => !errors.some(isOfAnotherType));
      const [errors] = meant;
      if (meant.length !== 1 || errors === undefined || !isMap(found)) break;
      return errors.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, root, at));
    }
    default:
      break;
  }
  return [{ key, value: isMap(found) ? undefined : value, ...split(issue.message, "correct it") }];
}

/** Whether a value is not of the type that a part of a union takes. */
const isOfAnotherType = ({ code, path }: z.core.$ZodIssue): boolean => code === "invalid_type" && path.length === 0;

/** @returns undefined where problems have been reported */
function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  at: Path,
  report: Report,
): { readonly value: z.output<Schema> } | undefined {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  result.error.issues.flatMap((issue) => problemsOf(issue, value, at)).forEach(report);
  return undefined;
}

/** Reports keys `__proto__`, which schemas leave out without a word. */
function reportPrototypes(value: unknown, at: Path, report: Report): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "__proto__") report({ key: keyOf([...at, key]), wrong: "is not a known key", fix: "remove it" });
    else reportPrototypes(inner, [...at, key], report);
  }
}

/** Reads every key by itself; those with problems are reported and left out. */
function parseKeys(raw: Readonly<Record<string, unknown>>, report: Report): Partial<Values> {
  const known = Object.keys(schemas);
  for (const key of Object.keys(raw)) {
    if (known.includes(key)) continue;
    report({
      key,
      wrong: `is not a known key; allowed: ${known.join(", ")}`,
      fix: didYouMean(key, known, "remove it"),
    });
  }
  reportPrototypes(raw, [], report);
  // `gates: off` is short for a map with nothing but that mode, and YAML has other words for it.
  const given =
    typeof raw.gates === "string" || typeof raw.gates === "boolean"
      ? { ...raw, gates: { mode: String(raw.gates) === "false" ? "off" : raw.gates } }
      : raw;
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([key, schema]) => {
      const read = parse(schema, valueAt(given, [key]), [key], report);
      return read === undefined ? [] : [[key, read.value]];
    }),
  );
}

/** Reads every entry of a map by itself; bad entries are reported and left out. */
function parseEntries<Entry extends z.ZodType>(
  schema: { readonly name: z.ZodType<string>; readonly entry: Entry },
  entries: Readonly<Record<string, unknown>>,
  at: string,
  report: Report,
): Record<string, z.output<Entry>> {
  const read: Record<string, z.output<Entry>> = {};
  for (const [name, value] of Object.entries(entries)) {
    const named = parse(schema.name, name, [at, name], report) !== undefined;
    const entry = parse(schema.entry, value, [at, name], report);
    if (named && entry !== undefined) read[name] = entry.value;
  }
  return read;
}

/** Reads the services, with `serviceDefaults` and what each leaves to its own defaults. */
function parseServices({ services = {}, serviceDefaults, origin = noOrigin }: Partial<Values>, report: Report) {
  // Without its defaults every service would lack something: the defaults have been reported, that is enough.
  if (serviceDefaults === undefined) return {};
  const merged = Object.entries(services).map(([key, service]) => [key, mergeDefaults(service, serviceDefaults)]);
  const entries = parseEntries(
    entrySchemas.services,
    Object.fromEntries(merged) as typeof services,
    "services",
    report,
  );
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, filledIn(key, entry, origin)]));
}

function mergeDefaults(service: unknown, defaults: Readonly<Record<string, unknown>>): unknown {
  if (service === null) return defaults;
  return isMap(service) ? { ...defaults, ...service } : service;
}

/** The secrets of generations, where nothing of them is encrypted: of a single one it cannot be known. */
function inClear({ generations }: Values, secretKeys?: ReadonlySet<string>): Config["inClear"] {
  if (secretKeys?.has("generations") !== false) return new Map();
  return new Map(Object.entries(generations).map(([name, value]) => [name, secretsIn(value)]));
}

/**
 * Reads and checks the stack's config.
 *
 * @param raw - the keys of the project's namespace with their parsed values
 * @param secretKeys - those of which a part is encrypted in the stack file. Defaults to all: it is not known.
 * @throws ConfigError with every problem there is
 */
export function readConfig(raw: Readonly<Record<string, unknown>>, secretKeys?: ReadonlySet<string>): Config {
  const problems: Problem[] = [];
  const report: Report = (problem) => problems.push(problem);

  const values = parseKeys(raw, report);
  const generations = parseEntries(entrySchemas.generations, values.generations ?? {}, "generations", report);
  const services = parseServices(values, report);
  const entrance = values.entrance && { ...values.entrance, cluster: theCluster };
  const { stage, from, to } = checkConfig(
    {
      ...values,
      entrance,
      generations,
      generationNames: values.generations && Object.keys(values.generations),
      services,
      serviceNames: Object.keys(values.services ?? {}),
    },
    report,
  );

  if (problems.length > 0 || stage === undefined || from === undefined || to === undefined) {
    throw new ConfigError(problems);
  }
  // Nothing was reported, so every key could be read.
  return {
    ...(values as Values),
    stage,
    from,
    to,
    generations,
    services,
    entrance,
    inClear: inClear(values as Values, secretKeys),
  };
}
