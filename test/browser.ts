import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium, type Browser } from "playwright-core";

import { describeUnless } from "./describe-unless";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A Chromium of this machine; undefined where there is none. */
export const chromiumPath = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find((path) => existsSync(path));

/** Starts it without a window; as root it has no sandbox of its own. */
export function startChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("there is no Chromium on PATH");
  return chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

/** Describes tests that need a Chromium. */
export function describeInChromium(name: string, tests: () => void): void {
  const missing = "there is no Chromium on PATH; on Debian: apt-get install chromium";
  describeUnless(chromiumPath === undefined ? missing : undefined, name, tests);
}
