import * as z from "zod";

import type { AgentLanguage } from "../../skywalking/agent";
import type { Problem } from "../problem";
import type { NamedGeneration } from "../schema/generation";
import type { Move, StageFlag } from "../stage";
import type { WorkloadRef } from "../workload/ref";

/** `enforce`: what stands behind the gate waits for it, and the update fails if it does not pass. */
export const gateMode = z.enum(["enforce", "warn", "off"]);
export type GateMode = z.output<typeof gateMode>;

/** The keys of `gates` that hold for every gate. */
export interface SharedSettings {
  readonly mode: GateMode;
  readonly window: string;
  readonly interval: string;
}

/** The keys that every gate has for itself. */
export interface OwnSettings {
  /** Defaults to that of all gates. */
  readonly mode?: GateMode | undefined;
  /** Until it must pass. */
  readonly timeout: string;
}

/**
 * Where a gate stands in an update.
 *
 * - `the servers change`: before anything of a backend that is upgraded in place.
 * - `agents move`: before the first wave, or before the entrance turns.
 * - `the rest moves`: before the waves that this stage adds.
 * - `the old stops`: after all waves, before the old OAP stops or its backend goes; what follows is the end of the
 *   update where nothing stops.
 */
export type Place = "the servers change" | "agents move" | "the rest moves" | "the old stops";

/** A target service as gates see it. */
export interface ReportingService {
  /** Its key in the config. */
  readonly key: string;
  readonly workload: WorkloadRef;
  readonly language: AgentLanguage;
  /** Whether its agents report under ids, see `keepsId`. */
  readonly keepsId: boolean;
  /** The generation that it reports to at this stage. */
  readonly reportsTo: string;
  /** The name that the OAP of each generation shows. */
  readonly reportedAs: { readonly from: string; readonly to: string };
  /** When what is applied to its workload had last changed before this update; undefined: nothing was applied. */
  readonly applied: Date | undefined;
}

/** What a gate is planned from. */
export interface GateContext {
  readonly move: Move;
  /** At which it is asked: the present stage, or the last one before it that asks this gate. */
  readonly stage: StageFlag;
  readonly from: NamedGeneration;
  /** In place, in its next release. */
  readonly to: NamedGeneration;
  /** `gates.window`. */
  readonly window: string;
  readonly services: readonly ReportingService[];
  /** Keys of the services in each wave of the config. */
  readonly members: readonly (readonly string[])[];
  /** Keys of the services that get a patch at the present stage, wave by wave. */
  readonly waves: readonly (readonly string[])[];
}

/** What a gate asks at a stage. */
export interface Ask<Question> {
  readonly place: Place;
  readonly question: Question;
  /** What it asks, for the preview: `whether ...`. */
  readonly asks: string;
  /** How long it must pass without a break, in milliseconds. Defaults to 0: once is enough. */
  readonly soak?: number;
  /** Keys of the services that it is about. Defaults to none: it is not about single services. */
  readonly services?: readonly string[];
  /** What else makes it ask again when it changes; part of the resource's inputs. Defaults to nothing. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** A gate as its file describes it, with the settings that the config has for it. */
export interface GateDefinition<Question> {
  /** Of the resource. Begins with the generation's, so that the next upgrade has gates of its own. */
  readonly name: (context: GateContext) => string;
  readonly settings: OwnSettings;
  /** The role of the generation whose OAP it asks; absent: it asks none. */
  readonly generation?: "from" | "to";
  /**
   * Whether it is asked at a stage. It stands at those in between as well, with the question of the last of them: what
   * it found is kept, and a stage that is come back to finds it there.
   */
  readonly isAskedAt: (stage: StageFlag, move: Move) => boolean;
  /** What the schema of a single key cannot see. */
  readonly problems?: (shared: SharedSettings) => readonly Problem[];
  /** Undefined: there is nobody to ask about. */
  readonly plan: (context: GateContext) => Ask<Question> | undefined;
}
