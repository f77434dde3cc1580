import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ToolchainError } from "./failures";
import { preparePulumi } from "./pulumi-home";
import { resolveTool } from "./resolve";
import { programToolNames, type ProgramTool, type ToolName } from "./tools";

export { ToolchainError } from "./failures";
export { pulumiEnv } from "./pulumi-home";
export type { ToolName } from "./tools";

/** Absolute paths of tools by name. */
export type Tools<Name extends ToolName = ToolName> = Readonly<Record<Name, string>>;

/**
 * Returns the paths of the named tools (default: those of the program), after building those that are neither on PATH
 * nor in the cache. Progress goes to stderr, so that stdout remains the caller's. With `pulumi`, name the provider
 * plugins too: they are installed where `pulumiEnv` points.
 *
 * @throws ToolchainError when a tool is missing and cannot be built.
 */
export async function ensureTools<Name extends ToolName = ProgramTool>(
  // Without an argument Name is ProgramTool.
  names: readonly Name[] = programToolNames as readonly ToolName[] as readonly Name[],
): Promise<Tools<Name>> {
  let paths = await locate(names);
  const missing = names.filter((name) => paths[name] === undefined);
  if (missing.length > 0) {
    await build(missing);
    paths = await locate(names);
  }
  const { pulumi, ...plugins } = paths;
  if (pulumi !== undefined) await preparePulumi(pulumi, plugins);
  return paths as Tools<Name>; // `build` throws unless every missing tool was built.
}

async function locate(names: readonly ToolName[]): Promise<Partial<Record<ToolName, string>>> {
  const found = await Promise.all(names.map(async (name) => [name, (await resolveTool(name)).path] as const));
  return Object.fromEntries(found.filter(([, path]) => path !== undefined));
}

/** Builds in a separate process: Jest cannot load the libraries that the build and its display use. */
async function build(names: readonly ToolName[]): Promise<void> {
  const builder = spawn(process.execPath, ["--import", "tsx", join(__dirname, "index.ts"), ...names], {
    cwd: join(__dirname, "..", ".."),
    env: process.env, // Named, because Jest gives its tests a copy that a child would not see.
    stdio: ["ignore", 2, "pipe"],
  });
  const { stderr } = builder;
  const [complaint, [code]] = await Promise.all([
    stderr === null ? "" : text(stderr),
    once(builder, "close") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new ToolchainError(complaint.trim() || `building ${names.join(", ")} was interrupted`);
}
