import { agentProfile, agentReleases, type AgentRef } from "../skywalking/agent";
import { compatibility, storageCompatible } from "../skywalking/compatibility";
import { oapProfile, type OapRelease } from "../skywalking/oap";
import { isAtLeast } from "../skywalking/release";
import { inMemoryOfOap, storageNames } from "../skywalking/storage";
import { agentAt, agentSettings, staysAtTo } from "./agent-settings";
import { inNextRelease } from "./backend";
import { crossingCalls, propagation } from "./calls";
import type { Config, Entrance, Generation, NamedGeneration, Service } from "./config";
import type { AgentSettings } from "./inject/settings";
import { nameSome } from "./name-some";
import { plural } from "./plural";
import { retentionOf, type Retention } from "./storage/retention";
import { storagePods, storageRef } from "./storage/storage";
import type { LiveStorage } from "./observed";
import { stageFlags, type StageFlag } from "./stage";
import { planSnapshot, type PlannedSnapshot, type Snapshot } from "./storage/snapshot";
import { resolveWaves, type LabelsOf, type ResolvedConfig } from "./waves";

/** A generation that is declared at this stage. */
export interface PlannedGeneration {
  readonly name: string;
  readonly generation: Generation;
  /** Whether OAP and UI run; otherwise they have 0 replicas. Storage runs in both cases. */
  readonly running: boolean;
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
  /** Whether all OAP servers stop before new ones start: two releases must not meet in one cluster. */
  readonly recreate: boolean;
  readonly storage: PlannedStorage;
}

/** What is decided of a generation's storage. */
export interface PlannedStorage {
  /** What already exists of it. */
  readonly live: LiveStorage | undefined;
  /** Whether its volumes go when it is deleted; the engine deletes it at `retire`. */
  readonly dropVolumes: boolean;
  /** Whether the engine may delete it, in whole or in part, while the generation is protected. */
  readonly mayReplace: boolean;
}

/** The stable address, and where it leads at this stage. */
export interface PlannedEntrance extends Entrance {
  readonly leadsTo: NamedGeneration;
}

/** Where a target service reports at this stage. */
export interface Placement {
  readonly key: string;
  readonly service: Service;
  readonly generation: string;
  /** What the patch writes; undefined where the workload's own manifest says it already (its origin). */
  readonly settings: AgentSettings | undefined;
  /**
   * What the patch would write for `to`: checked at every stage, so that a service that cannot move is known before any
   * moves.
   */
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
  /** Strategy `hot-reboot` only. */
  readonly entrance: PlannedEntrance | undefined;
  /** Which generation each service reports to. */
  readonly reportsTo: Readonly<Record<string, string>>;
  /** Who is in which wave of the config, by service. */
  readonly members: readonly (readonly string[])[];
  /**
   * The services that get a patch, wave by wave; a wave's rollouts are finished before the next begins. Strategies that
   * leave agents alone have none.
   */
  readonly waves: readonly (readonly Placement[])[];
  /** The snapshot of `from` that must exist before anything of it is deleted. */
  readonly snapshot: PlannedSnapshot | undefined;
  /** How long each generation keeps what it collects, and how long the old one is asked for it. */
  readonly retention: Readonly<Record<string, Retention>>;
  readonly next: readonly NextStage[];
  readonly warnings: readonly string[];
}

/** What the plan needs to know that the config does not say. */
export interface Facts {
  /** Generations that are in the cluster, with the replicas that their OAP is to have. */
  readonly present: ReadonlyMap<string, number>;
  /** For waves with a selector. */
  readonly labelsOf: LabelsOf;
  /** The last snapshot of each generation that has been deleted, as recorded. Defaults to none. */
  readonly snapshots?: ReadonlyMap<string, Snapshot>;
  /** What there is of each generation's storage. Defaults to nothing. */
  readonly storage?: ReadonlyMap<string, LiveStorage>;
  /** When the OAP of a generation was created. Defaults to not known. */
  readonly since?: ReadonlyMap<string, Date>;
}

