import { backendService } from "../../upgrade/backend";
import type { Config, NamedGeneration, Service } from "../../upgrade/config";
import type { ConfigMaps } from "../../upgrade/inject/target";
import { judgeHealthy } from "../../upgrade/gates/healthy";
import type { LivePod } from "../../upgrade/gates/pods";
import type { Plan } from "../../upgrade/plan";
import { plural } from "../../upgrade/plural";
import { workloadRef } from "../../upgrade/patches";
import { workloadKey, workloadText } from "../../upgrade/workload/ref";
import { fieldManager, type Workload } from "../../upgrade/workload/workload";
import type { LiveService } from "../../components/query/oap-client";
import { findAgents, templateOf, type FoundAgent } from "../workloads/agent";
import { settingsInFile } from "../workloads/config-file";
import { generationOf, isEntrance } from "../workloads/generation-of";
import type { ListedWorkload } from "../workloads/list";
import { agentNamespaceAt } from "../../upgrade/reported-name";
import { namesAt } from "../workloads/reported-name";
import { lastWriter, type Writer } from "../../upgrade/workload/last-writer";
import type { GenerationStatus, OapAnswer, PodsStatus, ServiceStatus, Status } from "./status";

/** What was read of one generation. */
export interface GenerationReading {
  readonly nodes: { readonly ready: number; readonly desired: number } | undefined;
  /** Its OAP pods; undefined for an adopted generation. */
  readonly ownPods: readonly LivePod[] | undefined;
  readonly storage: string;
  readonly answer:
    | Exclude<OapAnswer, { kind: "answered" }>
    | {
        readonly kind: "answered";
        readonly version: string;
        readonly health: { readonly score: number; readonly details: string } | undefined;
        /** Hosts of the nodes that it counts as its cluster; undefined if it cannot tell. */
        readonly clusterNodes: readonly string[] | undefined;
        readonly live: readonly LiveService[];
      };
}

/** Everything that a status is derived from. */
export interface Readings {
  readonly stack: string;
  readonly context: string;
  readonly readAt: Date;
  readonly appliedStage: string | undefined;
  readonly windowMinutes: number;
  readonly generations: ReadonlyMap<string, GenerationReading>;
  readonly workloads: readonly ListedWorkload[];
  /** ConfigMaps that services with a `configFile` may mount. */
  readonly configMaps: ConfigMaps;
}

function stateOf(name: string, generation: NamedGeneration["generation"], planned: Plan): GenerationStatus["state"] {
  if (!generation.managed) return "adopted";
  const declared = planned.generations.find((it) => it.name === name);
  if (declared === undefined) return "absent";
  return declared.running ? "running" : "idle";
}

function judgeAnswer({ name, generation }: NamedGeneration, { answer, ownPods }: GenerationReading): string[] {
  if (answer.kind === "not asked") return [];
  if (answer.kind === "failed") return [answer.error];
  const { version, health, clusterNodes } = answer;
  const { version: release, behavesLike } = generation;
  const { passes, evidence } = judgeHealthy(name, {
    release,
    behavesLike,
    version,
    health,
    nodes: clusterNodes,
    ownPods,
  });
  return passes ? [] : [evidence.said];
}

function judgeGeneration(
  role: "from" | "to",
  { name, generation }: NamedGeneration,
  planned: Plan,
  reading: GenerationReading,
): GenerationStatus {
  const state = stateOf(name, generation, planned);
  // In place, the plan knows its next release.
  const declared = planned.generations.find((it) => it.name === name)?.generation ?? generation;
  const { nodes, storage, answer } = reading;
  const wrongNodes =
    nodes === undefined
      ? []
      : state === "running" && (nodes.desired === 0 || nodes.ready < nodes.desired)
        ? [`${nodes.ready} of ${plural(nodes.desired, "OAP pod")} ready, but the config's stage needs it running`]
        : state !== "running" && nodes.desired > 0
          ? [`the cluster wants ${plural(nodes.desired, "OAP pod")}, but the config's stage wants none`]
          : [];
  return {
    name,
    role,
    version: declared.version,
    state,
    backendService: backendService(name, generation),
    agentNamespace: generation.agentNamespace,
    nodes,
    storage,
    answer:
      answer.kind === "answered"
        ? {
            kind: "answered",
            version: answer.version,
            healthy: answer.health === undefined ? undefined : answer.health.score === 0,
            services: answer.live.length,
            instances: answer.live.reduce((sum, { instances }) => sum + instances.length, 0),
          }
        : answer,
    disagreements: [
      ...wrongNodes,
      ...(state === "running" || state === "adopted" ? judgeAnswer({ name, generation: declared }, reading) : []),
    ],
  };
}

