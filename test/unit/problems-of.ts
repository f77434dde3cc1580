import { ConfigError, describeProblem } from "../../upgrade/problem";
import { readConfig } from "../../upgrade/read-config";
import type { RawConfig } from "../example";

/** Every problem that is told of a config, as a line each. */
export function problemsOf(config: RawConfig): string[] {
  try {
    readConfig(config);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(describeProblem);
    throw error;
  }
}
