import { milliseconds } from "../duration";
import { inNextRelease } from "../backend";
import type { Config, NamedGeneration } from "../config";
import { workloadOf } from "../patches";
import type { Placement, Plan } from "../plan";
import type { Check, GateMode } from "../schema/gates";
import { parseStage, stageFlags, stageFlagText, type Stage, type StageFlag, type Strategy } from "../stage";
import { percentOf } from "../percent";
import { lastApplied, type Workload } from "../workload";
import { reportedName, serviceName } from "./reported-name";

/** What a gate asks. */
export type Question =
  | { readonly kind: "healthy"; readonly generation: NamedGeneration }
  | {
      readonly kind: "arrived";
      readonly generation: NamedGeneration;
      readonly services: readonly MovedService[];
      readonly window: number;
      /** Whether what was reported before the servers began does not count: their storage may have it from those before them. */
      readonly sinceStart: boolean;
      readonly soak: number;
      readonly share: number;
      readonly minimum: number;
    }
  | {
      readonly kind: "departed";
      readonly generation: NamedGeneration;
      /** Keys of the config by the name that the OAP shows. */
      readonly known: ReadonlyMap<string, readonly string[]>;
      readonly ignored: readonly string[];
      readonly window: number;
    }
  | { readonly kind: "check"; readonly check: Pick<Check, "command" | "url"> };

/** A service whose agents must report somewhere. */
export interface MovedService {
  readonly placement: Placement;
  /** The name that the OAP shows. */
  readonly reportedAs: string;
  /** When what is applied to its workload had last changed before this update; undefined: nothing was applied. */
  readonly applied: Date | undefined;
}

/**
 * Where a gate stands in an update.
 *
 * - `the servers change`: before anything of a backend that is upgraded in place.
 * - `agents move`: before the first wave, or before the entrance turns.
 * - `the rest moves`: before the waves that this stage adds.
 * - `the old stops`: after all waves, before the old OAP stops or its backend goes; what follows is the end of the update
 *   where nothing stops.
 */
export type Place = "the servers change" | "agents move" | "the rest moves" | "the old stops";

/** A gate of this stage. */
export interface PlannedGate {
  /** Of the resource. Begins with the generation's, so that the next upgrade has gates of its own. */
  readonly name: string;
  readonly mode: Exclude<GateMode, "off">;
  readonly place: Place;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds between two looks. Not an input of the resource: looking more often is not asking again. */
  readonly interval: number;
  readonly question: Question;
  /** Keys of the services that it is about; empty: not about single services. */
  readonly services: ReadonlySet<string>;
  /**
   * What the resource is made of. It asks again when any of it changes: another stage, another service, another
   * threshold.
   */
  readonly inputs: Readonly<Record<string, unknown>> & Asked & { readonly asks: string };
}

/** When a gate is asked. */
export interface Asked {
  readonly stage: string;
  /** In place, the release that is entered: the next upgrade has gates of the same names. */
  readonly version?: string;
}

export interface PlannedGates {
  readonly gates: readonly PlannedGate[];
  readonly warnings: readonly string[];
}

type Kind = "healthy" | "earlier" | "arrived" | "departed";

/**
 * At which stages a gate is asked. It stands at those in between as well, with the question of the last of them: what it
 * found is kept, and a stage that is come back to finds it there.
 */
const gateTable: Readonly<Record<Strategy, Readonly<Partial<Record<Kind, readonly Stage[]>>>>> = {
  canary: {
    healthy: ["canary", "shift", "drain", "retire"],
    earlier: ["canary", "shift"],
    arrived: ["canary", "shift", "drain", "retire"],
    departed: ["drain"],
  },
  // Until the old OAP stops, every agent reports to it, and when it has stopped, it cannot be asked.
  "hot-reboot": { healthy: ["shift", "drain", "retire"], arrived: ["shift", "drain", "retire"] },
  "in-place": { healthy: ["shift", "retire"], arrived: ["shift", "retire"] },
};

const kinds = ["healthy", "earlier", "arrived", "departed"] as const satisfies Kind[];

