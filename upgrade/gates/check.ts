import * as z from "zod";

import { strict } from "../schema/object";
import { duration, objectName } from "../schema/scalars";
import { actingStages, type Move, type StageFlag } from "../stage";
import { gateMode, type GateDefinition, type Place } from "./definition";

const check = strict({
  /** Defaults to `gates.mode`. */
  mode: gateMode.optional(),
  /**
   * Stages that wait for it: their own action (agents move, servers are replaced, the old OAP stops, the old backend
   * goes) comes after it.
   */
  before: z.array(z.enum(actingStages)).min(1, "is empty -> name at least one stage"),
  /** A program and its arguments; it must end with 0. No shell. */
  command: z.array(z.string()).min(1, "is empty -> name a program").optional(),
  /** Must answer a GET with a status below 400. */
  url: z
    .string()
    .refine(
      (text) => /^https?:\/\/[^\s@]+$/.test(text) && URL.canParse(text),
      "is not a URL; allowed: http or https, no user -> write it in full",
    )
    .optional(),
  /** Until it must have succeeded; it is tried every `gates.interval`. Defaults to 5m. */
  timeout: duration.default("5m"),
});
type Check = z.output<typeof check>;

/** Your own gates, by name. Defaults to none. */
export const checkSettings = z.record(objectName, check).default({});

/** Whether a check of the user's own succeeds. */
export interface CheckQuestion {
  readonly kind: "check";
  /** One of the two. */
  readonly check: Pick<Check, "command" | "url">;
}

export function checks(settings: Readonly<Record<string, Check>>): GateDefinition<CheckQuestion>[] {
  return Object.entries(settings).map(([name, own]) => {
    const { before, command, url } = own;
    const what = command === undefined ? `GET ${String(url)}` : `\`${command.join(" ")}\``;
    return {
      name: () => `check-${name}`,
      settings: own,
      isAskedAt: ({ stage }) => before.includes(stage),
      problems: () =>
        (command === undefined) === (url === undefined)
          ? [
              {
                key: `gates.checks.${name}`,
                wrong: command === undefined ? "has neither a command nor a url" : "has both a command and a url",
                fix: "set one of them",
              },
            ]
          : [],
      plan: ({ move, stage }) => ({
        place: placeBefore(stage, move),
        question: { kind: "check", check: { command, url } },
        asks: `whether ${what} succeeds`,
      }),
    };
  });
}

/** Before what the stage does. */
function placeBefore({ row }: StageFlag, move: Move): Place {
  if (row.everyoneMoved) return "the old stops";
  return move === "servers" ? "the servers change" : "agents move";
}
