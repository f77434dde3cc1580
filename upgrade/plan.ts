import { agentProfile, type AgentRef } from "../skywalking/agent";
import { agentAt, staysAtTo } from "./check-config";
import { backendService } from "./backend";
import type { Config, Generation, Service } from "./config";
import { parseStageFlag, stageFlags, stageFlagText, stageTable, type Presence, type StageFlag } from "./stage";

/** A generation that is declared at this stage. */
export interface PlannedGeneration {
  readonly name: string;
  readonly generation: Generation;
  /** Whether OAP and UI run; otherwise they have 0 replicas. Storage runs in both cases. */
  readonly running: boolean;
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
}

/** The jar of an agent, where a service needs another than its own image brings. */
export interface JavaAgentUpgrade {
  readonly release: string;
  readonly image: string;
  /** Agent directory in the image. */
  readonly directory: string;
}

/** What a service's agent is told. Address and namespace are one thing: they move together or not at all. */
export interface AgentSettings {
  /** `collector.backend_service` */
  readonly backendService: string;
  /** `agent.namespace`, "" for none. */
  readonly agentNamespace: string;
  readonly javaAgent: JavaAgentUpgrade | undefined;
}

/** Where a target service reports at this stage. */
export interface Placement {
  readonly key: string;
  readonly service: Service;
  readonly generation: string;
  /** What the patch writes; undefined where the workload's own manifest says it already (its origin). */
  readonly settings: AgentSettings | undefined;
  /** What the patch would write for `to`: checked at every stage, so that a service that cannot move is known before any moves. */
  readonly settingsOfTo: AgentSettings | undefined;
  /** Whether the backend that the workload's own manifest points at runs at this stage. */
  readonly originRuns: boolean;
}

/** A stage that may be entered from here. */
export interface NextStage {
  readonly stage: string;
  readonly direction: "forward" | "back";
  readonly does: string;
  readonly command: string;
}

export interface Plan {
  readonly stage: string;
  readonly from: string;
  readonly to: string;
  readonly generations: readonly PlannedGeneration[];
  /** The services wave by wave; a wave's rollouts are finished before the next begins. */
  readonly waves: readonly (readonly Placement[])[];
  readonly next: readonly NextStage[];
  readonly warnings: readonly string[];
}

/** What the plan needs to know that the config does not say. */
export interface Facts {
  /** Generations that are in the cluster, with the replicas that their OAP is to have. */
  readonly present: ReadonlyMap<string, number>;
}

/** The services that report to `to` at this stage. Services in no wave move at `shift`. */
function movedServices(config: Config): ReadonlySet<string> {
  const { stage, services, waves } = config;
  const { agents } = stageTable[stage.stage];
  if (agents === "to") return new Set(Object.keys(services));
  const moved = agents === "waves" && stage.stage === "canary" ? waves.slice(0, stage.wave).flat() : [];
  return new Set([...moved, ...bornOnTo(config)]);
}

/** Services that never report to `from`, whatever the stage. */
function bornOnTo(config: Config): string[] {
  const from = config.generations[config.from];
  if (from === undefined) return [];
  return Object.entries(config.services)
    .filter(([, service]) => staysAtTo(service, from, (service.origin ?? config.origin) === config.to))
    .map(([key]) => key);
}

function javaAgentUpgrade(agent: AgentRef, service: Service, generation: Generation): JavaAgentUpgrade | undefined {
  const asked = generation.agents.java;
  if (asked === undefined || agent.release === service.agent.release) return undefined;
  const profile = agentProfile(agent);
  const image = asked.image ?? profile.image();
  const directory = asked.directory ?? profile.imageAgentDirectory;
  return image === undefined || directory === undefined ? undefined : { release: agent.release, image, directory };
}

/** What a service is told when it reports to a generation. */
function settingsFor(service: Service, name: string, config: Config): AgentSettings | undefined {
  const generation = config.generations[name];
  if (generation === undefined || (service.origin ?? config.origin) === name) return undefined;
  return {
    backendService: backendService(name, generation),
    agentNamespace: generation.agentNamespace ?? "",
    javaAgent: javaAgentUpgrade(agentAt(service, generation, false), service, generation),
  };
}

function isDeclared(presence: Presence, name: string, facts: Facts): boolean {
  return presence === "idle if present" ? facts.present.has(name) : presence !== "absent";
}

function planGenerations(config: Config, facts: Facts): PlannedGeneration[] {
  const row = stageTable[config.stage.stage];
  return (["from", "to"] as const).flatMap((role) => {
    const name = config[role];
    const generation = config.generations[name];
    const { presence, protect } = row[role];
    const needed = role === "to" && bornOnTo(config).length > 0;
    if (generation === undefined || !(needed || isDeclared(presence, name, facts))) return [];
    return [{ name, generation, running: needed || presence === "up", protect }];
  });
}

const namesShown = 8;

/** Names for a sentence; of many the first ones and how many more. */
export function nameSome(names: readonly string[]): string {
  const more = names.length - namesShown;
  return more > 0 ? `${names.slice(0, namesShown).join(", ")} and ${String(more)} more` : names.join(", ");
}

function describeNext(flag: StageFlag, { from, to, waves }: Config): string {
  const text = stageTable[flag.stage].does.replaceAll("{from}", from).replaceAll("{to}", to);
  if (flag.stage !== "canary") return text;
  const wave = waves[flag.wave - 1] ?? [];
  return `${text}: wave ${String(flag.wave)} of ${String(waves.length)} is ${nameSome(wave)}`;
}