function agentOf(template: Parameters<typeof findAgents>[0], container: string | undefined): FoundAgent | undefined {
  return findAgents(template).find((agent) => container === undefined || agent.container === container);
}

/** Where the pods of a service point; pods with the same settings are one entry. */
function pointsOf(
  config: Config,
  planned: Plan,
  service: Service,
  listed: ListedWorkload,
  configMaps: ConfigMaps,
): PodsStatus[] {
  const { namespace } = listed.workload;
  const bySettings = new Map<string, PodsStatus>();
  for (const pod of listed.pods) {
    const agent = agentOf(pod, service.container);
    const file = settingsInFile(service, pod, configMaps);
    const address = agent?.address?.value ?? file?.address;
    const agentNamespace = agent?.agentNamespace?.value ?? file?.agentNamespace;
    const generation =
      address === undefined
        ? // Only the image knows it, so the configured origin is all we have.
          service.origin
        : isEntrance(address, namespace, config.entrance)
          ? planned.entrance?.leadsTo.name
          : generationOf(address, namespace, config.generations);
    const settings = JSON.stringify([address, agentNamespace]);
    const { pods, ready } = bySettings.get(settings) ?? { pods: 0, ready: 0 };
    bySettings.set(settings, {
      generation,
      address,
      agentNamespace,
      pods: pods + 1,
      ready: ready + (pod.ready ? 1 : 0),
    });
  }
  return [...bySettings.values()];
}

function sayWriter(writer: Writer | undefined): string {
  if (writer === undefined) return "";
  const when = writer.time === undefined ? "" : ` at ${writer.time}`;
  const cause = writer.manager === fieldManager ? "" : ": perhaps a deploy by the owner; `pulumi up` moves it again";
  return ` (last written by ${writer.manager}${when}${cause})`;
}

function judgePods(
  config: Config,
  expected: string,
  points: readonly PodsStatus[],
  writer: Writer | undefined,
): string[] {
  const all = points.reduce((sum, { pods }) => sum + pods, 0);
  return points.flatMap(({ generation, address, agentNamespace, pods }) => {
    if (generation !== expected) {
      const where = address === undefined ? "where their image says" : `to ${address}`;
      const whose = generation === undefined ? ", which belongs to no generation" : ` (${generation})`;
      return [
        `${pods} of ${plural(all, "pod")} ${pods === 1 ? "points" : "point"} ${where}${whose}, but the config says ${expected}${sayWriter(writer)}`,
      ];
    }
    const named = generation === config.from.name ? config.from : config.to;
    const wanted = agentNamespaceAt(config, named);
    return address === undefined || agentNamespace === undefined || agentNamespace === wanted
      ? []
      : [
          `${pods} of ${plural(all, "pod")} ${pods === 1 ? "has" : "have"} the address of ${generation} with agent namespace "${agentNamespace}" instead of "${wanted}"${sayWriter(writer)}`,
        ];
  });
}

function judgeReports(
  key: string,
  planned: Plan,
  points: readonly PodsStatus[],
  seen: readonly Seen[],
  windowMinutes: number,
): string[] {
  const expected = planned.reportsTo[key];
  const ready = points.filter(({ generation }) => generation === expected).reduce((sum, it) => sum + it.ready, 0);
  return seen.flatMap(({ name, instances, alike }) => {
    const there = instances.get(key) ?? 0;
    if (name === expected) {
      return !alike.has(key) || there >= ready
        ? []
        : [
            `${plural(ready, "ready pod")} ${ready === 1 ? "points" : "point"} to ${name}, and ${plural(there, "instance")} reported there in the last ${windowMinutes} min`,
          ];
    }
    // A workload that reports under the same name may be expected there.
    const otherIs = alike.get(key)?.some((other) => planned.reportsTo[other] === name);
    return there === 0 || otherIs === true
      ? []
      : [
          `${plural(there, "instance")} of it reported to ${name} in the last ${windowMinutes} min, but the config says ${String(expected)}`,
        ];
  });
}

/** What one OAP has seen of the config's services. */
interface Seen {
  readonly name: string;
  /** Live instances by service. Workloads that report under one name each get all instances of that name. */
  readonly instances: ReadonlyMap<string, number>;
  /** For each service, those that report under the same name, itself included. */
  readonly alike: ReadonlyMap<string, readonly string[]>;
  readonly unlisted: readonly LiveService[];
}