/** The last stage, up to this one, at which a gate is asked; undefined: it does not stand here. */
function askedAt(stages: readonly Stage[], { strategy, stage }: Config, { members }: Plan): StageFlag | undefined {
  const flags = stageFlags(strategy, members.length);
  return flags
    .slice(0, flags.indexOf(stageFlagText(stage)) + 1)
    .map(parseStage)
    .findLast((flag) => stages.includes(flag.stage));
}

/** Whether a gate that has been asked must be asked again: on the way back nothing is. */
export function asksAgain(strategy: Strategy, waves: number, before: Partial<Asked> | undefined, now: Asked): boolean {
  if (before?.stage === undefined) return true;
  if (strategy === "in-place" && before.version !== now.version) return true;
  const flags = stageFlags(strategy, waves);
  return !flags.includes(before.stage) || flags.indexOf(now.stage) >= flags.indexOf(before.stage);
}

/** Decides which gates stand at this stage, and what each of them asks. */
export function planGates(config: Config, plan: Plan, workloads: ReadonlyMap<string, Workload>): PlannedGates {
  const { strategy, gates } = config;
  const warnings: string[] = [];
  const to = entered(config);
  // Agents that are not touched keep the namespace that they have.
  const namespace = strategy === "canary" ? undefined : (config.from.generation.agentNamespace ?? "");
  const placements = placementsOf(config, plan);

  const nameAt = ({ key, service }: Placement, at: NamedGeneration): string => {
    const isOrigin = strategy !== "canary" || (service.origin ?? config.origin) === at.name;
    const own = serviceName(key, service, workloads.get(workloadOf({ key, service })));
    return reportedName(own, service, at, isOrigin, namespace);
  };
  const movedOf = (those: readonly Placement[]): MovedService[] =>
    // Behind a Satellite are agents whose names nobody has told us.
    those
      .filter(({ service, generation }) => generation === to.name && service.agent.language !== "satellite")
      .map((placement) => ({
        placement,
        reportedAs: nameAt(placement, to),
        applied: lastApplied(workloads.get(workloadOf(placement))?.managedFields ?? []),
      }));

  const window = milliseconds(gates.window) / 60_000;
  const interval = milliseconds(gates.interval);
  const release = releaseEntered(config);
  const askable = ({ name, generation }: NamedGeneration): boolean => {
    if (generation.managed || generation.restUrl !== undefined) return true;
    warnings.push(
      `${name} is not managed here and has no restUrl: nothing of it is asked, so you must see for yourself who reports to it`,
    );
    return false;
  };

  const healthy = (stage: string): PlannedGate[] => {
    const mode = gates.healthy.mode ?? gates.mode;
    if (mode === "off") return [];
    const asks = `whether the OAP of ${to.name} answers, is release ${to.generation.version}, and is alone in its cluster`;
    return [
      {
        name: `${to.name}-healthy`,
        mode,
        place: "agents move",
        timeout: milliseconds(gates.healthy.timeout),
        interval,
        question: { kind: "healthy", generation: to },
        services: new Set(),
        inputs: { stage, asks, version: to.generation.version },
      },
    ];
  };
  const arrived = (
    stage: string,
    name: string,
    place: Place,
    those: readonly Placement[],
    soak: string | undefined,
  ): PlannedGate[] => {
    const mode = gates.arrived.mode ?? gates.mode;
    const services = movedOf(those);
    if (mode === "off" || services.length === 0) return [];
    const { share, minimum, timeout } = gates.arrived;
    // A canary's services have new pods; elsewhere the agents stay, and `to` may have been entered before.
    const sinceStart = strategy !== "canary";
    const by = sinceStart ? `, by what they reported to its servers of ${to.generation.version}` : "";
    return [
      {
        name: `${to.name}-${name}`,
        mode,
        place,
        timeout: milliseconds(timeout),
        interval,
        question: {
          kind: "arrived",
          generation: to,
          services,
          window,
          sinceStart,
          soak: soak === undefined ? 0 : milliseconds(soak),
          share: percentOf(share),
          minimum,
        },
        services: new Set(services.map(({ placement }) => placement.key)),
        inputs: {
          stage,
          asks: `whether ${String(services.length)} services are alive on ${to.name}${by}`,
          ...release,
          services: services.map(({ placement }) => placement.key),
          share,
          minimum,
          window: gates.window,
        },
      },
    ];
  };
  const departed = (stage: string): PlannedGate[] => {
    const mode = gates.departed.mode ?? gates.mode;
    const { name } = config.from;
    if (mode === "off") return [];
    const known = new Map<string, string[]>();
    for (const placement of placements) {
      const shown = nameAt(placement, config.from);
      known.set(shown, [...(known.get(shown) ?? []), placement.key]);
    }
    const ignored = gates.departed.ignore;
    return [
      {
        name: `${name}-departed`,
        mode,
        place: "the old stops",
        timeout: milliseconds(gates.departed.timeout),
        interval,
        question: { kind: "departed", generation: config.from, known, ignored, window },
        services: new Set(),
        inputs: { stage, asks: `whether nobody reports to ${name} any more`, ignored, window: gates.window },
      },
    ];
  };
  const ofKind: Record<Kind, (flag: StageFlag, text: string) => PlannedGate[]> = {
    healthy: (_, text) => (askable(to) ? healthy(text) : []),
    earlier: (flag, text) =>
      isAskable(to)
        ? arrived(text, "earlier-waves-arrived", "the rest moves", earlierWaves(flag, config, plan), undefined)
        : [],
    arrived: (_, text) =>
      isAskable(to) ? arrived(text, "arrived", "the old stops", placements, gates.arrived.soak) : [],
    departed: (_, text) => (askable(config.from) ? departed(text) : []),
  };
  const standing = kinds.flatMap((kind) => {
    const flag = askedAt(gateTable[strategy][kind] ?? [], config, plan);
    return flag === undefined ? [] : ofKind[kind](flag, stageFlagText(flag));
  });
  return { gates: [...standing, ...checks(config, plan)], warnings };
}

