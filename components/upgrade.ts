import type { Config } from "../upgrade/config";
import type { PlannedGate } from "../upgrade/gates/gates";
import type { PlannedPatches } from "../upgrade/patches";
import type { Plan } from "../upgrade/plan";
import type { Warning } from "../upgrade/warnings/warning";
import { declareAgentObjects } from "./agent-objects";
import {
  backendsReady,
  declareBackends,
  oapsSettled,
  storagesReached,
  type Backends,
  type RolloutsFinished,
} from "./backends";
import type { ProviderOf } from "./cluster/provider";
import type { ReturnToOwner } from "./cluster/return-to-owner";
import { declareEntrance } from "./entrance";
import type { AskGate } from "./gates/gate";
import { Gates, type Answers } from "./gates/gates";
import { optionsBy, type OptionsIn } from "./options";
import { once, settled } from "./order";
import { outputsOf, type Outputs } from "./outputs";
import type { SecretsOf } from "./storage/elasticsearch/secrets";
import { keepSnapshot } from "./storage/keep-snapshot";
import type { StorageAdministrator } from "./storage/administrator";
import { moveWaves } from "./waves";

export interface UpgradeArgs {
  readonly config: Config;
  readonly plan: Plan;
  readonly patches: PlannedPatches;
  readonly gates: readonly PlannedGate[];
  /** All that the decision says; see `Decision`. */
  readonly warnings: readonly Warning[];
  readonly providerOf: ProviderOf;
  readonly rolloutsFinished: RolloutsFinished;
  readonly returnToOwner: ReturnToOwner;
  readonly askGate: AskGate;
  readonly secretsOf: SecretsOf;
  /** Given where something is done in a storage. */
  readonly storageAdministrator?: StorageAdministrator | undefined;
}

/** What every step of an update is made with. */
interface Step extends UpgradeArgs {
  readonly optionsIn: OptionsIn;
  readonly standing: Gates;
}

/**
 * Declares a plan. Order within one update: the generations that run; the entrance; the services wave by wave, each
 * after the rollouts of the wave before; the generations that stop. The engine deletes last. Gates stand in between,
 * each where the plan says.
 *
 * Returns the outputs, and a promise of what the gates found, which rejects when a wave has not rolled out or a
 * gate does not pass.
 */
export function declareUpgrade(args: UpgradeArgs): { outputs: Outputs; finished: Promise<Answers> } {
  const { config, plan, gates, warnings, providerOf, askGate, storageAdministrator } = args;
  const optionsIn = optionsBy(providerOf);
  const standing = new Gates(gates, { strategy: config.strategy, waves: plan.members.length, ask: askGate });
  const step = { ...args, optionsIn, standing };

  const serversMayChange = standing.passed("the servers change", Promise.resolve());
  const running = declareGenerations(step, "running", serversMayChange);
  const agentsMayMove = standing.passed("agents move", backendEntered(step, running, serversMayChange));
  const entranceTurned = turnEntrance(step, running, agentsMayMove);
  const agentsMoved = moveAgents(step, running, entranceTurned);
  const { idle, stopped } = stopGenerations(step, agentsMoved);
  const done = Promise.all([stopped, storagesReached(running), storagesReached(idle)]).then(() => undefined);
  const { snapshot, kept } = keepSnapshot(
    plan.snapshot,
    storageAdministrator,
    config.timeouts.snapshot,
    done,
    optionsIn,
  );
  return { outputs: outputsOf(plan, warnings, snapshot), finished: kept.then(() => standing.found()) };
}

/** Declares the generations that run at this stage, or those that do not. */
function declareGenerations(
  { config: { timeouts }, plan, secretsOf, storageAdministrator, optionsIn }: Step,
  which: "running" | "idle",
  before: Promise<void>,
): Backends {
  const shared = { timeouts, secretsOf, ...(storageAdministrator === undefined ? {} : { storageAdministrator }) };
  const planned = plan.generations.filter(({ running }) => running === (which === "running"));
  return declareBackends(planned, shared, before, optionsIn);
}

/**
 * Resolves when what is wrong with a storage would be known and the OAP that agents move to can be asked, if a gate
 * does.
 */
async function backendEntered(
  { config, plan, standing, rolloutsFinished }: Step,
  running: Backends,
  serversMayChange: Promise<void>,
): Promise<void> {
  await Promise.all([serversMayChange, storagesReached(running)]);
  const entered = running.get(plan.to);
  const isAsked = standing.planned.some(({ place }) => place !== "the servers change");
  if (entered !== undefined && isAsked) await backendsReady([entered], rolloutsFinished, config.timeouts);
}

/** Turns the entrance, where the strategy has one, to the OAP that runs. */
function turnEntrance(
  { config, plan, rolloutsFinished, optionsIn }: Step,
  running: Backends,
  agentsMayMove: Promise<void>,
): Promise<void> {
  if (plan.entrance === undefined) return agentsMayMove;
  const backends = [...running.values()];
  const ready = agentsMayMove.then(() => backendsReady(backends, rolloutsFinished, config.timeouts));
  const dependsOn = once(
    ready,
    backends.map(({ oap }) => oap.deployment),
  );
  return settled([declareEntrance(plan.entrance, { ...optionsIn(plan.entrance.cluster), dependsOn })]);
}

/** Declares what agents need, and the services that move to where they report at this stage. */
function moveAgents(
  { config, patches, rolloutsFinished, returnToOwner, optionsIn, standing }: Step,
  running: Backends,
  entranceTurned: Promise<void>,
): Promise<void> {
  const { waves } = patches;
  const { generations, timeouts } = config;
  const agentObjects = declareAgentObjects(waves.flat(), generations, optionsIn);
  return moveWaves(
    { waves, backends: running, agentObjects, gates: standing, rolloutsFinished, returnToOwner, timeouts, optionsIn },
    entranceTurned,
  );
}

/** Declares the generations that stop. Behind one entrance, agents leave the old OAP when it stops, and not before. */
function stopGenerations(step: Step, agentsMoved: Promise<void>): { idle: Backends; stopped: Promise<void> } {
  const { plan, standing } = step;
  if (plan.entrance === undefined) {
    const stopped = standing.passed("the old stops", agentsMoved);
    return { idle: declareGenerations(step, "idle", stopped), stopped };
  }
  const idle = declareGenerations(step, "idle", agentsMoved);
  const oapsStopped = agentsMoved.then(() => oapsSettled(idle.values()));
  return { idle, stopped: standing.passed("the old stops", oapsStopped) };
}