function seenAt(
  config: Config,
  workloads: ReadonlyMap<string, Workload>,
  generation: NamedGeneration,
  live: readonly LiveService[],
): Seen {
  const keys = new Map<string, string[]>();
  for (const [key, name] of namesAt(config, workloads, generation)) keys.set(name, [...(keys.get(name) ?? []), key]);
  const ignored = new Set(config.gates.departed.ignore);
  return {
    name: generation.name,
    instances: new Map(
      live.flatMap(({ name, instances }) =>
        (keys.get(name) ?? []).map((key): [string, number] => [key, instances.length]),
      ),
    ),
    alike: new Map([...keys.values()].flatMap((group) => group.map((key): [string, string[]] => [key, group]))),
    unlisted: live.filter(({ name }) => !keys.has(name) && !ignored.has(name)),
  };
}

/**
 * Compares the config with what the pods are told and what the OAPs see.
 *
 * @param planned - at the config's stage
 */
export function judge(config: Config, planned: Plan, readings: Readings): Status {
  const byKey = new Map(readings.workloads.map((listed) => [workloadKey(listed.workload), listed]));
  const workloads = new Map([...byKey].map(([key, { workload }]): [string, Workload] => [key, workload]));
  const roles: ["from" | "to", NamedGeneration][] =
    config.from.name === config.to.name
      ? [["from", config.from]]
      : [
          ["from", config.from],
          ["to", config.to],
        ];
  const nothing: GenerationReading = {
    nodes: undefined,
    ownPods: undefined,
    storage: "",
    answer: { kind: "not asked", why: "it was not read" },
  };
  const generations = roles.map(([role, named]) =>
    judgeGeneration(role, named, planned, readings.generations.get(named.name) ?? nothing),
  );
  const seen = roles.flatMap(([, named]) => {
    const answer = readings.generations.get(named.name)?.answer;
    return answer?.kind === "answered" ? [seenAt(config, workloads, named, answer.live)] : [];
  });

  const services = Object.values(config.services).map((service): ServiceStatus => {
    const { key } = service;
    const expected = planned.reportsTo[key] ?? config.from.name;
    const ref = workloadRef({ service });
    const shown = workloadText(ref);
    const reports = seen.flatMap(({ name, instances }) => {
      const there = instances.get(key);
      return there === undefined ? [] : [{ generation: name, instances: there }];
    });
    const listed = byKey.get(workloadKey(ref));
    if (listed === undefined) {
      const disagreements = [`there is no ${shown} in the cluster`];
      return { key, workload: shown, expected, pods: [], reports, lastWriter: undefined, disagreements };
    }
    const points = pointsOf(config, planned, service, listed, readings.configMaps);
    const inTemplate = agentOf(templateOf(listed.workload), service.container);
    const writer = lastWriter(listed.workload, inTemplate?.address?.field ?? []);
    const { pendingRollout } = listed.workload;
    return {
      key,
      workload: shown,
      expected,
      pods: points,
      reports,
      lastWriter: writer,
      disagreements: [
        ...judgePods(config, expected, points, writer),
        ...(pendingRollout === undefined ? [] : [`its rollout has not finished: ${pendingRollout}`]),
        ...judgeReports(key, planned, points, seen, readings.windowMinutes),
      ],
    };
  });

  const stage = config.stage.text;
  const disagreements =
    readings.appliedStage === stage
      ? []
      : [
          readings.appliedStage === undefined
            ? `the stack has not been updated yet: \`pulumi up\` enters ${stage}`
            : `the config says stage ${stage}, but the last update entered ${readings.appliedStage}: \`pulumi up\``,
        ];
  const unlisted = seen.flatMap(({ name, unlisted: others }) =>
    others.map((service) => ({ generation: name, name: service.name, instances: service.instances.length })),
  );
  return {
    stack: readings.stack,
    context: readings.context,
    readAt: readings.readAt.toISOString(),
    strategy: config.strategy,
    stage: { config: stage, applied: readings.appliedStage },
    windowMinutes: readings.windowMinutes,
    generations,
    services,
    unlisted,
    disagreements,
    agrees:
      disagreements.length === 0 &&
      unlisted.length === 0 &&
      [...generations, ...services].every((part) => part.disagreements.length === 0),
  };
}
