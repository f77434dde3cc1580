import type { Config } from "../../upgrade/config";
import { didYouMean } from "../../upgrade/nearest";
import { parseStageFlag, stageFlags, type StageFlag } from "../../upgrade/stage";
import { StepFailed } from "./failure";

/** A stage on the way. One stage is entered twice, to show a rollback. */
export interface Leg {
  /** The flag: `canary-2`. */
  readonly stage: string;
  readonly direction: "forward" | "back" | "forward again";
}

/** The stage after which the demo shows a rollback to the one before: the second wave's, or the nearest that exists. */
function turningPoint(flags: readonly StageFlag[]): StageFlag | undefined {
  const [first, second] = flags.filter(({ wave }) => wave !== undefined);
  return second ?? first ?? flags.find(({ row }) => row.agents === "to");
}

/**
 * The stages in the order in which the demo enters them.
 *
 * @param last - flag of the stage after which it stops. Defaults to the last stage.
 * @throws StepFailed when the stack has no such stage
 */
export function route({ strategy, waves }: Config, last: string | undefined): Leg[] {
  const flags = stageFlags(strategy, waves.length);
  const stages = flags.map(({ text }) => text);
  const flag = parseStageFlag(last ?? stages.at(-1) ?? "", strategy, waves.length);
  if (flag === undefined) {
    const advice = didYouMean(last ?? "", stages, "choose one of them");
    throw new StepFailed(`--stage: "${last}" is not a stage of this stack; allowed: ${stages.join(", ")} -> ${advice}`);
  }
  const turn = turningPoint(flags)?.text;
  return stages.slice(0, flag.index + 1).flatMap((stage, index): Leg[] => {
    const before = stages[index - 1];
    const forward = { stage, direction: "forward" } as const;
    if (stage !== turn || before === undefined) return [forward];
    return [forward, { stage: before, direction: "back" }, { stage, direction: "forward again" }];
  });
}

/** A leg's name in tables: `canary-1 (back)`. */
export function nameOf({ stage, direction }: Leg): string {
  return direction === "forward" ? stage : `${stage} (${direction})`;
}
