import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { createRequire } from "node:module";

const Sequencer = createRequire(import.meta.url)("@jest/test-sequencer").default;
const folder = join(import.meta.dirname, "..");

/**
 * Runs the longest test files first, so that no long one is left for the end when the other workers have nothing more to do. Jest knows
 * how long files took only after it has run them on this very machine; a clean clone knows it from durations.json.
 */
export default class LongestFirst extends Sequencer {
  /** Seconds by file, as `npm test -- --record` has written them. */
  #durations = JSON.parse(readFileSync(join(folder, "times", "durations.json"), "utf8"));

  sort(tests) {
    const seconds = ({ path }) => this.#durations[relative(folder, path)] ?? 0;
    return [...tests].sort((one, other) => seconds(other) - seconds(one) || one.path.localeCompare(other.path));
  }
}
