import { crossingCalls } from "../calls";
import type { NamedGeneration } from "../config";
import { moveOf, type Move } from "../stage";
import type { ResolvedConfig } from "../waves";
import { leftToOthers, notDrained, notUsed, secretsInClear, storagesInUse, variablesNotRead } from "./generations";
import { agentsThatStay } from "./hot-reboot";
import { nextRelease } from "./in-place";
import { changedNames, type NamesContext } from "./names";
import { movedAgents, satellites, servicesBornOnTo, withoutWave } from "./moves";
import { releasesNotKnown } from "./releases";
import type { Warning } from "./warning";

/** What the warnings of a plan are made from. */
export interface WarningContext extends Omit<NamesContext, "config"> {
  readonly config: ResolvedConfig;
  /** The generations that are declared at this stage. */
  readonly declared: readonly NamedGeneration[];
  /** Generations that are in the cluster, with the replicas that their OAP is to have. */
  readonly present: ReadonlyMap<string, number>;
}

const ofMove: Readonly<Record<Move, (context: WarningContext) => Warning[]>> = {
  patches: ({ config, present, moved, ...names }) => [
    ...changedNames({ config, moved, ...names }),
    ...movedAgents(config),
    ...satellites(config),
    ...withoutWave(config),
    ...crossingCalls(config, (key) => (moved.has(key) ? config.to : config.from)),
    ...servicesBornOnTo(config),
    ...notDrained(config, present),
  ],
  entrance: ({ config, present }) => [...agentsThatStay(config), ...notDrained(config, present)],
  servers: ({ config }) => nextRelease(config),
};

/** The warnings of a plan, in the order in which they are shown. */
export function planWarnings(context: WarningContext): Warning[] {
  const { config, declared } = context;
  return [
    ...ofMove[moveOf(config.strategy)](context),
    ...releasesNotKnown(config),
    ...storagesInUse(declared),
    ...variablesNotRead(declared),
    ...secretsInClear(config),
    ...leftToOthers(config),
    ...notUsed(config),
  ];
}
