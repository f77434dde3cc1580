/**
 * `npm run status`: shows where the config says every service reports, where its pods point, and where its instances
 * report.
 */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { Command, InvalidArgumentError } from "commander";

import type { StackOptions } from "../stack/user-stack";
import { statusPage } from "./page/page";
import { readStatus } from "./read";
import { statusText } from "./text";

interface Options extends StackOptions {
  readonly json: boolean;
  /** Seconds; true when the option has no value. */
  readonly watch?: number | true;
  readonly html?: string;
  readonly window?: number;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return value;
}

/** Default number of seconds between two readings with `--watch`. */
const watchSeconds = 5;

/** Reads and prints the status; the exit code says whether all agrees. */
async function showStatus(options: Options): Promise<void> {
  const { json, html, window } = options;
  const status = await readStatus(options, window);
  if (html !== undefined) writeFileSync(html, statusPage(status));
  // Clears the screen of a terminal; in a file, one status follows another.
  if (options.watch !== undefined && process.stdout.isTTY) process.stdout.write("\u001B[H\u001B[2J");
  console.log(json ? JSON.stringify(status, undefined, 2) : statusText(status));
  process.exitCode = status.agrees ? 0 : 2;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Shows the status repeatedly until Ctrl-C, and exits with the code of the last reading. After a failed reading it goes
 * on, unless it is the first: then the command was called wrongly, and would fail again.
 */
async function watch(options: Options, seconds: number): Promise<never> {
  process.exitCode = 1;
  process.once("SIGINT", () => process.exit());
  await showStatus(options);
  for (;;) {
    await sleep(seconds * 1000);
    await showStatus(options).catch((error: unknown) => {
      console.error(
        `Could not read the status at ${new Date().toISOString()}, next try in ${seconds} s: ${messageOf(error)}`,
      );
      process.exitCode = 1;
    });
  }
}

const program = new Command("npm run status --")
  .description(
    "Shows where the config says every service reports, where its pods point and where its instances report. Exits with 0 when all agree, 2 when something disagrees, 1 when the status could not be read. Changes nothing.",
  )
  .option("--json", "print JSON", false)
  .option("--watch [seconds]", `repeat until Ctrl-C, every ${watchSeconds} seconds by default`, wholeNumber)
  .option("--html <file>", "also write it as a page: one self-contained file")
  .option(
    "--window <minutes>",
    "instances that reported within this many minutes are live; defaults to `gates.window`",
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
