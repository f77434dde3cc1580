import { dirname } from "node:path";

import ts from "typescript";
import type { core } from "zod";

type Node = core.JSONSchema.JSONSchema;

/**
 * Gives every key of a JSON Schema the docstring of that key in the zod schemas that it was made from. A key without
 * one, and without a description, gets the docstring of its named schema: `admin: adminInCluster`. Zod does not see
 * comments, but TypeScript does: the keys of a schema's output type are where they were declared.
 *
 * @param config - the JSON Schema of the whole config
 * @param file - the module that exports `schemas` and `entrySchemas`
 */
export function addDocstrings(config: Node, file: string): void {
  const { checker, exported } = read(file);

  const describe = (node: Node, key: ts.Symbol): void => {
    const text = docstring(key, checker) ?? node.description ?? docstringOfSchema(key, checker);
    if (text !== undefined) node.description = text;
  };

  const walk = (node: Node, given: ts.Type): void => {
    const type = checker.getNonNullableType(given);
    for (const [name, child] of Object.entries(node.properties ?? {})) {
      const key = checker.getPropertyOfType(type, name);
      if (key === undefined || typeof child === "boolean") continue;
      describe(child, key);
      walk(child, checker.getTypeOfSymbol(key));
    }
    const inner = [
      [node.items, ts.IndexKind.Number],
      [node.additionalProperties, ts.IndexKind.String],
    ] as const;
    for (const [child, kind] of inner) {
      const entry = checker.getIndexInfoOfType(type, kind)?.type;
      if (typeof child === "object" && !Array.isArray(child) && entry !== undefined) walk(child, entry);
    }
    for (const option of [...(node.oneOf ?? []), ...(node.anyOf ?? [])]) {
      const member = (type.isUnion() ? type.types : [type]).find((each) => describes(each, option, checker));
      if (member !== undefined) walk(option, member);
    }
  };

  for (const key of exported("schemas").getProperties()) {
    const node = config.properties?.[key.name];
    if (typeof node !== "object") continue;
    describe(node, key);
    walk(node, outputOf(key, checker));
  }
  for (const key of exported("entrySchemas").getProperties()) {
    const node = config.properties?.[key.name];
    const entry = checker.getTypeOfSymbol(key).getProperty("entry");
    if (typeof node !== "object" || typeof node.additionalProperties !== "object" || entry === undefined) continue;
    walk(node.additionalProperties, outputOf(entry, checker));
  }
}

function read(file: string) {
  const settings = ts.findConfigFile(dirname(file), ts.sys.fileExists.bind(ts.sys)) ?? "tsconfig.json";
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(settings, ts.sys.readFile.bind(ts.sys)).config,
    ts.sys,
    dirname(settings),
  );
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  const exports = module === undefined ? [] : checker.getExportsOfModule(module);
  const exported = (name: string): ts.Type => {
    const symbol = exports.find((each) => each.name === name);
    if (symbol === undefined) throw new Error(`${file} exports no ${name}`);
    return checker.getTypeOfSymbol(symbol);
  };
  return { checker, exported };
}

/** The output type of a zod schema. */
function outputOf(schema: ts.Symbol, checker: ts.TypeChecker): ts.Type {
  const output = checker.getTypeOfSymbol(schema).getProperty("_output");
  if (output === undefined) throw new Error(`${schema.name} is not a zod schema`);
  return checker.getTypeOfSymbol(output);
}

/** Whether a member of a union belongs to one of the options of a JSON Schema: a map with these keys and literals. */
function describes(type: ts.Type, { properties }: Node, checker: ts.TypeChecker): boolean {
  if (properties === undefined) return false;
  return Object.entries(properties).every(([name, child]) => {
    const key = type.getProperty(name);
    if (key === undefined) return false;
    const literal = typeof child === "object" ? child.const : undefined;
    return literal === undefined || checker.typeToString(checker.getTypeOfSymbol(key)) === JSON.stringify(literal);
  });
}

function docstring(symbol: ts.Symbol, checker: ts.TypeChecker): string | undefined {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s*\n\s*/g, " ");
  return text === "" ? undefined : text;
}

function docstringOfSchema(key: ts.Symbol, checker: ts.TypeChecker): string | undefined {
  const named = key.declarations?.map((declaration) => schemaNamedBy(declaration, checker)).find((each) => each);
  return named === undefined ? undefined : (docstring(named, checker) ?? docstringOfSchema(named, checker));
}

function schemaNamedBy(declaration: ts.Declaration, checker: ts.TypeChecker): ts.Symbol | undefined {
  const named = ts.isShorthandPropertyAssignment(declaration)
    ? checker.getShorthandAssignmentValueSymbol(declaration)
    : ts.isPropertyAssignment(declaration)
      ? checker.getSymbolAtLocation(withoutCalls(declaration.initializer))
      : undefined;
  return named !== undefined && (named.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(named) : named;
}

/** `serviceFields.name` for `serviceFields.name.optional()`. */
function withoutCalls(expression: ts.Expression): ts.Expression {
  return ts.isCallExpression(expression) && ts.isPropertyAccessExpression(expression.expression)
    ? withoutCalls(expression.expression.expression)
    : expression;
}
