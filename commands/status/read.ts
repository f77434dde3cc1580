import type { KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { Clusters } from "../../components/cluster/clusters";
import { observe } from "../../components/cluster/observe";
import { ownPodsOf } from "../../components/gates/look";
import { OapClient } from "../../components/query/oap-client";
import type { OapRelease } from "../../skywalking/oap";
import { clustersOf, type Config, type NamedGeneration } from "../../upgrade/config";
import { planFor } from "../../upgrade/decide";
import { milliseconds } from "../../upgrade/duration";
import type { ConfigMaps } from "../../upgrade/inject/target";
import { workloadRef } from "../../upgrade/patches";
import type { Plan } from "../../upgrade/plan";
import { plural } from "../../upgrade/plural";
import { readConfig } from "../../upgrade/read-config";
import { namespaceKey, objectKey, theCluster } from "../../upgrade/workload/ref";
import { readGenerations, type GenerationReading as ClusterReading } from "./generations";
import { readOutputs, readUserStack, type StackOptions } from "../stack/user-stack";
import { listWorkloads } from "../workloads/list";
import { judge, type GenerationReading } from "./judge";
import type { Status } from "./status";

/** What a generation's OAP answers. A failure to answer is part of the status, not an error of ours. */
async function askOap(
  kube: KubeConfig,
  { name, generation }: NamedGeneration,
  release: OapRelease,
  windowMinutes: number,
): Promise<GenerationReading["answer"]> {
  let client: OapClient | undefined;
  try {
    client = await OapClient.open(kube, name, generation, release);
    if (client === undefined) {
      return { kind: "not asked", why: `it is not managed here; set generations.${name}.restUrl to ask it` };
    }
    const [version, health, nodes, live] = await Promise.all([
      client.version(),
      client.health(),
      client.clusterNodes(),
      client.liveServices(windowMinutes),
    ]);
    return { kind: "answered", version, health, clusterNodes: nodes?.map(({ host }) => host), live };
  } catch (error) {
    return { kind: "failed", error: error instanceof Error ? error.message : String(error) };
  } finally {
    await client?.close();
  }
}

/** Components that are no storage. */
const servers = ["oap", "ui"];

function storageText({ generation }: NamedGeneration, reading: ClusterReading | undefined): string {
  if (!generation.managed) return "not managed here";
  const { storage } = generation;
  const what = ["version" in storage ? `${storage.kind} ${storage.version ?? ""}`.trim() : storage.kind];
  const parts = (reading?.components ?? []).filter(({ name }) => !servers.includes(name));
  const count = (key: "ready" | "desired"): number => parts.reduce((sum, part) => sum + part[key], 0);
  if (count("desired") > 0) what.push(`${count("ready")} of ${count("desired")} nodes ready`);
  const volumes = reading?.volumes.length ?? 0;
  if (volumes > 0) what.push(plural(volumes, "volume"));
  return what.join(", ");
}

async function readGeneration(
  clusters: Clusters,
  named: NamedGeneration,
  planned: Plan,
  inCluster: readonly ClusterReading[],
  windowMinutes: number,
): Promise<GenerationReading> {
  const { name, generation } = named;
  const reading = inCluster.find((it) => it.name === name);
  const declared = planned.generations.find((it) => it.name === name);
  const nodes = reading?.components.find((component) => component.name === "oap");
  const asked = generation.managed ? (nodes?.ready ?? 0) > 0 : true;
  return {
    nodes: generation.managed ? { ready: nodes?.ready ?? 0, desired: nodes?.desired ?? 0 } : undefined,
    ownPods: await ownPodsOf(named, clusters),
    storage: storageText(named, reading),
    answer: asked
      ? await askOap(
          clusters.reader(generation.cluster).kube,
          named,
          declared?.generation.behavesLike ?? generation.behavesLike,
          windowMinutes,
        )
      : { kind: "not asked", why: "none of its OAP pods is ready" },
  };
}

/** The ConfigMaps of the namespaces in which a service's agent configuration file may be mounted from one. */
async function readConfigMaps(clusters: Clusters, { services }: Config): Promise<ConfigMaps> {
  const places = new Map(
    Object.values(services).flatMap((service) => {
      const { cluster, namespace } = workloadRef({ service });
      return service.configFile === undefined
        ? []
        : [[namespaceKey({ cluster, namespace }), { cluster, namespace }] as const];
    }),
  );
  const lists = await Promise.all(
    [...places.values()].map(async (place) =>
      (await clusters.reader(place.cluster).configMaps(place.namespace)).map(
        ({ metadata, data }) => [objectKey({ ...place, name: metadata?.name ?? "" }), data ?? {}] as const,
      ),
    ),
  );
  return new Map(lists.flat());
}

const rolesOf = ({ from, to }: Config): NamedGeneration[] => (from.name === to.name ? [from] : [from, to]);

/**
 * Reads a stack's status. Changes nothing.
 *
 * @param window - minutes within which an instance must have reported to be live. Defaults to the config's
 * `gates.window`
 * @throws Error when the stack or the cluster cannot be read, ConfigError when the config is wrong
 */
export async function readStatus(options: StackOptions, window: number | undefined): Promise<Status> {
  const [stack, outputs] = await Promise.all([readUserStack(options), readOutputs(options)]);
  const config = readConfig(stack.raw);
  const windowMinutes = window ?? milliseconds(config.gates.window) / 60_000;
  const clusters = await Clusters.connect(clustersOf(config), stack.cluster);
  const places = new Map(Object.values(config.services).map((service) => [namespaceKey(service), service]));
  const [observed, inCluster, configMaps, ...listed] = await Promise.all([
    observe(clusters, config),
    readGenerations(clusters, config),
    readConfigMaps(clusters, config),
    ...[...places.values()].map(({ cluster, namespace }) => listWorkloads(clusters.reader(cluster), namespace)),
  ]);
  // A status must also show what cannot be carried out, so it takes the plan without the checks.
  const planned = planFor(config, observed);
  const generations = await Promise.all(
    rolesOf(config).map(async (named): Promise<[string, GenerationReading]> => [
      named.name,
      await readGeneration(clusters, named, planned, inCluster, windowMinutes),
    ]),
  );
  return judge(config, planned, {
    stack: stack.name,
    context: clusters.reader(theCluster).context,
    readAt: new Date(),
    appliedStage: typeof outputs.stage === "string" ? outputs.stage : undefined,
    windowMinutes,
    generations: new Map(generations),
    workloads: listed.flat(),
    configMaps,
  });
}
