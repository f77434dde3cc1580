/**
 * The state of a generation's backend.
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

/** What a stage means. Nothing else knows a stage by its name. */
export interface StageRow {
  readonly from: Backend;
  readonly to: Backend;
  /** Where the agents of the services report; `waves`: to `to` in the waves that have moved, to `from` in the rest. */
  readonly agents: "from" | "waves" | "to";
  /** Whether entering it does something that a check of the user's own can wait for. */
  readonly acts: boolean;
  /**
   * Whether every service has moved before it: no trace is torn apart any more, and what happens concerns `from` alone.
   */
  readonly everyoneMoved: boolean;
  /** Whether the volumes of `from` go with it, where the config says so, once a later stage deletes it. */
  readonly mayDropVolumes: boolean;
  /** Whether there is no way back from it. */
  readonly noWayBack: boolean;
  /** What is left to the user where `from` is adopted. */
  readonly leftToUser?: string;
  /** What entering the stage does, for a reader of the outputs. */
  readonly does: string;
}

const up: Backend = { presence: "up", protect: true };
const idle: Backend = { presence: "idle", protect: true };
const idleIfPresent: Backend = { presence: "idle if present", protect: true };
const drained: Backend = { presence: "idle", protect: false };
const absent: Backend = { presence: "absent", protect: false };

/** What holds before services move, and while they do. */
const before = { acts: false, everyoneMoved: false, mayDropVolumes: false, noWayBack: false } as const;
const moving = { ...before, acts: true } as const;

const drain: StageRow = {
  ...moving,
  from: drained,
  to: up,
  agents: "to",
  everyoneMoved: true,
  mayDropVolumes: true,
  leftToUser: "scale its OAP to 0 yourself",
  does: "stops the OAP of {from} and lifts its protection; objects and data are kept",
};
const retire: StageRow = {
  ...moving,
  from: absent,
  to: up,
  agents: "to",
  everyoneMoved: true,
  noWayBack: true,
  leftToUser: "remove its OAP, UI, Services, RBAC and storage by hand, wherever you installed them",
  does: "removes {from}; its volumes are kept",
};

/**
 * How the agents come to the OAP that an upgrade enters.
 *
 * - `patches`: each workload is patched and its pods are replaced, wave by wave.
 * - `entrance`: they stay as they are, and reconnect when the stable address turns.
 * - `servers`: they stay as they are, and reconnect when the servers at their address are replaced.
 */
export type Move = "patches" | "entrance" | "servers";

interface StrategyRow {
  readonly move: Move;
  /** In order. The tables of docs/design.md. */
  readonly stages: Readonly<Record<string, StageRow>>;
}

/**
 * Every strategy.
 *
 * - `canary`: new OAP and new storage beside the old, agents re-pointed wave by wave.
 * - `hot-reboot`: new OAP and new storage behind one stable address, all agents at once, none restarted.
 * - `in-place`: only the OAP servers are replaced; storage, address and agents stay.
 */
const strategies = {
  canary: {
    move: "patches",
    stages: {
      baseline: {
        ...before,
        from: up,
        to: idleIfPresent,
        agents: "from",
        does: "every agent reports to {from}; {to} is not created, or kept at 0 OAP replicas if it exists",
      },
      provision: {
        ...before,
        from: up,
        to: up,
        agents: "from",
        does: "runs {to} beside {from}; every agent reports to {from}",
      },
      canary: {
        ...moving,
        from: up,
        to: up,
        agents: "waves",
        does: "runs both; the services of the first waves report to {to}",
      },
      shift: { ...moving, from: up, to: up, agents: "to", does: "runs both; every agent reports to {to}" },
      drain,
      retire,
    },
  },
  // Live gRPC streams stay with their peer whatever a Service's selector says: they move when the peer goes away. So
  // only one of the two OAPs ever runs, and turning back is the same step as turning.
  "hot-reboot": {
    move: "entrance",
    stages: {
      baseline: {
        ...before,
        from: up,
        to: idleIfPresent,
        agents: "from",
        does: "the entrance leads to {from}; {to} is not created, or kept at 0 OAP replicas if it exists",
      },
      provision: {
        ...before,
        from: up,
        to: idle,
        agents: "from",
        does: "installs the storage of {to} and keeps its OAP at 0 replicas; the entrance leads to {from}",
      },
      shift: {
        ...moving,
        from: idle,
        to: up,
        agents: "to",
        does: "starts the OAP of {to}, turns the entrance to it and stops the OAP of {from}; every agent reconnects",
      },
      drain,
      retire,
    },
  },
  "in-place": {
    move: "servers",
    stages: {
      baseline: { ...before, from: up, to: up, agents: "from", does: "the OAP of {from} runs its present release" },
      shift: {
        ...moving,
        from: up,
        to: up,
        agents: "to",
        does: "stops the OAP of {from} and starts it in its next release, on the same storage, at the same address",
      },
      retire: {
        ...moving,
        from: up,
        to: up,
        agents: "to",
        everyoneMoved: true,
        noWayBack: true,
        does: "changes nothing; make the next release the present one in the config and end the upgrade",
      },
    },
  },
} satisfies Record<string, StrategyRow>;

