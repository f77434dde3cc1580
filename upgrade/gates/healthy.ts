import { oapProfile, type OapRelease } from "../../skywalking/oap";
import { isAtLeast } from "../../skywalking/release";
import type { NamedGeneration } from "../schema/generation";
import { milliseconds } from "../duration";
import { plural } from "../plural";
import { section } from "../schema/object";
import { duration } from "../schema/scalars";
import { gateMode, type GateDefinition, type OwnSettings } from "./definition";
import { addressesOf, deafPods, type LivePod } from "./pods";
import type { Verdict } from "./verdict";

/** Before agents move: the OAP of `to` answers, is the declared release, is healthy, and is alone in its cluster. */
export const healthySettings = section({
  /** Defaults to `gates.mode`. */
  mode: gateMode.optional(),
  /** Until the OAP must answer. Defaults to 5m. */
  timeout: duration.default("5m"),
});

/** Whether the OAP that agents are to report to is the declared one, is well, and is alone in its cluster. */
export interface HealthyQuestion {
  readonly kind: "healthy";
  readonly generation: NamedGeneration;
  /** `gates.window`, in minutes. */
  readonly window: number;
}

export function healthy(settings: OwnSettings): GateDefinition<HealthyQuestion> {
  return {
    name: ({ to }) => `${to.name}-healthy`,
    settings,
    generation: "to",
    isAskedAt: ({ row }) => row.acts,
    plan: ({ to, window }) => ({
      place: "agents move",
      question: { kind: "healthy", generation: to, window: milliseconds(window) / 60_000 },
      asks: `whether the OAP of ${to.name} answers, is release ${to.generation.version}, and is alone in its cluster`,
      inputs: { version: to.generation.version },
    }),
  };
}

/** What was read of the OAP that agents are to report to. */
export interface HealthyReading {
  /** The release that the config declares. */
  readonly release: string;
  /** The one whose facts hold. */
  readonly behavesLike: OapRelease;
  /** What it says its version is. */
  readonly version: string;
  /** `checkHealth`; undefined: it cannot be asked. */
  readonly health: { readonly score: number; readonly details: string } | undefined;
  /** Hosts of the nodes that it believes to be its cluster; undefined: it cannot be asked. */
  readonly nodes: readonly string[] | undefined;
  /** Its own pods; undefined: they are not this program's. */
  readonly ownPods: readonly LivePod[] | undefined;
}

/** What an OAP of a release answers to `version`, or begins its answer with (`9.7.0-1a2b3c4` since 8.9). */
function declaredVersion({ release, behavesLike }: HealthyReading): string {
  if (oapProfile(behavesLike).graphql.reportsRealVersion) return release;
  return isAtLeast(behavesLike, "8.0.0") ? "8.0" : "6.0";
}

function clusterProblem({ nodes, ownPods }: HealthyReading): string | undefined {
  if (nodes === undefined || ownPods === undefined) return undefined;
  const addresses = addressesOf(ownPods);
  const strangers = nodes.filter((node) => !addresses.includes(node));
  if (strangers.length > 0) {
    return `its cluster has nodes that are not its own pods: ${strangers.join(", ")}`;
  }
  const missing = addresses.filter((address) => !nodes.includes(address));
  return missing.length > 0
    ? `its cluster has ${String(nodes.length)} of its ${plural(addresses.length, "pod")}; missing: ${missing.join(", ")}`
    : undefined;
}

function healthProblem({ health }: HealthyReading): string | undefined {
  if (health === undefined || health.score === 0) return undefined;
  return health.score < 0 ? "it has not started yet" : `it is not healthy: ${health.details}`;
}

/** Judges what was read of an OAP. */
export function judgeHealthy(generation: string, reading: HealthyReading): Verdict {
  const { release, behavesLike, version, nodes, health, ownPods } = reading;
  const declared = declaredVersion(reading);
  const problem =
    version !== declared && !version.startsWith(`${declared}-`)
      ? `it reports version ${version}, but release ${release} reports ${declared}`
      : (healthProblem(reading) ?? clusterProblem(reading) ?? deafPods(generation, behavesLike, ownPods));
  const facts = {
    version,
    health: health?.score === 0 ? "healthy" : health === undefined ? "cannot be asked" : health.details,
    ...(nodes === undefined ? {} : { nodes: nodes.length }),
  };
  return problem === undefined
    ? { passes: true, evidence: { said: `the OAP of ${generation} answers as ${version}`, ...facts } }
    : { passes: false, evidence: { said: `the OAP of ${generation}: ${problem}`, ...facts } };
}