function isAskable({ generation }: NamedGeneration): boolean {
  return generation.managed || generation.restUrl !== undefined;
}

/** Every service with where it reports. Strategies that patch none have gates only where all report to `to`. */
function placementsOf({ services, strategy, to }: Config, { waves }: Plan): Placement[] {
  if (strategy === "canary") return waves.flat();
  return Object.entries(services).map(([key, service]) => ({
    key,
    service,
    generation: to.name,
    settings: undefined,
    settingsOfTo: undefined,
    originRuns: true,
  }));
}

/** The services that move before the last ones that this stage moves: they must have arrived before those do. */
function earlierWaves(flag: StageFlag, { to }: Config, { members, waves }: Plan): Placement[] {
  const groups =
    flag.stage === "canary"
      ? members.slice(0, flag.wave - 1)
      : waves.slice(0, -1).map((wave) => wave.map(({ key }) => key));
  const before = new Set(groups.flat());
  return waves.flat().filter(({ key, generation }) => before.has(key) && generation === to.name);
}

/** The generation that the gates are about: in place, in its next release. */
function entered({ strategy, to }: Config): NamedGeneration {
  return strategy === "in-place" && to.generation.managed
    ? { name: to.name, generation: inNextRelease(to.generation) }
    : to;
}

/** Tells the gates of one upgrade in place from those of the next. */
function releaseEntered(config: Config): Pick<Asked, "version"> {
  return config.strategy === "in-place" ? { version: entered(config).generation.version } : {};
}

/** Where a check stands: before what its stage does. */
function placeOfCheck(strategy: Strategy, stage: Stage): Place {
  if (stage === "drain" || stage === "retire") return "the old stops";
  return strategy === "in-place" ? "the servers change" : "agents move";
}

/** The user's own gates. */
function checks(config: Config, plan: Plan): PlannedGate[] {
  const { gates, strategy } = config;
  const interval = milliseconds(gates.interval);
  return Object.entries(gates.checks).flatMap(([name, { mode: own, before, command, url, timeout }]) => {
    const mode = own ?? gates.mode;
    const flag = askedAt(before, config, plan);
    if (mode === "off" || flag === undefined) return [];
    const what = command === undefined ? `GET ${String(url)}` : `\`${command.join(" ")}\``;
    return [
      {
        name: `check-${name}`,
        mode,
        place: placeOfCheck(strategy, flag.stage),
        timeout: milliseconds(timeout),
        interval,
        question: { kind: "check", check: { command, url } },
        services: new Set(),
        inputs: { stage: stageFlagText(flag), asks: `whether ${what} succeeds`, ...releaseEntered(config) },
      },
    ];
  });
}