/** The services that report to `to` at this stage. Services in no wave move at `shift`. */
function movedServices(config: ResolvedConfig): ReadonlySet<string> {
  const { stage, services, waves } = config;
  if (stage.row.agents === "to") return new Set(Object.keys(services));
  const moved = waves.slice(0, stage.wave ?? 0).flat();
  return new Set([...moved, ...bornOnTo(config)]);
}

/** Services that never report to `from`, whatever the stage. */
function bornOnTo(config: ResolvedConfig): string[] {
  if (config.strategy !== "canary") return [];
  return Object.entries(config.services)
    .filter(([, service]) => staysAtTo(service, config.from.generation, service.origin === config.to.name))
    .map(([key]) => key);
}

function settingsFor(service: Service, generation: NamedGeneration, config: Config): AgentSettings | undefined {
  return service.origin === generation.name ? undefined : agentSettings(service, generation, config.generations);
}

function planGenerations(config: ResolvedConfig, facts: Facts): PlannedGeneration[] {
  const { row } = config.stage;
  if (config.strategy === "in-place") {
    const { name, generation } = config.from;
    const next = row.agents === "to" && generation.managed ? inNextRelease(generation) : generation;
    const storage = planStorage(name, generation, config, facts);
    return [{ name, generation: next, running: true, protect: row.from.protect, recreate: true, storage }];
  }
  return (["from", "to"] as const).flatMap((role) => {
    const { name, generation } = config[role];
    const { presence, protect } = row[role];
    const needed = role === "to" && bornOnTo(config).length > 0;
    const declared = presence === "idle if present" ? facts.present.has(name) : presence !== "absent";
    if (!needed && !declared) return [];
    const storage = planStorage(name, generation, config, facts);
    return [{ name, generation, running: needed || presence === "up", protect, recreate: false, storage }];
  });
}

function planStorage(
  name: string,
  generation: Generation,
  { stage, from, allowReplace }: ResolvedConfig,
  facts: Facts,
): PlannedStorage {
  return {
    live: facts.storage?.get(name),
    dropVolumes:
      stage.row.mayDropVolumes &&
      name === from.name &&
      generation.managed &&
      storagePods(generation.storage)?.dropVolumes === true,
    mayReplace: allowReplace.includes(name),
  };
}

/** What entering a stage does, in a sentence. */
function describeStage({ row, wave }: StageFlag, { from, to, waves }: ResolvedConfig): string {
  const text = row.does.replaceAll("{from}", from.name).replaceAll("{to}", to.name);
  if (wave === undefined) return text;
  const members = waves.slice(wave - 1, wave).flat();
  return `${text}: wave ${wave} of ${waves.length} is ${nameSome(members)}`;
}

/**
 * The stages that may follow: the next one, and every earlier one. From `retire` there is no way back, since the
 * backend of `from` is gone.
 */
function nextStages(config: ResolvedConfig): NextStage[] {
  const { index, row } = config.stage;
  const flags = stageFlags(config.strategy, config.waves.length);
  const step =
    (direction: "forward" | "back") =>
    (flag: StageFlag): NextStage => ({
      stage: flag.text,
      direction,
      does: describeStage(flag, config),
      command: `pulumi config set stage ${flag.text} && pulumi up`,
    });
  const back = row.noWayBack ? [] : flags.slice(0, index).reverse();
  return [...flags.slice(index + 1, index + 2).map(step("forward")), ...back.map(step("back"))];
}

