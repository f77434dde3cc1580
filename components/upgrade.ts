import * as pulumi from "@pulumi/pulumi";

import { backendService } from "../upgrade/backend";
import type { Config } from "../upgrade/config";
import { isOurs, type PlannedPatches } from "../upgrade/patches";
import type { NextStage, Plan, PlannedGeneration } from "../upgrade/plan";
import type { Snapshot } from "../upgrade/storage/snapshot";
import type { Warning } from "../upgrade/warnings/warning";
import type { WorkloadRef } from "../upgrade/workload/ref";
import { agentObjectsKey, declareAgentObjects } from "./agent-objects";
import { declareEntrance } from "./entrance";
import { asOneManager } from "./field-manager";
import type { Place } from "../upgrade/gates/definition";
import type { PlannedGate } from "../upgrade/gates/gates";
import type { Answer } from "./gates/asking";
import { Gate, type AskGate } from "./gates/gate";
import { Generation } from "./generation";
import { once, settled } from "./order";
import { recordSnapshot } from "./storage/snapshot-record";
import type { StorageWork } from "./storage/work";
import type { SecretsOf } from "./storage/elasticsearch/secrets";
import { patchTarget } from "./target";

/** What `pulumi stack output` shows. */
export interface Outputs {
  readonly stage: string;
  /** Per declared generation: release, address and namespace of its agents, and whether it runs. */
  readonly generations: Readonly<
    Record<
      string,
      { version: string; backendService: string; agentNamespace: string; state: "running" | "idle" | "adopted" }
    >
  >;
  /** Which generation each service reports to. */
  readonly services: Readonly<Record<string, string>>;
  /** Who is in which wave. */
  readonly waves: readonly (readonly string[])[];
  /** How long each generation keeps what it collects, and until when the old one is needed for queries. */
  readonly retention: Plan["retention"];
  /** What holds the data of the generation that `retire` has deleted, where a repository is configured. */
  readonly snapshot?: pulumi.Input<Snapshot>;
  readonly next: readonly NextStage[];
  readonly warnings: readonly Warning[];
}

function stateOf({ generation, running }: PlannedGeneration): "running" | "idle" | "adopted" {
  if (!generation.managed) return "adopted";
  return running ? "running" : "idle";
}

/** What each gate found, by the gate's name. */
export type Answers = Readonly<Record<string, Answer | string>>;

/** Waits until rollouts have finished; told what they are for, for the progress display. */
export type RolloutsFinished = (workloads: readonly WorkloadRef[], timeout: string, what: string) => Promise<void>;

export interface UpgradeArgs {
  readonly config: Config;
  readonly plan: Plan;
  readonly patches: PlannedPatches;
  readonly gates: readonly PlannedGate[];
  /** All that the decision says; see `Decision`. */
  readonly warnings: readonly Warning[];
  readonly provider: pulumi.ProviderResource;
  readonly rolloutsFinished: RolloutsFinished;
  readonly askGate: AskGate;
  readonly secretsOf: SecretsOf;
  /** Given where something is done in a storage. */
  readonly storageWork?: StorageWork | undefined;
}

/** The snapshot of the generation that is left, taken now or by the update that deleted it. */
function takeSnapshot(
  { snapshot }: Plan,
  after: Promise<void>,
  timeout: string,
  storageWork: StorageWork | undefined,
): Promise<Snapshot> | undefined {
  if (snapshot === undefined) return undefined;
  const { taken } = snapshot;
  if (taken !== undefined) return after.then(() => taken);
  return storageWork && after.then(() => storageWork.takeSnapshot(snapshot, timeout));
}

/**
 * Declares a plan. Order within one update: the generations that run; the entrance; the services wave by wave, each after
 * the rollouts of the wave before; the generations that stop. The engine deletes last. Gates stand in between, each where
 * the plan says.
 *
 * Returns the outputs, and a promise of what the gates found, which rejects when a wave has not rolled out or a gate does
 * not hold.
 *
 * Waves wait for each other by a promise, not by `dependsOn`: edges from every service of a wave to every service of the
 * one before would grow with the square of their number, in the state of each.
 */
