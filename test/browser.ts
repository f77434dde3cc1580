import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium, type Browser } from "playwright-core";

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

/**
 * Describes tests that need a Chromium. Where there is none they are skipped, counted, and say why in their name.
 */
export function describeInChromium(name: string, tests: () => void): void {
  if (chromiumPath === undefined) {
    describe.skip(`${name} (skipped: there is no Chromium on PATH; on Debian: apt-get install chromium)`, tests);
  } else {
    describe(name, tests);
  }
}
