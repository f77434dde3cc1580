import type { types } from "@pulumi/kubernetes";

import { milliseconds } from "../../upgrade/duration";
import { heapMebibytes } from "../pod";
import { adminEnv } from "./admin";
import { agentAccessEnv } from "./agent-access";
import type { OapArgs } from "./args";
import { bufferDirectory } from "./files";
import { clusterLabel } from "./membership";

type EnvVar = types.input.core.v1.EnvVar;

const toEnv = (variables: Readonly<Record<string, string>>): EnvVar[] =>
  Object.entries(variables).map(([name, value]) => ({ name, value }));

/** The variables of the servers. */
export function serverEnv(args: OapArgs): EnvVar[] {
  const { generation, namespace, profile, settings, monitoring } = args;
  return [
    { name: "JAVA_OPTS", value: javaOptions(args, heapOf(settings), serverMode(args)) },
    { name: "SW_CLUSTER", value: "kubernetes" },
    { name: "SW_CLUSTER_K8S_NAMESPACE", value: namespace },
    { name: "SW_CLUSTER_K8S_LABEL", value: `${clusterLabel}=${generation}` },
    { name: "SKYWALKING_COLLECTOR_UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } },
    ...storageEnv(args),
    ...agentAccessEnv(args),
    ...toEnv({
      ...profile.probeEnv,
      ...(monitoring.serviceMonitor && profile.telemetryDefault === "none" ? { SW_TELEMETRY: "prometheus" } : {}),
      ...dynamicConfigEnv(args),
      ...bufferEnv(args),
      ...mountedConfigEnv(args),
      ...adminEnv(args),
      ...settings.env,
    }),
  ];
}

/** The variables of the init Job, which is no member of a cluster. */
export function initEnv(args: OapArgs): EnvVar[] {
  const { settings, init } = args;
  const heap = init.memory === undefined ? heapOf(settings) : heapOf({ memory: init.memory });
  return [
    { name: "JAVA_OPTS", value: javaOptions(args, heap, "init") },
    ...storageEnv(args),
    ...toEnv({ ...bufferEnv(args), ...mountedConfigEnv(args), ...settings.env, ...init.env }),
  ];
}

/** In MiB: what is asked for, or 60 percent of the memory limit. */
function heapOf({ memory, heap }: { memory: string; heap?: string | undefined }): number {
  return heap === undefined ? heapMebibytes(memory, 0.6) : heapMebibytes(heap, 1);
}

type Mode = "init" | "no-init" | "default";

function serverMode({ storage }: OapArgs): Mode {
  return storage.connection.installedBy === "init Job" ? "no-init" : "default";
}

function javaOptions({ settings }: OapArgs, heap: number, mode: Mode): string {
  return [
    `-Xms${String(heap)}m -Xmx${String(heap)}m`,
    ...(mode === "default" ? [] : [`-Dmode=${mode}`]),
    ...(settings.javaOpts === undefined ? [] : [settings.javaOpts]),
  ].join(" ");
}

/**
 * What init Job and servers share. `SW_NAMESPACE` on only one of the two is a known way to an OAP that never starts
 * (apache/skywalking#6919).
 */
function storageEnv({ storageSelector, storage }: OapArgs): EnvVar[] {
  return [{ name: "SW_STORAGE", value: storageSelector }, ...storage.connection.env];
}

function dynamicConfigEnv({ profile, settings }: OapArgs): Readonly<Record<string, string>> {
  const names = profile.env.dynamicConfig;
  if (names === undefined || settings.dynamicConfig === undefined) return {};
  return { ...names.selector, [names.period]: String(milliseconds(settings.dynamicConfig.period) / 1000) };
}

/** Init Jobs start the receivers too. */
function bufferEnv({ profile }: OapArgs): Readonly<Record<string, string>> {
  const { buffer } = profile.env;
  if (buffer === undefined) return {};
  return { [buffer.traces]: `${bufferDirectory}/traces`, [buffer.mesh]: `${bufferDirectory}/mesh` };
}

/** An image that writes its application.yml must be told to leave a mounted one alone. */
function mountedConfigEnv({ profile, settings }: OapArgs): Readonly<Record<string, string>> {
  return settings.config?.["application.yml"] === undefined ? {} : profile.mountedConfigEnv;
}
