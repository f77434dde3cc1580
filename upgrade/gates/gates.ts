import { inNextRelease } from "../backend";
import type { Config, NamedGeneration } from "../config";
import { milliseconds } from "../duration";
import { keepsId } from "../moves";
import { workloadRef } from "../patches";
import type { PlannedService, Plan } from "../plan";
import { reportedName } from "../reported-name";
import { moveOf, stageFlags, stageFlagTexts, type StageFlag, type Strategy } from "../stage";
import { aboutGeneration, type Warning } from "../warnings/warning";
import { workloadKey } from "../workload/ref";
import { lastApplied, type Workload } from "../workload/workload";
import type { GateContext, GateDefinition, GateMode, Place, ReportingService } from "./definition";
import { gateDefinitions, type Question } from "./registry";

/** A gate that stands at this stage. */
export interface PlannedGate {
  /** Of the resource. Begins with the generation's, so that the next upgrade has gates of its own. */
  readonly name: string;
  readonly mode: Exclude<GateMode, "off">;
  readonly place: Place;
  /** Until it must pass, in milliseconds. */
  readonly timeout: number;
  /** Milliseconds between two looks. Not an input of the resource: looking more often is not asking again. */
  readonly interval: number;
  /** How long it must pass without a break, in milliseconds; 0: once is enough. */
  readonly soak: number;
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
  readonly warnings: readonly Warning[];
}

/** Whether a gate that has been asked must be asked again: on the way back nothing is. */
export function asksAgain(strategy: Strategy, waves: number, before: Partial<Asked> | undefined, now: Asked): boolean {
  if (before?.stage === undefined) return true;
  if (moveOf(strategy) === "servers" && before.version !== now.version) return true;
  const flags = stageFlagTexts(strategy, waves);
  return !flags.includes(before.stage) || flags.indexOf(now.stage) >= flags.indexOf(before.stage);
}

/** Decides which gates stand at this stage, and what each of them asks. */
export function planGates(config: Config, plan: Plan, workloads: ReadonlyMap<string, Workload>): PlannedGates {
  const { gates } = config;
  const context = contextOf(config, plan, workloads);
  const notAskable = new Set<string>();
  const standing = gateDefinitions(gates).flatMap((gate) => {
    const stage = lastAsked(gate, config, plan);
    if (stage === undefined) return [];
    const generation = gate.generation && context[gate.generation];
    if (generation !== undefined && !isAskable(generation)) {
      notAskable.add(generation.name);
      return [];
    }
    return planGate(gate, { ...context, stage }, config);
  });
  const warnings = [...notAskable].map((name) =>
    aboutGeneration(
      "gate-cannot-ask",
      name,
      " is not managed here and has no restUrl, so no gate can ask it: check yourself who reports to it",
    ),
  );
  return { gates: standing, warnings };
}

/** The last stage, up to this one, at which a gate is asked; undefined: it does not stand here. */
function lastAsked(
  { isAskedAt }: GateDefinition<Question>,
  { strategy, stage }: Config,
  { members }: Plan,
): StageFlag | undefined {
  return stageFlags(strategy, members.length)
    .slice(0, stage.index + 1)
    .findLast((flag) => isAskedAt(flag, moveOf(strategy)));
}

function planGate(gate: GateDefinition<Question>, context: GateContext, { gates }: Config): PlannedGate[] {
  const mode = gate.settings.mode ?? gates.mode;
  if (mode === "off") return [];
  const ask = gate.plan(context);
  if (ask === undefined) return [];
  const { place, question, asks, soak = 0, services = [], inputs } = ask;
  return [
    {
      name: gate.name(context),
      mode,
      place,
      timeout: milliseconds(gate.settings.timeout),
      interval: milliseconds(gates.interval),
      soak,
      question,
      services: new Set(services),
      inputs: {
        stage: context.stage.text,
        asks,
        // Tells the gates of one upgrade in place from those of the next.
        ...(context.move === "servers" ? { version: context.to.generation.version } : {}),
        ...inputs,
      },
    },
  ];
}

function isAskable({ generation }: NamedGeneration): boolean {
  return generation.managed || generation.restUrl !== undefined;
}

function contextOf(config: Config, plan: Plan, workloads: ReadonlyMap<string, Workload>): GateContext {
  const { strategy, stage, from, gates } = config;
  const to = entered(config);
  const seen = ({ key, service, generation }: Reporting): ReportingService => {
    const ref = workloadRef({ service });
    const workload = workloads.get(workloadKey(ref));
    const nameAt = (at: NamedGeneration): string => reportedName(config, service, workload, at);
    return {
      key,
      workload: ref,
      language: service.agent.language,
      keepsId: keepsId(service),
      reportsTo: generation,
      reportedAs: { from: nameAt(from), to: nameAt(to) },
      applied: lastApplied(workload?.managedFields ?? []),
    };
  };
  return {
    move: moveOf(strategy),
    stage,
    from,
    to,
    window: gates.window,
    services: reporting(config, plan).map(seen),
    members: plan.members,
    waves: plan.waves.map((wave) => wave.map(({ key }) => key)),
  };
}

type Reporting = Pick<PlannedService, "key" | "service" | "generation">;

/** Every service with where it reports. Strategies that patch none have gates only where all report to `to`. */
function reporting({ services, strategy, to }: Config, { waves }: Plan): Reporting[] {
  if (moveOf(strategy) === "patches") return waves.flat();
  return Object.entries(services).map(([key, service]) => ({ key, service, generation: to.name }));
}

/** The generation that agents come to: in place, in its next release. */
function entered({ strategy, to }: Config): NamedGeneration {
  return moveOf(strategy) === "servers" && to.generation.managed
    ? { name: to.name, generation: inNextRelease(to.generation) }
    : to;
}
