/** `npm run tools`: builds what is missing, or lists where each tool comes from. */
import Table from "cli-table3";
import { Argument, Command } from "commander";
import { buildMissing, Interrupted } from "./build-all";
import { ensureTools } from "./ensure";
import { ToolchainError } from "./failures";
import { resolveTool } from "./resolve";
import { type ToolName, toolNames, programToolNames } from "./tools";

async function list(): Promise<void> {
  const table = new Table({ head: ["tool", "version", "from", "path"], style: { head: [], border: [] } });
  for (const name of toolNames) {
    const { version, from, path } = await resolveTool(name);
    table.push([name, version, from, path ?? ""]);
  }
  console.log(table.toString());
}

const program = new Command("npm run tools --")
  .description(
    "Builds every tool that is neither on PATH (new enough) nor in the cache, with Go, into the cache. Tools of `npm run real` are built only when they are named.",
  )
  .addArgument(new Argument("[tool...]", "only these").choices(toolNames))
  .option("--list", "show where each tool comes from, and build nothing")
  .action(async (names: ToolName[], options: { list?: true }) => {
    if (options.list === true) {
      await list();
    } else if (names.length > 0) {
      await buildMissing(names);
    } else {
      await buildMissing(programToolNames);
      await ensureTools();
    }
  });

program.parseAsync().catch((error: unknown) => {
  if (error instanceof Interrupted) {
    process.exitCode = 130;
  } else if (error instanceof ToolchainError) {
    console.error(error.message);
    process.exitCode = 1;
  } else {
    throw error;
  }
});
