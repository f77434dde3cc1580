import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import * as z from "zod";

import { entrySchemas, schemas } from "../../upgrade/config";
import { stagesOf, strategyNames } from "../../upgrade/stage";
import { addDocstrings } from "./docstrings";
import { shareRepeated } from "./repeated";

type Node = z.core.JSONSchema.JSONSchema;

const root = join(__dirname, "..", "..");
const namespace = "skywalking-canary";

/**
 * The content of `Pulumi.schema.json`: a stack file as users write it, made from the schemas with which the program
 * reads it.
 */
export function renderStackSchema(): string {
  const config = configSchema();
  addDescriptionsOfProject(config);
  addDocstrings(config, join(root, "upgrade", "config.ts"));
  everyNode(config, allowSecret);
  everyNode(config, knowReleases);
  const { properties = {}, definitions } = shareRepeated(config);

  const schema: Node = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `A stack of ${namespace}`,
    $comment: "Made by `npm run docs` from the schemas in upgrade/. Change those, not this file.",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(
          Object.entries(properties).map(([key, property]) => [`${namespace}:${key}`, property]),
        ),
        patternProperties: { [`^(?!${namespace}:)[^:]+:.+$`]: { description: "Config of a provider." } },
        additionalProperties: false,
      },
      encryptionsalt: { type: "string", description: "Written by Pulumi." },
      encryptedkey: { type: "string", description: "Written by Pulumi." },
      secretsprovider: { type: "string", description: "Who encrypts the secrets of the stack." },
      environment: { description: "Environments of Pulumi ESC." },
    },
    additionalProperties: false,
    definitions: { ...definitions, secret },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The keys of the program's namespace, without the namespace. */
function configSchema(): Node {
  const { generations, services } = entrySchemas;
  const config: Node = z.toJSONSchema(
    z.strictObject({
      ...schemas,
      generations: z.record(generations.name, generations.entry),
      services: z.record(services.name, services.entry),
    }),
    {
      target: "draft-07",
      io: "input",
      override: ({ zodSchema, jsonSchema }) => {
        const { def } = zodSchema._zod;
        // A section may be missing or empty: its defaults fill it. Zod does not look behind a preprocess.
        if (def.type === "pipe" && z.safeParse(zodSchema, null).success) jsonSchema.type = ["object", "null"];
        if (def.type === "object") {
          const required = jsonSchema.required?.filter(
            (key) => !z.safeParse(def.shape[key] ?? z.never(), undefined).success,
          );
          if (required === undefined || required.length === 0) delete jsonSchema.required;
          else jsonSchema.required = required;
        }
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        // Zod adds this to a pattern that says the same.
        if (jsonSchema.format === "starts_with") delete jsonSchema.format;
      },
    },
  );
  const at = (...keys: string[]): Node =>
    keys.reduce<Node>((node, key) => (node[key] ?? {}) as Node, config.properties ?? {});

  // The stages of every strategy; `canary` is short for the first wave.
  const stages = [...new Set(strategyNames.flatMap(stagesOf))];
  config.properties = {
    ...config.properties,
    stage: { anyOf: [{ enum: stages }, { type: "string", pattern: "^canary-[1-9][0-9]*$" }], default: "baseline" },
    // A mode alone is short for a map with only `mode`.
    gates: { anyOf: [{ enum: at("gates", "properties", "mode").enum ?? [] }, at("gates")] },
  };
  // What a service requires may be in serviceDefaults instead.
  const service = at("services", "additionalProperties");
  delete service.required;
  service.type = ["object", "null"];
  // A generation without `managed` is managed.
  for (const option of at("generations", "additionalProperties").oneOf ?? []) {
    const managed = option.properties?.managed;
    if (typeof managed === "object" && managed.const === true) {
      option.required = option.required?.filter((key) => key !== "managed") ?? [];
    }
  }
  return config;
}

/** Pulumi.yaml describes the keys that it declares. */
function addDescriptionsOfProject(config: Node): void {
  const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
    readonly config: Readonly<Record<string, { readonly description?: string }>>;
  };
  for (const [key, { description }] of Object.entries(project.config)) {
    const property = config.properties?.[key];
    if (typeof property === "object" && description !== undefined) property.description = description;
  }
}

/** A text, or its secret form as written by `pulumi config set --secret`. */
const secret: Node = {
  type: ["string", "object"],
  properties: { secure: { type: "string", description: "Written by `pulumi config set --secret --path`." } },
  required: ["secure"],
  additionalProperties: false,
};

/** Any text may be secret, except those with a fixed form, such as names and sizes, unless their docstring says so. */
function allowSecret(node: Node): void {
  const isText = node.type === "string" && node.enum === undefined && node.const === undefined;
  if (isText && (node.pattern === undefined || node.description?.includes("--secret") === true)) {
    delete node.type;
    node.allOf = [{ $ref: "#/definitions/secret" }];
  }
}

/** Without `behavesLike` a release must be one that is known. */
function knowReleases(node: Node): void {
  const { behavesLike, ...others } = node.properties ?? {};
  if (typeof behavesLike !== "object" || behavesLike.enum === undefined) return;
  node.if = { required: ["behavesLike"] };
  node.else = { properties: { ["version" in others ? "version" : "release"]: { enum: behavesLike.enum } } };
}

function everyNode(node: Node, visit: (node: Node) => void): void {
  visit(node);
  const children = [
    ...Object.values(node.properties ?? {}),
    ...(Array.isArray(node.items) ? node.items : [node.items]),
    node.additionalProperties,
    ...(node.oneOf ?? []),
    ...(node.anyOf ?? []),
  ];
  for (const child of children) if (typeof child === "object") everyNode(child, visit);
}