export function declareUpgrade({
  config,
  plan,
  patches,
  warnings,
  gates,
  provider,
  rolloutsFinished,
  askGate,
  secretsOf,
  storageWork,
}: UpgradeArgs): { outputs: Outputs; finished: Promise<Answers> } {
  const { timeouts } = config;
  const options = { provider, transformations: [asOneManager] };
  const running = new Map<string, Generation>();
  const idle: Generation[] = [];
  const storagesReached: Promise<void>[] = [];
  const declare = (planned: PlannedGeneration, after: Promise<void>): void => {
    if (!planned.generation.managed) return;
    const generation = new Generation(
      planned.name,
      {
        generation: planned.generation,
        running: planned.running,
        recreate: planned.recreate,
        storage: planned.storage,
        timeouts,
        secretsOf,
        ...(storageWork === undefined ? {} : { storageWork }),
      },
      { ...options, protect: planned.protect, dependsOn: once(after, []) },
    );
    storagesReached.push(generation.storageReached);
    if (planned.running) running.set(planned.name, generation);
    else idle.push(generation);
  };
  const answers = new Map<string, Promise<Answer | undefined>>();
  /** Declares the gates of a place; resolves when they hold. */
  const held = (place: Place, after: Promise<void>): Promise<void> => {
    const standing = gates.filter((gate) => gate.place === place);
    for (const gate of standing) {
      const args = { gate, strategy: config.strategy, waves: plan.members.length, ask: askGate };
      answers.set(gate.name, new Gate(gate.name, args, { dependsOn: once(after, []) }).answer);
    }
    return Promise.all([after, ...standing.map(({ name }) => answers.get(name))]).then(() => undefined);
  };

  const ready = (backends: readonly Generation[]): Promise<void> =>
    Promise.all([
      settled(backends.map(({ oap }) => oap.deployment)),
      ...backends.map(({ storageReached }) => storageReached),
    ]).then(() =>
      rolloutsFinished(
        backends.map(({ oap }) => oap.ref),
        timeouts.oap,
        "the OAP",
      ),
    );

  const mayChange = held("the servers change", Promise.resolve());
  for (const planned of plan.generations) if (planned.running) declare(planned, mayChange);
  const entered = running.get(plan.to);
  const asksEntered = entered !== undefined && gates.some(({ place }) => place !== "the servers change");
  // What is wrong with a storage is known before an agent moves.
  const reached = Promise.all([mayChange, ...storagesReached]).then(() => (asksEntered ? ready([entered]) : undefined));
  let moved = held("agents move", reached);
  if (plan.entrance !== undefined) {
    const backends = [...running.values()];
    const entrance = declareEntrance(plan.entrance, {
      ...options,
      dependsOn: once(
        moved.then(() => ready(backends)),
        backends.map(({ oap }) => oap.deployment),
      ),
    });
    moved = settled([entrance]);
  }
  const objects = declareAgentObjects(patches.waves.flat(), config.generations, options);
  const earlier = gates.find(({ place }) => place === "the rest moves");
  /** Of the first wave that this stage adds to those before. */
  const rest = patches.waves.findIndex((wave) => !wave.every(({ placement }) => earlier?.services.has(placement.key)));
  for (const [index, wave] of patches.waves.entries()) {
    if (index === rest) moved = held("the rest moves", moved);
    const moving = wave.filter(({ patch }) => !patch.holds);
    const somethingFollows = patches.waves
      .slice(index)
      .flat()
      .some(({ patch }) => !patch.holds);
    // A service that was moved by an earlier update and has not rolled out since fails this one too.
    const awaited = wave.filter(
      ({ patch, placement, workload }) =>
        !patch.holds ||
        (workload.pendingRollout !== undefined && (somethingFollows || placement.settings !== undefined)),
    );
    const backends = [...new Set(moving.map(({ placement }) => placement.generation))].flatMap((name) => {
      const generation = running.get(name);
      return generation === undefined ? [] : [generation];
    });
    const before = moved.then(() => ready(backends));
    const resources = wave.filter(isOurs).map((target) => {
      const { placement, workload } = target;
      const backend = running.get(placement.generation);
      return patchTarget(target, {
        ...options,
        dependsOn: once(before, [
          ...(backend === undefined ? [] : [backend.oap.deployment, backend.oap.service]),
          ...(objects.get(agentObjectsKey(workload, placement.generation)) ?? []),
        ]),
      });
    });
    moved = before
      .then(() => settled(resources))
      .then(() =>
        rolloutsFinished(
          awaited.map(({ workload }) => workload),
          timeouts.rollout,
          `wave ${String(index + 1)}`,
        ),
      );
  }
  // Behind one entrance, agents leave the old OAP when it stops, and not before.
  const stops = plan.entrance === undefined ? held("the old stops", moved) : moved;
  for (const planned of plan.generations) if (!planned.running) declare(planned, stops);
  const stopped =
    plan.entrance === undefined
      ? stops
      : held(
          "the old stops",
          stops.then(() => settled(idle.map(({ oap }) => oap.deployment))),
        );

  let finished = Promise.all([stopped, ...storagesReached]).then((): void => undefined);
  // What is deleted, the engine deletes after the program has ended, and not at all if it fails.
  const snapshot = takeSnapshot(plan, finished, timeouts.snapshot, storageWork);
  if (plan.snapshot !== undefined && snapshot !== undefined) {
    const record = recordSnapshot(plan.snapshot, snapshot, options);
    finished = snapshot.then(() => settled([record]));
  }

  const outputs = {
    stage: plan.stage,
    generations: Object.fromEntries(
      plan.generations.map((planned) => [
        planned.name,
        {
          version: planned.generation.version,
          backendService: backendService(planned.name, planned.generation),
          agentNamespace: planned.generation.agentNamespace,
          state: stateOf(planned),
        },
      ]),
    ),
    services: plan.reportsTo,
    waves: plan.members,
    retention: plan.retention,
    ...(snapshot === undefined ? {} : { snapshot }),
    next: plan.next,
    warnings,
  };
  return { outputs, finished: finished.then(() => answersOf(answers)) };
}

async function answersOf(answers: ReadonlyMap<string, Promise<Answer | undefined>>): Promise<Answers> {
  const found = await Promise.all(
    [...answers].map(async ([name, answer]) => [name, (await answer) ?? "not asked yet"] as const),
  );
  return Object.fromEntries(found);
}