/**
 * The stages that may follow: the next one, and every earlier one. From `retire` there is no way back, since the
 * backend of `from` is gone.
 */
function nextStages(config: Config): NextStage[] {
  const flags = stageFlags(config.strategy, config.waves.length);
  const current = flags.indexOf(stageFlagText(config.stage));
  const back = config.stage.stage === "retire" ? [] : flags.slice(0, current).reverse();
  return [...flags.slice(current + 1, current + 2), ...back].flatMap((stage, index) => {
    const flag = parseStageFlag(stage, config.strategy, config.waves.length);
    if (flag === undefined) return [];
    return [
      {
        stage,
        direction: index === 0 && current + 1 < flags.length ? ("forward" as const) : ("back" as const),
        does: describeNext(flag, config),
        command: `pulumi config set stage ${stage} && pulumi up`,
      },
    ];
  });
}

/** What a new agent namespace does to the services that move, by agent release. */
function namespaceWarnings(config: Config): string[] {
  const generation = config.generations[config.to];
  if (generation === undefined) return [];
  const agentNamespace = generation.agentNamespace ?? "";
  const byEffect = new Map<string, string[]>();
  for (const [key, service] of Object.entries(config.services)) {
    if ((service.origin ?? config.origin) === config.to) continue;
    const { namespaceEffect } = agentProfile(agentAt(service, generation, false));
    byEffect.set(namespaceEffect, [...(byEffect.get(namespaceEffect) ?? []), key]);
  }
  const effects: Record<string, string> = {
    "header-prefix": `send the propagation header with the prefix "${agentNamespace}-": a call between a moved and an unmoved service loses its trace link`,
    "service-name-suffix": `are listed as NAME|${agentNamespace}|: alarm rules and dashboards keyed by the service's name change, and a call between a moved and an unmoved service has its parent stored in the other backend`,
  };
  return [...byEffect].flatMap(([effect, names]) => {
    const text = effects[effect];
    return text === undefined || agentNamespace === ""
      ? []
      : [`${nameSome(names)}: on ${config.to} the agents ${text}`];
  });
}

function drainWarnings({ stage, from }: Config, { present }: Facts): string[] {
  const replicas = present.get(from) ?? 0;
  if (stage.stage !== "retire" || replicas === 0) return [];
  return [
    `${from} has not been drained, its OAP still has ${String(replicas)} replicas: the engine refuses to delete it. Do not unprotect anything: pulumi config set stage drain && pulumi up`,
  ];
}

function adoptionWarnings(config: Config): string[] {
  const { stage } = config.stage;
  if (config.generations[config.from]?.managed !== false) return [];
  if (stage === "drain") return [`${config.from} is not managed here: scale its OAP to 0 yourself`];
  if (stage === "retire") {
    return [
      `${config.from} is not managed here: what is left to remove by hand is its OAP, UI, Services, RBAC and storage, wherever you installed them`,
    ];
  }
  return [];
}

function bornOnToWarnings(config: Config): string[] {
  const names = bornOnTo(config);
  return names.length === 0
    ? []
    : [
        `${nameSome(names)}: made for ${config.to}, with an agent that cannot report to ${config.from}, so they stay on ${config.to} in every stage`,
      ];
}

function unusedWarnings({ generations, from, to }: Config): string[] {
  return Object.entries(generations)
    .filter(([name, generation]) => name !== from && name !== to && generation.managed)
    .map(
      ([name]) =>
        `${name} is neither \`from\` nor \`to\`: nothing of it is declared, and what is left of it is deleted`,
    );
}

function waveWarnings({ services, waves }: Config): string[] {
  const inWaves = new Set(waves.flat());
  const rest = Object.keys(services).filter((key) => !inWaves.has(key));
  return rest.length === 0 || waves.length === 0 ? [] : [`${nameSome(rest)}: in no wave, so they move at shift`];
}

/** Decides everything that a stage means. Pure: the same config and facts give the same plan. */
export function plan(config: Config, facts: Facts): Plan {
  const inWaves = new Set(config.waves.flat());
  const rest = Object.keys(config.services).filter((key) => !inWaves.has(key));
  const moved = movedServices(config);
  const generations = planGenerations(config, facts);
  const running = new Set(generations.filter(({ running }) => running).map(({ name }) => name));
  const place = (key: string): Placement[] => {
    const service = config.services[key];
    if (service === undefined) return [];
    const generation = moved.has(key) ? config.to : config.from;
    return [
      {
        key,
        service,
        generation,
        settings: settingsFor(service, generation, config),
        settingsOfTo: settingsFor(service, config.to, config),
        originRuns: running.has(service.origin ?? config.origin),
      },
    ];
  };
  return {
    stage: stageFlagText(config.stage),
    from: config.from,
    to: config.to,
    generations,
    waves: [...config.waves, rest].filter((wave) => wave.length > 0).map((wave) => wave.flatMap(place)),
    next: nextStages(config),
    warnings: [
      ...namespaceWarnings(config),
      ...waveWarnings(config),
      ...bornOnToWarnings(config),
      ...drainWarnings(config, facts),
      ...adoptionWarnings(config),
      ...unusedWarnings(config),
    ],
  };
}