/** What the move does to a service's name and to its traces, by agent release. */
function moveWarnings(config: Config): string[] {
  const { from, to } = config;
  const { everyoneMoved } = config.stage.row;
  const agentNamespace = to.generation.agentNamespace;
  const renamed: string[] = [];
  const cutOff: string[] = [];
  const split: string[] = [];
  for (const [key, service] of Object.entries(config.services)) {
    // Its agents keep their names and headers; see satelliteWarnings.
    if (service.agent.language === "satellite") continue;
    const origin = service.origin;
    const [before, after] = [from, to].map(({ name, generation }) => agentAt(service, generation, origin === name));
    if (before === undefined || after === undefined || origin === to.name) continue;
    const suffixed = agentProfile(after).namespaceEffect === "service-name-suffix" && agentNamespace !== "";
    if (suffixed) renamed.push(key);
    const sameHeader = propagation(before, from.generation) === propagation(after, to.generation);
    (sameHeader ? split : cutOff).push(key);
  }
  const say = (names: readonly string[], text: string): string[] =>
    names.length === 0 ? [] : [`${nameSome(names)}: ${text}`];
  return [
    ...say(
      renamed,
      `listed on ${to.name} as NAME|${agentNamespace}|; alarm rules and dashboards that use the service's name are affected`,
    ),
    ...say(
      everyoneMoved ? [] : cutOff,
      "the propagation header changes; a call between a moved and an unmoved service loses its trace link",
    ),
    ...say(
      everyoneMoved ? [] : split,
      "a call between a moved and an unmoved service has its parent segment stored in the other backend",
    ),
  ];
}

/** What moves with a Satellite, and what does not. */
function satelliteWarnings({ services, to }: Config): string[] {
  const names = Object.entries(services)
    .filter(([, { agent }]) => agent.language === "satellite")
    .map(([key]) => key);
  return names.length === 0
    ? []
    : [
        `${nameSome(names)}: everything that reports through it moves to ${to.name} at once, and keeps its agent namespace, name and header`,
      ];
}

/** What agents that are not restarted do when their backend changes under them. */
function hotRebootWarnings({ services, to }: Config): string[] {
  const cooling = new Map<number, string[]>();
  const forgetful: string[] = [];
  for (const [key, { agent }] of Object.entries(services)) {
    const { reRegisters } = agentProfile(agent);
    if (reRegisters.kind === "on reset command") {
      cooling.set(reRegisters.coolDownMinutes, [...(cooling.get(reRegisters.coolDownMinutes) ?? []), key]);
    }
    if (reRegisters.kind === "stateless" && reRegisters.resendsInstanceProperties === false) forgetful.push(key);
  }
  return [
    ...[...cooling].map(
      ([minutes, names]) =>
        `${nameSome(names)}: trace nothing for ${String(minutes)} minutes after shift, unless agent.cool_down_threshold was set when their JVM started; the storage of ${to.name} must be empty, also when you shift a second time`,
    ),
    ...(forgetful.length === 0
      ? []
      : [
          `${nameSome(forgetful)}: do not send the properties of their instances again; on ${to.name} they are missing until the next restart`,
        ]),
  ];
}

function inPlaceWarnings({ services, from }: Config): string[] {
  const { name, generation } = from;
  if (!generation.managed || generation.inPlace === undefined) return [];
  const { version } = generation.inPlace;
  const older = Object.entries(services)
    .filter(([, { agent }]) => hasNewer(agent, version))
    .map(([key]) => key);
  const storage = storageCompatible(generation.version, version, storageRef(generation).kind);
  return [
    ...("caution" in storage ? [`${name}: on the storage of ${generation.version}, ${storage.caution}`] : []),
    ...(older.length === 0
      ? []
      : [`${nameSome(older)}: run agents that are older than OAP ${version}; upgrade them as soon as practicable`]),
  ];
}

/** Whether an agent is older than an OAP, and a newer one could report there. */
function hasNewer({ language, release }: AgentRef, version: OapRelease): boolean {
  if (isAtLeast(release, version)) return false;
  return agentReleases(language).some(
    (newer) => !isAtLeast(release, newer) && compatibility({ language, release: newer }, version).verdict === "ok",
  );
}

