import type { V1ObjectMeta } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import type { ConfigMaps } from "../upgrade/inject/target";
import type { WorkloadKind } from "../upgrade/workload/kinds";
import { objectKey, theCluster, workloadKey } from "../upgrade/workload/ref";
import type { Workload } from "../upgrade/workload/workload";

const root = join(__dirname, "..");
const prefix = "skywalking-canary:";

export type RawConfig = Record<string, unknown>;

/** What each YAML file says, as JSON: hundreds of tests read the same few. */
const known = new Map<string, string>();

/** The documents of a YAML file, which the caller may change. */
function documentsOf<Document>(path: string): Document[] {
  const json = known.get(path) ?? JSON.stringify(parseAllDocuments(readFileSync(path, "utf8")));
  known.set(path, json);
  return JSON.parse(json) as Document[];
}

/** The config of Pulumi.staging.yaml, as the program reads it. */
export function exampleConfig(): RawConfig {
  return stackConfig(join(root, "Pulumi.staging.yaml"));
}

/** The config of a stack in test/fixtures. */
export function fixtureConfig(name: string): RawConfig {
  return stackConfig(join(__dirname, "fixtures", `${name}.yaml`));
}

function stackConfig(path: string): RawConfig {
  const [file] = documentsOf<{ config: RawConfig }>(path);
  return Object.fromEntries(Object.entries(file?.config ?? {}).map(([key, value]) => [key.replace(prefix, ""), value]));
}

/** The config of test/fixtures/every-key.yaml. */
export function everyKeyConfig(): RawConfig {
  return documentsOf<RawConfig>(join(root, "test", "fixtures", "every-key.yaml"))[0] ?? {};
}

/** A copy with one value at a path (keys joined by dots) set, or removed where the value is undefined. */
export function changed(config: RawConfig, changes: Readonly<Record<string, unknown>>): RawConfig {
  // Not structuredClone: its arrays are not those of Jest's realm, and Pulumi takes them for maps.
  const copy = JSON.parse(JSON.stringify(config)) as RawConfig;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let place: Record<string, unknown> = copy;
    for (const key of keys) {
      place[key] ??= {};
      place = place[key] as Record<string, unknown>;
    }
    if (value === undefined) Reflect.deleteProperty(place, last);
    else place[last] = structuredClone(value);
  }
  return copy;
}

interface Manifest {
  readonly data?: Readonly<Record<string, string>>;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly template: { readonly metadata?: V1ObjectMeta; readonly spec: Workload["podSpec"] } };
}

/** The sample workloads as the API server has them after their owners' first deploy. */
export function exampleWorkloads(): Map<string, Workload> {
  return workloadsOf(join(root, "tools", "demo", "manifests", "shop.yaml"));
}

/** The workloads and ConfigMaps of test/fixtures/agents.yaml. */
export function agentsWorkloads(): { workloads: Map<string, Workload>; configMaps: ConfigMaps } {
  const [services, custom] = ["services", "custom"].map((name) => join(__dirname, "fixtures", `agents-${name}.yaml`));
  const configMaps = documentsOf<Manifest>(services ?? "").flatMap(({ kind, metadata, data }) =>
    kind === "ConfigMap" && data !== undefined
      ? [[objectKey({ cluster: theCluster, ...metadata }), data] as const]
      : [],
  );
  return {
    workloads: new Map([...workloadsOf(services ?? ""), ...workloadsOf(custom ?? "")]),
    configMaps: new Map(configMaps),
  };
}

function workloadsOf(path: string): Map<string, Workload> {
  return new Map(
    documentsOf<Manifest>(path)
      .filter(({ kind }) => kind !== "Namespace" && kind !== "ConfigMap")
      .map(({ kind, metadata, spec }) => [
        workloadKey({ cluster: theCluster, kind: kind as WorkloadKind, ...metadata }),
        {
          cluster: theCluster,
          kind: kind as WorkloadKind,
          namespace: metadata.namespace,
          name: metadata.name,
          generation: 1,
          annotations: {},
          labels: {},
          podAnnotations: spec.template.metadata?.annotations ?? {},
          podLabels: spec.template.metadata?.labels ?? {},
          podSpec: spec.template.spec,
          managedFields: [],
          going: undefined,
          maker: undefined,
          pendingRollout: undefined,
          heldRollout: undefined,
          pods: { desired: 2, ready: 2 },
        },
      ]),
  );
}
