/**
 * Strategies and their stages, in order. The next strategies are rows here and in {@link stageTable}.
 *
 * - `canary`: new OAP and new storage beside the old, agents re-pointed wave by wave.
 */
export const strategies = {
  canary: ["baseline", "provision", "canary", "shift", "drain", "retire"],
} as const;

export type Strategy = keyof typeof strategies;
export type Stage = (typeof strategies)[Strategy][number];

/**
 * What becomes of a generation's backend.
 *
 * - `up`: storage, OAP and UI run.
 * - `idle`: OAP and UI at 0 replicas; storage, objects and data are kept.
 * - `idle if present`: like `idle` where the generation is already in the cluster, else `absent`. A user who goes back
 *   to `baseline` keeps what `to` has collected, and one who never left it gets no second backend.
 * - `absent`: not declared; volumes outlive it.
 */
export type Presence = "up" | "idle" | "idle if present" | "absent";

/** Where the agents of a service report: the services of the waves moved so far may differ from the rest. */
interface StageRow {
  readonly from: { readonly presence: Presence; readonly protect: boolean };
  readonly to: { readonly presence: Presence; readonly protect: boolean };
  readonly agents: "from" | "waves" | "to";
  /** What entering the stage does, for a reader of the outputs. */
  readonly does: string;
}

/** The stage table of docs/design.md. */
export const stageTable: Readonly<Record<Stage, StageRow>> = {
  baseline: {
    from: { presence: "up", protect: true },
    to: { presence: "idle if present", protect: true },
    agents: "from",
    does: "every agent reports to {from}; {to} is not created, or kept at 0 OAP replicas if it exists",
  },
  provision: {
    from: { presence: "up", protect: true },
    to: { presence: "up", protect: true },
    agents: "from",
    does: "runs {to} beside {from}; every agent reports to {from}",
  },
  canary: {
    from: { presence: "up", protect: true },
    to: { presence: "up", protect: true },
    agents: "waves",
    does: "runs both; the services of the first waves report to {to}",
  },
  shift: {
    from: { presence: "up", protect: true },
    to: { presence: "up", protect: true },
    agents: "to",
    does: "runs both; every agent reports to {to}",
  },
  drain: {
    from: { presence: "idle", protect: false },
    to: { presence: "up", protect: true },
    agents: "to",
    does: "scales the OAP of {from} to 0 and lifts its protection; objects and data are kept",
  },
  retire: {
    from: { presence: "absent", protect: false },
    to: { presence: "up", protect: true },
    agents: "to",
    does: "removes {from}; its volumes are kept",
  },
};

/** The stage flag as a user writes it, taken apart. `wave` counts from 1 and is there in stage `canary` only. */
export type StageFlag =
  { readonly stage: Exclude<Stage, "canary"> } | { readonly stage: "canary"; readonly wave: number };

/** Every value that the flag `stage` may have, in order: `baseline`, `provision`, `canary-1`, ... */
export function stageFlags(strategy: Strategy, waves: number): string[] {
  return strategies[strategy].flatMap((stage) =>
    stage === "canary" ? Array.from({ length: waves }, (_, index) => `canary-${String(index + 1)}`) : [stage],
  );
}

/** How a stage is written in the config: `canary-2`, `shift`. */
export function stageFlagText(flag: StageFlag): string {
  return flag.stage === "canary" ? `canary-${String(flag.wave)}` : flag.stage;
}

/**
 * Reads the flag `stage`. `canary` alone is `canary-1`: the smallest step.
 *
 * @returns undefined where the flag is not one of {@link stageFlags}.
 */
export function parseStageFlag(text: string, strategy: Strategy, waves: number): StageFlag | undefined {
  const flag = text === "canary" ? "canary-1" : text;
  return stageFlags(strategy, waves).includes(flag) ? parseStage(flag) : undefined;
}

/** Takes apart one of {@link stageFlags}. */
export function parseStage(flag: string): StageFlag {
  const [, wave] = /^canary-(\d+)$/.exec(flag) ?? [];
  return wave === undefined
    ? { stage: flag as Exclude<Stage, "canary"> } // The other flags are names of stages.
    : { stage: "canary", wave: Number(wave) };
}
