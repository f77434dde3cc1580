import type { Config } from "../../upgrade/config";
import { didYouMean } from "../../upgrade/nearest";
import { nameSome } from "../../upgrade/plan";
import { parseStageFlag, stageFlags, stageFlagText, stageTable, type StageFlag } from "../../upgrade/stage";
import { StepFailed } from "./failure";

/** A stage on the way. It may be entered more than once: one rollback is shown. */
export interface Leg {
  readonly flag: StageFlag;
  readonly direction: "forward" | "back" | "forward again";
}

/** Until where the demo goes before it shows a rollback by one stage: the first of these that the stack has. */
const turningPoints = ["canary-2", "canary-1", "shift"];

/**
 * The stages in the order in which the demo enters them.
 *
 * @param last - flag of the stage after which it stops. Defaults to the last one that there is.
 * @throws StepFailed when the stack has no such stage
 */
export function route({ strategy, waves }: Config, last: string | undefined): Leg[] {
  const flags = stageFlags(strategy, waves.length);
  const stop = last === undefined ? flags.at(-1) : toFlag(last);
  const visited = flags.slice(0, flags.findIndex((flag) => flag === stop) + 1);
  const turn = turningPoints.find((flag) => flags.includes(flag)) ?? "";
  return visited.flatMap((flag, index) => [
    leg(flag, "forward"),
    ...(flag === turn ? [leg(visited[index - 1] ?? flag, "back"), leg(flag, "forward again")] : []),
  ]);

  function toFlag(text: string): string {
    const flag = parseStageFlag(text, strategy, waves.length);
    if (flag !== undefined) return stageFlagText(flag);
    throw new StepFailed(
      `--stage: "${text}" is not a stage of this stack; allowed: ${flags.join(", ")} -> ${didYouMean(text, flags, "choose one of them")}`,
    );
  }

  function leg(text: string, direction: Leg["direction"]): Leg {
    const flag = parseStageFlag(text, strategy, waves.length);
    if (flag === undefined) throw new Error(`${text} is a flag of stageFlags and not one of parseStageFlag`);
    return { flag, direction };
  }
}

/** A leg's name in tables: `canary-1 (back)`. */
export function nameOf({ flag, direction }: Leg): string {
  return direction === "forward" ? stageFlagText(flag) : `${stageFlagText(flag)} (${direction})`;
}

/** What entering a stage does, for a reader. */
export function describe({ flag }: Leg, { from, to, waves }: Config): string {
  const text = stageTable[flag.stage].does.replaceAll("{from}", from.name).replaceAll("{to}", to.name);
  if (flag.stage !== "canary") return text;
  return `${text}; wave ${flag.wave} of ${waves.length} is ${nameSome(waves[flag.wave - 1] ?? [])}`;
}
