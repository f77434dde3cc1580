import type * as pulumi from "@pulumi/pulumi";

import { backendService } from "../upgrade/backend";
import type { NextStage, Plan, PlannedGeneration } from "../upgrade/plan";
import type { Snapshot } from "../upgrade/storage/snapshot";
import type { Warning } from "../upgrade/warnings/warning";

/** What `pulumi stack output` shows of a generation. */
interface GenerationOutput {
  readonly version: string;
  /** `collector.backend_service` of its agents. */
  readonly backendService: string;
  readonly agentNamespace: string;
  readonly state: "running" | "idle" | "adopted";
}

/** What `pulumi stack output` shows. */
export interface Outputs {
  readonly stage: string;
  readonly generations: Readonly<Record<string, GenerationOutput>>;
  /** Which generation each service reports to. */
  readonly services: Readonly<Record<string, string>>;
  /** Who is in which wave. */
  readonly waves: readonly (readonly string[])[];
  /** How long each generation keeps what it collects, and until when the old one is needed for queries. */
  readonly retention: Plan["retention"];
  /** What holds the data of the generation that `retire` has deleted, where a repository is configured. */
  readonly snapshot?: pulumi.Input<Snapshot>;
  readonly next: readonly NextStage[];
  readonly warnings: readonly Warning[];
}

/**
 * The outputs of a plan.
 *
 * @param warnings - all that the decision says; see `Decision`
 * @param snapshot - undefined where none is asked for
 */
export function outputsOf(plan: Plan, warnings: readonly Warning[], snapshot: Promise<Snapshot> | undefined): Outputs {
  return {
    stage: plan.stage,
    generations: Object.fromEntries(plan.generations.map((planned) => [planned.name, generationOutput(planned)])),
    services: plan.reportsTo,
    waves: plan.members,
    retention: plan.retention,
    ...(snapshot === undefined ? {} : { snapshot }),
    next: plan.next,
    warnings,
  };
}

function generationOutput({ name, generation, running }: PlannedGeneration): GenerationOutput {
  return {
    version: generation.version,
    backendService: backendService(name, generation),
    agentNamespace: generation.agentNamespace,
    state: !generation.managed ? "adopted" : running ? "running" : "idle",
  };
}
