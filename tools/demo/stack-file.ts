import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import type { Config } from "../../upgrade/config";
import { readConfig } from "../../upgrade/read-config";

export const checkout = join(__dirname, "..", "..");

const prefix = "skywalking-canary:";

/**
 * What Pulumi.staging.yaml declares, without asking the program or the CLI.
 *
 * @throws ConfigError with everything that is wrong with it
 */
export function readStackFile(): Config {
  const { config } = parse(readFileSync(join(checkout, "Pulumi.staging.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return readConfig(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])));
}
