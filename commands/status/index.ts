/** `npm run status`: where the config says that every service reports, where its pods point, and where its instances are. */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { Command, InvalidArgumentError } from "commander";

import type { StackOptions } from "../stack/user-stack";
import { statusPage } from "./page/page";
import { readStatus } from "./read";
import { statusText } from "./text";

interface Options extends StackOptions {
  readonly json: boolean;
  /** Seconds; true where they are not said. */
  readonly watch?: number | true;
  readonly html?: string;
  readonly window?: number;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return value;
}

/** Seconds between two readings with `--watch`. */
const watchSeconds = 5;

/** Reads the status and shows it; whether all agrees is the exit code. */
async function showStatus(options: Options): Promise<void> {
  const { json, html, window } = options;
  const status = await readStatus(options, window);
  if (html !== undefined) writeFileSync(html, statusPage(status));
  // A new screen in a terminal, one status after the other in a file.
  if (options.watch !== undefined && process.stdout.isTTY) process.stdout.write("\u001B[H\u001B[2J");
  console.log(json ? JSON.stringify(status, undefined, 2) : statusText(status));
  process.exitCode = status.agrees ? 0 : 2;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Shows the status again and again until Ctrl-C, with the exit code of the last reading. One that fails is followed by the
 * next, except for the first: what is wrong there is how the command was called, and stays wrong.
 */
async function watch(options: Options, seconds: number): Promise<never> {
  process.exitCode = 1;
  process.once("SIGINT", () => process.exit());
  await showStatus(options);
  for (;;) {
    await sleep(seconds * 1000);
    await showStatus(options).catch((error: unknown) => {
      console.error(`Could not be read at ${new Date().toISOString()}, next in ${seconds} s: ${messageOf(error)}`);
      process.exitCode = 1;
    });
  }
}

const program = new Command("npm run status --")
  .description(
    "Shows where the config says that every service reports, where its pods point and where its instances report. Exits with 0 when all agree, 2 when something does not, 1 when it could not be read. Changes nothing.",
  )
  .option("--json", "as JSON", false)
  .option("--watch [seconds]", `again and again until Ctrl-C, every ${watchSeconds} seconds by default`, wholeNumber)
  .option("--html <file>", "write it as a page too, one file that needs nothing else")
  .option(
    "--window <minutes>",
    "instances that reported within so many minutes are live; `gates.window` by default",
    wholeNumber,
  )
  .option("-s, --stack <name>", "the stack; defaults to the selected one")
  .option("-C, --cwd <folder>", "the project's folder; defaults to the working folder")
  .action(async (options: Options) => {
    if (options.watch === undefined) await showStatus(options);
    else await watch(options, options.watch === true ? watchSeconds : options.watch);
  });

program.parseAsync().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
