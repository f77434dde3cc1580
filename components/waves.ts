import type * as pulumi from "@pulumi/pulumi";

import type { Timeouts } from "../upgrade/config";
import type { PlannedGate } from "../upgrade/gates/gates";
import { isPatched, type TargetPatch } from "../upgrade/patches";
import { goesBack } from "../upgrade/workload-patch";
import { agentObjectsKey } from "./agent-objects";
import { backendsReady, type Backends, type RolloutsFinished } from "./backends";
import type { ReturnToOwner } from "./cluster/return-to-owner";
import type { Gates } from "./gates/gates";
import type { OptionsIn } from "./options";
import { once, settled } from "./order";
import { inParallel } from "./query/in-parallel";
import { patchTarget } from "./target";

type Wave = readonly TargetPatch[];

/** How many workloads are returned at a time: as many as the engine applies by itself on a small machine. */
const returnedAtATime = 8;

export interface WavesArgs {
  readonly waves: readonly Wave[];
  /** Generations that run. */
  readonly backends: Backends;
  /** What agents need in their Kubernetes namespaces, by `agentObjectsKey`. */
  readonly agentObjects: ReadonlyMap<string, pulumi.Resource[]>;
  readonly gates: Gates;
  readonly rolloutsFinished: RolloutsFinished;
  readonly returnToOwner: ReturnToOwner;
  readonly timeouts: Timeouts;
  readonly optionsIn: OptionsIn;
}

/**
 * Declares the target services wave by wave, each after the rollouts of the wave before.
 *
 * Waves wait for each other by a promise, not by `dependsOn`: edges from every service of a wave to every service of
 * the one before would grow with the square of their number, in the state of each.
 *
 * @returns resolves when the last wave has rolled out
 */
export function moveWaves(args: WavesArgs, mayMove: Promise<void>): Promise<void> {
  const { waves, gates } = args;
  const added = firstAddedWave(waves, gates.planned);
  return waves.reduce((before, wave, index) => {
    const mayFollow = index === added ? gates.passed("the rest moves", before) : before;
    return moveWave(wave, index, args, mayFollow);
  }, mayMove);
}

/** Index of the first wave that this stage adds to those before; -1: it adds none. */
function firstAddedWave(waves: readonly Wave[], gates: readonly PlannedGate[]): number {
  const earlier = gates.find(({ place }) => place === "the rest moves")?.services;
  return waves.findIndex((wave) => !wave.every(({ planned }) => earlier?.has(planned.key)));
}

/** Declares one wave. Resolves when it has rolled out. */
async function moveWave(wave: Wave, index: number, args: WavesArgs, mayMove: Promise<void>): Promise<void> {
  const { waves, backends, agentObjects, rolloutsFinished, returnToOwner, timeouts, optionsIn } = args;
  const ready = mayMove.then(() => backendsReady(entered(wave, backends), rolloutsFinished, timeouts));
  const patched = wave.filter(isPatched).map((target) => {
    const { planned, workload } = target;
    const backend = backends.get(planned.generation);
    return patchTarget(target, {
      ...optionsIn(workload.cluster),
      dependsOn: once(ready, [
        ...(backend === undefined ? [] : [backend.oap.deployment, backend.oap.service]),
        ...(agentObjects.get(agentObjectsKey(workload, planned.generation)) ?? []),
      ]),
    });
  });
  await ready;
  await Promise.all([settled(patched), inParallel(wave.filter(goesBack), returnedAtATime, returnToOwner)]);
  const awaited = awaitedRollouts(wave, waves.slice(index).flat());
  await rolloutsFinished(
    awaited.map(({ workload }) => workload),
    timeouts.rollout,
    `wave ${String(index + 1)}`,
  );
}

/** The declared backends to which services of a wave are sent by this update. */
function entered(wave: Wave, backends: Backends) {
  const names = new Set(wave.filter(({ patch }) => !patch.isApplied).map(({ planned }) => planned.generation));
  return [...names].flatMap((name) => backends.get(name) ?? []);
}

/**
 * The services of a wave whose rollouts are waited for. One that was moved by an earlier update and has not rolled out
 * since fails this one too.
 *
 * @param following - the services of this wave and of those after it
 */
function awaitedRollouts(wave: Wave, following: Wave): Wave {
  const somethingFollows = following.some(({ patch }) => !patch.isApplied);
  return wave.filter(
    ({ patch, planned, workload }) =>
      !patch.isApplied ||
      (workload.pendingRollout !== undefined && (somethingFollows || planned.settings !== undefined)),
  );
}
