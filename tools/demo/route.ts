import type { Config } from "../../upgrade/config";
import { didYouMean } from "../../upgrade/nearest";
import { parseStageFlag, stageFlags, stageFlagText } from "../../upgrade/stage";
import { StepFailed } from "./failure";

/** A stage on the way. It may be entered more than once: one rollback is shown. */
export interface Leg {
  /** The flag: `canary-2`. */
  readonly stage: string;
  readonly direction: "forward" | "back" | "forward again";
}

/** After which stage the demo shows a rollback to the one before: the first of these that the stack has. */
const turningPoints = ["canary-2", "canary-1", "shift"];

/**
 * The stages in the order in which the demo enters them.
 *
 * @param last - flag of the stage after which it stops. Defaults to the last one that there is.
 * @throws StepFailed when the stack has no such stage
 */
export function route({ strategy, waves }: Config, last: string | undefined): Leg[] {
  const stages = stageFlags(strategy, waves.length);
  const flag = parseStageFlag(last ?? stages.at(-1) ?? "", strategy, waves.length);
  if (flag === undefined) {
    const advice = didYouMean(last ?? "", stages, "choose one of them");
    throw new StepFailed(`--stage: "${last}" is not a stage of this stack; allowed: ${stages.join(", ")} -> ${advice}`);
  }
  const turn = turningPoints.find((stage) => stages.includes(stage));
  return stages.slice(0, stages.indexOf(stageFlagText(flag)) + 1).flatMap((stage, index): Leg[] => {
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
