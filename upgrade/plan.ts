import { agentProfile, javaAgentImage, type AgentProfile, type AgentRef } from "../skywalking/agent";
import { agentAt, staysAtTo } from "./check-config";
import { backendService } from "./backend";
import type { Config, Generation, NamedGeneration, Service } from "./config";
import { parseStage, stageFlags, stageFlagText, stageTable, type StageFlag } from "./stage";

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

type NamespaceEffect = AgentProfile["namespaceEffect"];

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
  const moved = stage.stage === "canary" ? waves.slice(0, stage.wave).flat() : [];
  return new Set([...moved, ...bornOnTo(config)]);
}

/** Services that never report to `from`, whatever the stage. */
function bornOnTo(config: Config): string[] {
  return Object.entries(config.services)
    .filter(([, service]) => staysAtTo(service, config.from.generation, originOf(service, config) === config.to.name))
    .map(([key]) => key);
}

function originOf(service: Service, config: Config): string {
  return service.origin ?? config.origin;
}

/** The agent that a generation asks for, where a service's own will not do. */
function javaAgentUpgrade(agent: AgentRef, service: Service, generation: Generation): JavaAgentUpgrade | undefined {
  const asked = generation.agents.java;
  if (asked === undefined || agent.release === service.agent.release) return undefined;
  const official = javaAgentImage(asked.release);
  return {
    release: asked.release,
    image: asked.image ?? official.image,
    directory: asked.directory ?? official.directory,
  };
}

/** What a service is told when it reports to a generation. */
function settingsFor(
  service: Service,
  { name, generation }: NamedGeneration,
  config: Config,
): AgentSettings | undefined {
  if (originOf(service, config) === name) return undefined;
  return {
    backendService: backendService(name, generation),
    agentNamespace: generation.agentNamespace ?? "",
    javaAgent: javaAgentUpgrade(agentAt(service, generation, false), service, generation),
  };
}

function planGenerations(config: Config, facts: Facts): PlannedGeneration[] {
  const row = stageTable[config.stage.stage];
  return (["from", "to"] as const).flatMap((role) => {
    const { name, generation } = config[role];
    const { presence, protect } = row[role];
    const needed = role === "to" && bornOnTo(config).length > 0;
    const declared = presence === "idle if present" ? facts.present.has(name) : presence !== "absent";
    return needed || declared ? [{ name, generation, running: needed || presence === "up", protect }] : [];
  });
}

const namesShown = 8;

/** Names for a sentence; of many the first ones and how many more. */
export function nameSome(names: readonly string[]): string {
  const more = names.length - namesShown;
  return more > 0 ? `${names.slice(0, namesShown).join(", ")} and ${String(more)} more` : names.join(", ");
}

function describeNext(flag: StageFlag, { from, to, waves }: Config): string {
  const text = stageTable[flag.stage].does.replaceAll("{from}", from.name).replaceAll("{to}", to.name);
  if (flag.stage !== "canary") return text;
  const wave = waves.slice(flag.wave - 1, flag.wave).flat();
  return `${text}: wave ${String(flag.wave)} of ${String(waves.length)} is ${nameSome(wave)}`;
}

/**
 * The stages that may follow: the next one, and every earlier one. From `retire` there is no way back, since the
 * backend of `from` is gone.
 */
function nextStages(config: Config): NextStage[] {
  const flags = stageFlags(config.strategy, config.waves.length);
  const current = flags.indexOf(stageFlagText(config.stage));
  const step =
    (direction: "forward" | "back") =>
    (stage: string): NextStage => ({
      stage,
      direction,
      does: describeNext(parseStage(stage), config),
      command: `pulumi config set stage ${stage} && pulumi up`,
    });
  const back = config.stage.stage === "retire" ? [] : flags.slice(0, current).reverse();
  return [...flags.slice(current + 1, current + 2).map(step("forward")), ...back.map(step("back"))];
}

