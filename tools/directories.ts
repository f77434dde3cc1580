import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** A base directory of the XDG specification, by which empty and relative values must be ignored. */
function xdg(variable: string, fallback: string): string {
  const value = process.env[variable];
  return value !== undefined && isAbsolute(value) ? value : join(homedir(), fallback);
}

/** Where reproducible data is kept: built tools, Pulumi's plugins. */
export function cacheDirectory(): string {
  return join(xdg("XDG_CACHE_HOME", ".cache"), "skywalking-canary");
}

/** Where running clusters keep their data and their process ids. */
export function stateDirectory(): string {
  return join(xdg("XDG_STATE_HOME", join(".local", "state")), "skywalking-canary");
}
