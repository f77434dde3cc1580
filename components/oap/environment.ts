import type { types } from "@pulumi/kubernetes";

import { milliseconds } from "../../upgrade/duration";
import { heapMebibytes } from "../pod";
import type { EnvValue } from "../storage/binding";
import { agentAccessEnv } from "./agent-access";
import type { OapArgs } from "./args";
import { clusterLabel } from "./membership";
import { authorityFile, trustStore } from "./storage-files";

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
      ...mountedConfigEnv(args),
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
    ...toEnv({ ...mountedConfigEnv(args), ...settings.env, ...init.env }),
  ];
}

/** In MiB: what is asked for, or 60 percent of the memory limit. */
function heapOf({ memory, heap }: { memory: string; heap?: string | undefined }): number {
  return heap === undefined ? heapMebibytes(memory, 0.6) : heapMebibytes(heap, 1);
}

type Mode = "init" | "no-init" | "default";

/**
 * Servers wait for a storage that the init Job has installed. Those of 7.0.0 to 9.2.0 would wait, on Elasticsearch, for indices of the day
 * on which they start, which nobody makes when a pod is restarted on a later day; to run the init Job again does not help from 8.9
 * on, since it makes them only where the template is new. In the default mode a server makes what is missing and never waits
 * (apache/skywalking@v8.9.1:…/core/storage/model/ModelInstaller.java:40, …/elasticsearch/base/StorageEsInstaller.java:75). Two that
 * start at once may make the same index: the slower one ends and is started again.
 */
function serverMode({ profile, storage }: OapArgs): Mode {
  const { kind } = storage.connection;
  // An H2 is in the memory of the server that makes it.
  const installsItself = kind === "h2" || (kind === "elasticsearch" && profile.noInitNeedsTodaysIndex);
  return installsItself ? "default" : "no-init";
}

function javaOptions({ settings }: OapArgs, heap: number, mode: Mode): string {
  return [
    `-Xms${String(heap)}m -Xmx${String(heap)}m`,
    ...(mode === "default" ? [] : [`-Dmode=${mode}`]),
    ...(settings.javaOpts === undefined ? [] : [settings.javaOpts]),
  ].join(" ");
}

/** What init Job and servers share. `SW_NAMESPACE` on only one of the two is a known way to an OAP that never starts (apache/skywalking#6919). */
function storageEnv(args: OapArgs): EnvVar[] {
  return [{ name: "SW_STORAGE", value: args.storageSelector }, ...connectionEnv(args)];
}

function connectionEnv(args: OapArgs): EnvVar[] {
  const { profile, storage, storageNamespace } = args;
  const { connection } = storage;
  switch (connection.kind) {
    case "elasticsearch": {
      const names = profile.env.elasticsearch;
      return [
        { name: names.clusterNodes, value: connection.nodes },
        ...named(names.namespace, withValue(storageNamespace)),
        ...named(names.protocol, { value: connection.protocol }),
        ...named(names.user, connection.credentials?.user),
        ...named(names.password, connection.credentials?.password),
        ...(connection.authority === undefined
          ? []
          : [
              ...named(names.trustStorePath, { value: trustStore.path }),
              ...named(names.trustStorePass, { value: trustStore.password }),
            ]),
      ];
    }
    case "banyandb": {
      const names = profile.env.banyandb;
      if (names?.kind !== "targets") {
        const [host = "", port = ""] = connection.targets.split(":");
        return [...named(names?.host, { value: host }), ...named(names?.port, { value: port })];
      }
      return [
        { name: names.targets, value: connection.targets },
        ...named(names.namespace, withValue(storageNamespace)),
        ...named(names.user, connection.credentials?.user),
        ...named(names.password, connection.credentials?.password),
        ...named(
          names.trustedCaPath,
          connection.authority === undefined ? undefined : { value: authorityFile(connection.authority) },
        ),
      ];
    }
    case "jdbc": {
      const names = profile.env.jdbc;
      return [
        ...named(names?.url, { value: connection.url }),
        ...named(names?.user, connection.credentials?.user),
        ...named(names?.password, connection.credentials?.password),
      ];
    }
    case "h2":
      return [];
  }
}

const withValue = (value: string | undefined): EnvValue | undefined => (value === undefined ? undefined : { value });

/** A variable, if the release has it and there is something to say. */
function named(name: string | undefined, value: EnvValue | undefined): EnvVar[] {
  return name === undefined || value === undefined ? [] : [{ name, ...value }];
}

function dynamicConfigEnv({ profile, settings }: OapArgs): Readonly<Record<string, string>> {
  const names = profile.env.dynamicConfig;
  if (names === undefined || settings.dynamicConfig === undefined) return {};
  return { ...names.selector, [names.period]: String(milliseconds(settings.dynamicConfig.period) / 1000) };
}

/** An image that writes its application.yml must be told to leave a mounted one alone. */
function mountedConfigEnv({ profile, settings }: OapArgs): Readonly<Record<string, string>> {
  return settings.config?.["application.yml"] === undefined ? {} : profile.mountedConfigEnv;
}