/** What a new agent namespace does to the services that move, by agent release. */
function namespaceWarnings(config: Config): string[] {
  const { name, generation } = config.to;
  const agentNamespace = generation.agentNamespace ?? "";
  if (agentNamespace === "") return [];
  const effects: Partial<Record<NamespaceEffect, string>> = {
    "header-prefix": `send the propagation header with the prefix "${agentNamespace}-": a call between a moved and an unmoved service loses its trace link`,
    "service-name-suffix": `are listed as NAME|${agentNamespace}|: alarm rules and dashboards keyed by the service's name change, and a call between a moved and an unmoved service has its parent stored in the other backend`,
  };
  const moving = Object.entries(config.services).filter(([, service]) => originOf(service, config) !== name);
  return Object.entries(effects).flatMap(([effect, text]) => {
    const affected = moving
      .filter(([, service]) => agentProfile(agentAt(service, generation, false)).namespaceEffect === effect)
      .map(([key]) => key);
    return affected.length === 0 ? [] : [`${nameSome(affected)}: on ${name} the agents ${text}`];
  });
}

function drainWarnings({ stage, from }: Config, { present }: Facts): string[] {
  const replicas = present.get(from.name) ?? 0;
  if (stage.stage !== "retire" || replicas === 0) return [];
  return [
    `${from.name} has not been drained, its OAP still has ${String(replicas)} replicas: the engine refuses to delete it. Do not unprotect anything: pulumi config set stage drain && pulumi up`,
  ];
}

function adoptionWarnings({ stage, from }: Config): string[] {
  if (from.generation.managed) return [];
  const left = {
    drain: `${from.name} is not managed here: scale its OAP to 0 yourself`,
    retire: `${from.name} is not managed here: what is left to remove by hand is its OAP, UI, Services, RBAC and storage, wherever you installed them`,
  };
  return stage.stage === "drain" || stage.stage === "retire" ? [left[stage.stage]] : [];
}

function bornOnToWarnings(config: Config): string[] {
  const names = bornOnTo(config);
  return names.length === 0
    ? []
    : [
        `${nameSome(names)}: made for ${config.to.name}, with an agent that cannot report to ${config.from.name}, so they stay on ${config.to.name} in every stage`,
      ];
}

function unusedWarnings({ generations, from, to }: Config): string[] {
  return Object.entries(generations)
    .filter(([name, generation]) => name !== from.name && name !== to.name && generation.managed)
    .map(
      ([name]) =>
        `${name} is neither \`from\` nor \`to\`: nothing of it is declared, and what is left of it is deleted`,
    );
}

/** The services of each wave, then those in none. */
function inWaves({ services, waves }: Config): string[][] {
  const named = new Set(waves.flat());
  return [...waves.map((wave) => [...wave]), Object.keys(services).filter((key) => !named.has(key))];
}

function waveWarnings(config: Config): string[] {
  const rest = inWaves(config).slice(-1).flat();
  return rest.length === 0 || config.waves.length === 0 ? [] : [`${nameSome(rest)}: in no wave, so they move at shift`];
}

/** Decides everything that a stage means. Pure: the same config and facts give the same plan. */
export function plan(config: Config, facts: Facts): Plan {
  const moved = movedServices(config);
  const generations = planGenerations(config, facts);
  const running = new Set(generations.filter(({ running }) => running).map(({ name }) => name));
  const placements = new Map(
    Object.entries(config.services).map(([key, service]): [string, Placement] => {
      const target = moved.has(key) ? config.to : config.from;
      return [
        key,
        {
          key,
          service,
          generation: target.name,
          settings: settingsFor(service, target, config),
          settingsOfTo: settingsFor(service, config.to, config),
          originRuns: running.has(originOf(service, config)),
        },
      ];
    }),
  );
  const waves = inWaves(config).map((wave) => wave.flatMap((key) => placements.get(key) ?? []));
  return {
    stage: stageFlagText(config.stage),
    from: config.from.name,
    to: config.to.name,
    generations,
    waves: waves.filter((wave) => wave.length > 0),
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
