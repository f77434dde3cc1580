import type { Config } from "./config";
import { checkAgentsAtEntrance, checkTurn } from "./entrance";
import { planGates, type PlannedGate } from "./gates/gates";
import type { ConfigMaps } from "./inject/target";
import { checkCapacity, type CapacityReading } from "./storage/capacity";
import { checkLiveStorage } from "./storage/live";
import { networkWarnings, type Network } from "./network-policies";
import { labelsOfServices, planPatches, type PlannedPatches } from "./patches";
import { plan, type Facts, type Plan } from "./plan";
import { ConfigError, type Problem, type Report } from "./problem";
import type { Warning } from "./warnings/warning";
import type { Workload } from "./workload/workload";

/** What was read of the cluster: with the config, all that a decision is made from. */
export interface Observed extends Omit<Facts, "labelsOf"> {
  /** Workloads, by `workloadKey`. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** The ConfigMaps by which services are to be moved. */
  readonly configMaps: ConfigMaps;
  /** NetworkPolicies where services and the new backend are. Defaults to none. */
  readonly network?: Network;
  /** The room in storages that OAPs are to be installed on. Defaults to nothing asked. */
  readonly capacity?: readonly CapacityReading[];
}

/** What an update does. */
export interface Decision {
  readonly plan: Plan;
  readonly patches: PlannedPatches;
  readonly gates: readonly PlannedGate[];
  /** For the user to read; none of them keeps the update from being carried out. */
  readonly warnings: readonly Warning[];
}

/** What the stage means, whether it can be carried out or not. */
export function planFor(config: Config, observed: Observed): Plan {
  return plan(config, { ...observed, labelsOf: labelsOfServices(config.services, observed.workloads) });
}

/**
 * Decides what an update does. Pure: the same config and cluster give the same decision.
 *
 * @throws ConfigError with everything that keeps the plan from being carried out; nothing has been touched
 */
export function decide(config: Config, observed: Observed): Decision {
  const { workloads, configMaps, storage, capacity, network } = observed;
  const problems: Problem[] = [];
  const report: Report = (problem) => problems.push(problem);
  const planned = planFor(config, observed);
  checkLiveStorage(config, planned.generations, storage ?? new Map(), report);
  const room = checkCapacity(capacity ?? [], report);
  const patches = planPatches(planned, workloads, configMaps, report, observed.present.has(config.to.name));
  const atNetwork = networkWarnings(config, patches.waves.flat(), network ?? new Map());
  const atEntrance = checkAgentsAtEntrance(config, workloads, report);
  checkTurn(config, planned, workloads, report);
  const { gates, warnings } = planGates(config, planned, workloads);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    plan: planned,
    patches,
    gates,
    warnings: [...planned.warnings, ...room, ...patches.warnings, ...atNetwork, ...atEntrance, ...warnings],
  };
}