/** Known problems of a storage that a release works with. */
function storageWarnings(generations: readonly PlannedGeneration[]): string[] {
  return generations.flatMap(({ name, generation }) => {
    if (!generation.managed) return [];
    const ref = storageRef(generation);
    if (inMemoryOfOap.has(ref.kind))
      return [`${name}: its data is in the memory of its OAP, and is lost when the OAP stops`];
    const support = oapProfile(generation.version).supportsStorage(ref);
    return "caution" in support
      ? [`${name}: ${storageNames[ref.kind]} ${String(ref.version)}: ${support.caution}`]
      : [];
  });
}

function drainWarnings({ stage, from }: Config, { present }: Facts): string[] {
  const replicas = present.get(from.name) ?? 0;
  if (stage.row.from.presence !== "absent" || replicas === 0) return [];
  return [
    `${from.name} has not been drained and its OAP still has ${plural(replicas, "replica")}, so the engine refuses to delete it. Do not unprotect anything, go through drain: pulumi config set stage drain && pulumi up`,
  ];
}

function adoptionWarnings({ stage, from }: Config): string[] {
  const { leftToUser } = stage.row;
  return from.generation.managed || leftToUser === undefined ? [] : [`${from.name} is not managed here: ${leftToUser}`];
}

function bornOnToWarnings(config: ResolvedConfig): string[] {
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
      ([name]) => `${name} is neither \`from\` nor \`to\`: it is not declared, and whatever is left of it is deleted`,
    );
}

/** The services of each wave, then those in none. */
function inWaves({ services, waves }: ResolvedConfig): string[][] {
  const named = new Set(waves.flat());
  return [...waves.map((wave) => [...wave]), Object.keys(services).filter((key) => !named.has(key))];
}

function waveWarnings(config: ResolvedConfig): string[] {
  const rest = inWaves(config).slice(-1).flat();
  return rest.length === 0 || config.waves.length === 0 ? [] : [`${nameSome(rest)}: in no wave, so they move at shift`];
}

/** Decides everything that a stage means. Pure: the same config and facts give the same plan. */
export function plan(given: Config, facts: Facts): Plan {
  const config = resolveWaves(given, facts.labelsOf);
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
          originRuns: running.has(service.origin),
        },
      ];
    }),
  );
  const waves = config.strategy === "canary" ? inWaves(config) : [];
  const leadsTo = config.stage.row.agents === "to" ? config.to : config.from;
  return {
    stage: config.stage.text,
    from: config.from.name,
    to: config.to.name,
    generations,
    entrance:
      config.strategy === "hot-reboot" && config.entrance !== undefined ? { ...config.entrance, leadsTo } : undefined,
    reportsTo: Object.fromEntries([...placements.values()].map(({ key, generation }) => [key, generation])),
    members: config.waves,
    waves: waves.map((wave) => wave.flatMap((key) => placements.get(key) ?? [])).filter((wave) => wave.length > 0),
    snapshot: planSnapshot(config, facts),
    retention: retentionOf(config, facts.since?.get(config.to.name)),
    next: nextStages(config),
    warnings: [
      ...strategyWarnings(config, facts, moved),
      ...storageWarnings(generations),
      ...adoptionWarnings(config),
      ...unusedWarnings(config),
    ],
  };
}

function strategyWarnings(config: ResolvedConfig, facts: Facts, moved: ReadonlySet<string>): string[] {
  switch (config.strategy) {
    case "canary":
      return [
        ...moveWarnings(config),
        ...satelliteWarnings(config),
        ...waveWarnings(config),
        ...crossingCalls(config, (key) => (moved.has(key) ? config.to : config.from)),
        ...bornOnToWarnings(config),
        ...drainWarnings(config, facts),
      ];
    case "hot-reboot":
      return [...hotRebootWarnings(config), ...drainWarnings(config, facts)];
    case "in-place":
      return inPlaceWarnings(config);
  }
}
