import { existsSync } from "node:fs";
import { join } from "node:path";

import type { Program } from "../jvm/jars";

const checkout = join(__dirname, "..", "..");

/** The environment variable that names the folder with the releases' configuration files, and its default. */
export const configVariable = "SKYWALKING_CONFIG";

/** Folders with the configuration of the releases that real OAPs and agents are run with. */
export const releaseConfigs: readonly Exclude<Program, `elasticsearch-${string}`>[] = [
  "oap-6.5.0",
  "oap-9.6.0",
  "oap-10.1.0",
  "agent-6.6.0",
  "agent-7.0.0",
  "agent-8.6.0",
  "agent-9.4.0",
];

/**
 * Folder with the configuration files of the releases: `oap-9.6.0` and so on (an image's or a release's
 * `/skywalking/config`), `agent-9.4.0` and so on (`agent.config`). Maven has the jars, but not these.
 */
export function configFolder(): string {
  const named = process.env[configVariable];
  return named === undefined || named === ""
    ? join(checkout, "..", "shared", "real-cluster", "skywalking-config")
    : named;
}

/** The missing configuration files, on one line with what to do; undefined when none is missing. */
export function missingConfigs(): string | undefined {
  const missing = releaseConfigs.filter((release) => !existsSync(join(configFolder(), release)));
  return missing.length === 0
    ? undefined
    : `no ${missing.join(", ")} in ${configFolder()} -> copy /skywalking/config of the image apache/skywalking-oap-server and /skywalking/agent/config of apache/skywalking-java-agent (before 8.5: apache/skywalking-base) of those releases there, or set ${configVariable} to a folder that has them`;
}

/**
 * Modules of the OAP that are off, because that configuration lacks their rule files. Where the files exist, a variable
 * turns a module on again.
 */
const off = [
  "SW_SERVICE_MESH",
  "SW_ENVOY_METRIC",
  "SW_OTEL_RECEIVER",
  "SW_RECEIVER_EBPF",
  "SW_RECEIVER_TELEGRAF",
  "SW_RECEIVER_BROWSER",
  "SW_RECEIVER_CLR",
  "SW_RECEIVER_AWS_FIREHOSE",
  "SW_PROMQL",
  "SW_LOGQL",
];

/** The environment in which an OAP starts with that configuration. */
export const oapEnv: Readonly<Record<string, string>> = {
  SW_CORE_ENABLE_ENDPOINT_NAME_GROUPING_BY_OPENAPI: "false",
  SW_METER_ANALYZER_ACTIVE_FILES: "",
  SW_LOG_LAL_FILES: "default",
  SW_LOG_MAL_FILES: "",
  ...Object.fromEntries(off.map((name) => [name, "-"])),
};
