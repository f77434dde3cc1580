import * as z from "zod";

import { checkConfig } from "./check-config";
import { entrySchemas, schemas, type Config } from "./config";
import { didYouMean } from "./nearest";
import { ConfigError, type Problem, type Report } from "./problem";

type Path = readonly (string | number)[];

const keyOf = (path: Path): string => path.map(String).join(".");

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Readonly<Record<string | number, unknown>> | undefined)?.[key],
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

const nouns: Record<string, string> = { record: "map", object: "map", array: "list", int: "whole number" };

function problemsOf(issue: z.core.$ZodIssue, root: unknown, at: Path): Problem[] {
  const path = [...at, ...(issue.path as Path)];
  const key = keyOf(path);
  const found = valueAt(root, issue.path as Path);
  // A password typed in the wrong form is still a password.
  const value = /password|token/i.test(key) ? undefined : found;
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
    default:
      return [{ key, value, ...split(issue.message, "correct it") }];
  }
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  at: Path,
  report: Report,
): z.output<Schema> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  result.error.issues.flatMap((issue) => problemsOf(issue, value, at)).forEach(report);
  return undefined;
}

/** Reads every entry of a map by itself; bad entries are reported and left out. */
function parseEntries<Entry extends z.ZodType>(
  schema: { readonly name: z.ZodType<string>; readonly entry: Entry },
  entries: Readonly<Record<string, unknown>> | undefined,
  at: string,
  report: Report,
): Record<string, z.output<Entry>> {
  const read: Record<string, z.output<Entry>> = {};
  for (const [name, value] of Object.entries(entries ?? {})) {
    const named = parse(schema.name, name, [at, name], report) !== undefined;
    const entry = parse(schema.entry, value, [at, name], report);
    if (named && entry !== undefined) read[name] = entry;
  }
  return read;
}

function mergeDefaults(service: unknown, defaults: Readonly<Record<string, unknown>>): unknown {
  if (service === null) return defaults;
  return typeof service === "object" && !Array.isArray(service) ? { ...defaults, ...service } : service;
}

/**
 * Reads and checks the stack's config.
 *
 * @param raw - the keys of the project's namespace with their parsed values
 * @throws ConfigError with every problem there is
 */
export function readConfig(raw: Readonly<Record<string, unknown>>): Config {
  const problems: Problem[] = [];
  const report: Report = (problem) => problems.push(problem);

  const known = Object.keys(schemas);
  for (const key of Object.keys(raw)) {
    if (known.includes(key)) continue;
    report({
      key,
      wrong: `is not a known key; allowed: ${known.join(", ")}`,
      fix: didYouMean(key, known, "remove it"),
    });
  }
  const stage = parse(schemas.stage, raw.stage, ["stage"], report);
  const strategy = parse(schemas.strategy, raw.strategy, ["strategy"], report);
  const from = parse(schemas.from, raw.from, ["from"], report);
  const to = parse(schemas.to, raw.to, ["to"], report);
  const origin = parse(schemas.origin, raw.origin, ["origin"], report);
  const generationEntries = parse(schemas.generations, raw.generations, ["generations"], report);
  const defaults = parse(schemas.serviceDefaults, raw.serviceDefaults, ["serviceDefaults"], report);
  const serviceEntries = parse(schemas.services, raw.services, ["services"], report);
  const waves = parse(schemas.waves, raw.waves, ["waves"], report);
  const calls = parse(schemas.calls, raw.calls, ["calls"], report);
  const entrance = parse(schemas.entrance, raw.entrance, ["entrance"], report);
  const allowReplace = parse(schemas.allowReplace, raw.allowReplace, ["allowReplace"], report);
  const timeouts = parse(schemas.timeouts, raw.timeouts, ["timeouts"], report);
  // `gates: off` is short for a map with nothing but that mode.
  const givenGates = typeof raw.gates === "string" ? { mode: raw.gates } : raw.gates;
  const gates = parse(schemas.gates, givenGates, ["gates"], report);

  const generations = parseEntries(entrySchemas.generations, generationEntries, "generations", report);
  // Without its defaults every service would lack something: the defaults have been reported, that is enough.
  const merged =
    defaults === undefined
      ? {}
      : Object.fromEntries(
          Object.entries(serviceEntries ?? {}).map(([name, service]) => [name, mergeDefaults(service, defaults)]),
        );
  const services = parseEntries(entrySchemas.services, merged, "services", report);

  const flag = checkConfig(
    {
      stage,
      strategy,
      from,
      to,
      origin,
      generations,
      generationNames: generationEntries === undefined ? undefined : Object.keys(generationEntries),
      services,
      serviceNames: Object.keys(serviceEntries ?? {}),
      waves,
      calls: calls ?? [],
      entrance,
      allowReplace: allowReplace ?? [],
      gates,
    },
    report,
  );
  const roles = [from, to].flatMap((name) => {
    const generation = generations[name ?? ""];
    return name === undefined || generation === undefined ? [] : [{ name, generation }];
  });
  const [leaves, enters] = roles;
  if (
    problems.length > 0 ||
    flag === undefined ||
    leaves === undefined ||
    enters === undefined ||
    strategy === undefined ||
    origin === undefined ||
    waves === undefined ||
    calls === undefined ||
    allowReplace === undefined ||
    timeouts === undefined ||
    gates === undefined
  ) {
    throw new ConfigError(problems);
  }
  return {
    strategy,
    stage: flag,
    from: leaves,
    to: enters,
    origin,
    generations,
    services,
    waves,
    calls,
    entrance,
    allowReplace,
    timeouts,
    gates,
  };
}
