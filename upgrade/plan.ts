import { agentSettings } from "./agent-at";
import { inNextRelease } from "./backend";
import type { Config, Entrance, Generation, NamedGeneration, Service } from "./config";
import type { AgentSettings } from "./inject/agent-settings";
import { bornOnTo, inNoWave, movedServices } from "./moves";
import { nameSome } from "./name-some";
import { noAutoscalers, type Autoscalers, type LiveStorage } from "./observed";
import { moveOf, stageFlags, type StageFlag } from "./stage";
import { plannedIndexShards } from "./storage/index-shards";
import { retentionOf, type Retention } from "./storage/retention";
import { planSnapshot, type PlannedSnapshot, type Snapshot } from "./storage/snapshot";
import { storagePods } from "./storage/storage";
import type { Warning } from "./warnings/warning";
import { planWarnings } from "./warnings/warnings";
import { resolveWaves, type LabelsOf, type ResolvedConfig } from "./waves";
import type { Workload } from "./workload/workload";

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
  /** How many primary shards its OAP is told to give each index; undefined: nothing. */
  readonly indexShards: string | undefined;
  /** Whether its volumes go when it is deleted; the engine deletes it at `retire`. */
  readonly dropVolumes: boolean;
  /** Whether the engine may delete it, in whole or in part, while the generation is protected. */
  readonly mayReplace: boolean;
}

/** The stable address, and where it leads at this stage. */
export interface PlannedEntrance extends Entrance {
  readonly leadsTo: NamedGeneration;
  /** Every generation that it has led to before this update, the last one last. */
  readonly before: readonly string[];
}

/** A target service, and where it reports at this stage. */
export interface PlannedService {
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
  readonly waves: readonly (readonly PlannedService[])[];
  /** The snapshot of `from` that must exist before anything of it is deleted. */
  readonly snapshot: PlannedSnapshot | undefined;
  /** How long each generation keeps what it collects, and how long the old one is asked for it. */
  readonly retention: Readonly<Record<string, Retention>>;
  readonly next: readonly NextStage[];
  readonly warnings: readonly Warning[];
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
  /** How many primary shards the OAP of a generation has been told to give each index. Defaults to nothing told. */
  readonly indexShards?: ReadonlyMap<string, string>;
  /** When the OAP of a generation was created. Defaults to not known. */
  readonly since?: ReadonlyMap<string, Date>;
  /** Workloads, by `workloadKey`: some name their service. Defaults to none. */
  readonly workloads?: ReadonlyMap<string, Workload>;
  /** What there is in the namespaces of services whose name changes. Defaults to nothing. */
  readonly autoscalers?: Autoscalers;
  /** Every generation that the entrance has led to, the present one last. Defaults to none. */
  readonly ledTo?: readonly string[];
}

function settingsFor(service: Service, generation: NamedGeneration, config: Config): AgentSettings | undefined {
  return service.origin === generation.name ? undefined : agentSettings(service, generation, config.generations);
}

/** The generations that are declared at this stage; they do not depend on waves. */
export function planGenerations(
  config: Omit<Config, "waves">,
  facts: Pick<Facts, "present" | "storage" | "indexShards">,
): PlannedGeneration[] {
  const { row } = config.stage;
  if (moveOf(config.strategy) === "servers") {
    const { name, generation } = config.from;
    const next = row.agents === "to" && generation.managed ? inNextRelease(generation) : generation;
    const storage = planStorage(name, next, config, facts);
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
  { stage, from, allowReplace }: Pick<Config, "stage" | "from" | "allowReplace">,
  facts: Pick<Facts, "present" | "storage" | "indexShards">,
): PlannedStorage {
  return {
    live: facts.storage?.get(name),
    indexShards: generation.managed
      ? plannedIndexShards(generation, { isPresent: facts.present.has(name), shards: facts.indexShards?.get(name) })
      : undefined,
    dropVolumes:
      stage.row.mayDropVolumes &&
      name === from.name &&
      generation.managed &&
      storagePods(generation.storage)?.dropVolumes === true,
    mayReplace: allowReplace.includes(name),
  };
}

function planEntrance(
  { strategy, entrance, stage, from, to }: ResolvedConfig,
  { ledTo = [], present }: Facts,
): PlannedEntrance | undefined {
  if (moveOf(strategy) !== "entrance" || entrance === undefined) return undefined;
  // A Service that somebody has made anew has no record; that the OAP of `to` runs says where it led.
  const before = ledTo.length === 0 && (present.get(to.name) ?? 0) > 0 ? [to.name] : ledTo;
  return { ...entrance, leadsTo: stage.row.agents === "to" ? to : from, before };
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

/** Decides everything that a stage means. Pure: the same config and facts give the same plan. */
export function plan(given: Config, facts: Facts): Plan {
  const config = resolveWaves(given, facts.labelsOf);
  const moved = movedServices(config);
  const generations = planGenerations(config, facts);
  const running = new Set(generations.filter(({ running }) => running).map(({ name }) => name));
  const placements = new Map(
    Object.entries(config.services).map(([key, service]): [string, PlannedService] => {
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
  const move = moveOf(config.strategy);
  // Who is in none moves behind the last.
  const waves = move === "patches" ? [...config.waves, inNoWave(config)] : [];
  return {
    stage: config.stage.text,
    from: config.from.name,
    to: config.to.name,
    generations,
    entrance: planEntrance(config, facts),
    reportsTo: Object.fromEntries([...placements.values()].map(({ key, generation }) => [key, generation])),
    members: config.waves,
    waves: waves.map((wave) => wave.flatMap((key) => placements.get(key) ?? [])).filter((wave) => wave.length > 0),
    snapshot: planSnapshot(config, facts),
    retention: retentionOf(config, facts.since?.get(config.to.name)),
    next: nextStages(config),
    warnings: planWarnings({
      config,
      declared: generations,
      present: facts.present,
      workloads: facts.workloads ?? new Map(),
      autoscalers: facts.autoscalers ?? noAutoscalers,
      moved,
    }),
  };
}