type Strategies = typeof strategies;
export type Strategy = keyof Strategies;
export type Stage = { [S in Strategy]: keyof Strategies[S]["stages"] }[Strategy];

export const strategyNames = Object.keys(strategies) as [Strategy, ...Strategy[]];

export function moveOf(strategy: Strategy): Move {
  return strategies[strategy].move;
}

function rowsOf(strategy: Strategy): Readonly<Partial<Record<Stage, StageRow>>> {
  return strategies[strategy].stages;
}

/** The stages of a strategy, in order. */
export function stagesOf(strategy: Strategy): Stage[] {
  return Object.keys(rowsOf(strategy)) as Stage[];
}

/** Whether it has a stage at which services move wave by wave. */
export function hasWaves(strategy: Strategy): boolean {
  return Object.values(rowsOf(strategy)).some(({ agents }) => agents === "waves");
}

/** @throws RangeError where the strategy has no such stage */
export function stageRow(strategy: Strategy, stage: Stage): StageRow {
  const row = rowsOf(strategy)[stage];
  if (row === undefined) throw new RangeError(`strategy ${strategy} has no stage ${stage}`);
  return row;
}

/** The stage of every strategy at which nothing has been done. */
export const firstStage = "baseline" satisfies Stage;

/** Every stage whose entry a check of the user's own can wait for. */
export const actingStages: readonly Stage[] = [...new Set(strategyNames.flatMap(stagesOf))].filter((stage) =>
  strategyNames.some((strategy) => rowsOf(strategy)[stage]?.acts === true),
);

/** One value of the flag `stage`, with what it means. */
export interface StageFlag {
  /** As a user writes it: `canary-2`, `shift`. */
  readonly text: string;
  readonly stage: Stage;
  /** How many waves have moved; undefined for stages that do not move wave by wave. */
  readonly wave: number | undefined;
  /** Its place among all flags of the config; 0 is the first. */
  readonly index: number;
  readonly row: StageRow;
}

/** Every value that the flag `stage` may have, in order: `baseline`, `provision`, `canary-1`, ... */
export function stageFlags(strategy: Strategy, waves: number): StageFlag[] {
  return stagesOf(strategy)
    .flatMap((stage): Omit<StageFlag, "index">[] => {
      const row = stageRow(strategy, stage);
      return row.agents === "waves"
        ? Array.from({ length: waves }, (_, wave) => ({ text: `${stage}-${wave + 1}`, stage, wave: wave + 1, row }))
        : [{ text: stage, stage, wave: undefined, row }];
    })
    .map((flag, index) => ({ ...flag, index }));
}

/** How the flags are written. */
export function stageFlagTexts(strategy: Strategy, waves: number): string[] {
  return stageFlags(strategy, waves).map(({ text }) => text);
}

/** The wave that a flag names, as it is written; undefined for flags that name none. */
export function waveNamed(text: string): string | undefined {
  return /^canary-(\d+)$/.exec(text)?.[1];
}

/**
 * Reads the flag `stage`. `canary` alone is `canary-1`: the smallest step.
 *
 * @returns undefined where the flag is not one of {@link stageFlags}.
 */
export function parseStageFlag(text: string, strategy: Strategy, waves: number): StageFlag | undefined {
  const written = text === "canary" ? "canary-1" : text;
  return stageFlags(strategy, waves).find((flag) => flag.text === written);
}
