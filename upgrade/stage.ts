/**
 * Strategies and their stages, in order.
 *
 * - `canary`: new OAP and new storage beside the old, agents re-pointed wave by wave.
 * - `hot-reboot`: new OAP and new storage behind one stable address, all agents at once, none restarted.
 * - `in-place`: only the OAP servers are replaced; storage, address and agents stay.
 */
export const strategies = {
  canary: ["baseline", "provision", "canary", "shift", "drain", "retire"],
  "hot-reboot": ["baseline", "provision", "shift", "drain", "retire"],
  "in-place": ["baseline", "shift", "retire"],
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

interface Backend {
  readonly presence: Presence;
  readonly protect: boolean;
}

export interface StageRow {
  readonly from: Backend;
  readonly to: Backend;
  /** Where the agents of the services report; `waves`: to `to` in the waves that have moved, to `from` in the rest. */
  readonly agents: "from" | "waves" | "to";
  /** What entering the stage does, for a reader of the outputs. */
  readonly does: string;
}

const up: Backend = { presence: "up", protect: true };
const idle: Backend = { presence: "idle", protect: true };
const idleIfPresent: Backend = { presence: "idle if present", protect: true };
const drained: Backend = { presence: "idle", protect: false };
const absent: Backend = { presence: "absent", protect: false };

const drain: StageRow = {
  from: drained,
  to: up,
  agents: "to",
  does: "stops the OAP of {from} and lifts its protection; objects and data are kept",
};
const retire: StageRow = { from: absent, to: up, agents: "to", does: "removes {from}; its volumes are kept" };

/** The stage tables of docs/design.md. */
const stageTable: { readonly [S in Strategy]: Readonly<Record<(typeof strategies)[S][number], StageRow>> } = {
  canary: {
    baseline: {
      from: up,
      to: idleIfPresent,
      agents: "from",
      does: "every agent reports to {from}; {to} is not created, or kept at 0 OAP replicas if it exists",
    },
    provision: { from: up, to: up, agents: "from", does: "runs {to} beside {from}; every agent reports to {from}" },
    canary: {
      from: up,
      to: up,
      agents: "waves",
      does: "runs both; the services of the first waves report to {to}",
    },
    shift: { from: up, to: up, agents: "to", does: "runs both; every agent reports to {to}" },
    drain,
    retire,
  },
  // Live gRPC streams stay with their peer whatever a Service's selector says: they move when the peer goes away. So
  // only one of the two OAPs ever runs, and turning back is the same step as turning.
  "hot-reboot": {
    baseline: {
      from: up,
      to: idleIfPresent,
      agents: "from",
      does: "the entrance leads to {from}; {to} is not created, or kept at 0 OAP replicas if it exists",
    },
    provision: {
      from: up,
      to: idle,
      agents: "from",
      does: "installs the storage of {to} and keeps its OAP at 0 replicas; the entrance leads to {from}",
    },
    shift: {
      from: idle,
      to: up,
      agents: "to",
      does: "starts the OAP of {to}, turns the entrance to it and stops the OAP of {from}; every agent reconnects",
    },
    drain,
    retire,
  },
  "in-place": {
    baseline: { from: up, to: up, agents: "from", does: "the OAP of {from} runs its present release" },
    shift: {
      from: up,
      to: up,
      agents: "to",
      does: "stops the OAP of {from} and starts it in its next release, on the same storage, at the same address",
    },
    retire: {
      from: up,
      to: up,
      agents: "to",
      does: "changes nothing; make the next release the present one in the config and end the upgrade",
    },
  },
};

/** What a strategy makes of one of its stages. */
export function stageRow(strategy: Strategy, stage: Stage): StageRow {
  const rows: Readonly<Partial<Record<Stage, StageRow>>> = stageTable[strategy];
  const row = rows[stage];
  if (row === undefined) throw new RangeError(`strategy ${strategy} has no stage ${stage}`);
  return row;
}

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
