import { oapProfile, type OapRelease } from "../../skywalking/oap";
import { isAtLeast } from "../../skywalking/release";
import type { Verdict } from "./verdict";

/** What was read of the OAP that agents are to report to. */
export interface HealthyReading {
  /** The release that the config declares. */
  readonly release: OapRelease;
  /** What it says its version is. */
  readonly version: string;
  /** `checkHealth`; undefined: it cannot be asked. */
  readonly health: { readonly score: number; readonly details: string } | undefined;
  /** Hosts of the nodes that it believes to be its cluster; undefined: it cannot be asked. */
  readonly nodes: readonly string[] | undefined;
  /** Addresses of its own pods; undefined: they are not this program's. */
  readonly ownPods: readonly string[] | undefined;
}

/** What an OAP of a release answers to `version`, or begins its answer with (`9.7.0-1a2b3c4` since 8.9). */
function declaredVersion(release: OapRelease): string {
  if (oapProfile(release).graphql.reportsRealVersion) return release;
  return isAtLeast(release, "8.0.0") ? "8.0" : "6.0";
}

function clusterProblem({ nodes, ownPods }: HealthyReading): string | undefined {
  if (nodes === undefined || ownPods === undefined) return undefined;
  const strangers = nodes.filter((node) => !ownPods.includes(node));
  if (strangers.length > 0) {
    return `its cluster has nodes that are none of its ${String(ownPods.length)} pods: ${strangers.join(", ")}`;
  }
  const missing = ownPods.filter((pod) => !nodes.includes(pod));
  return missing.length > 0
    ? `its cluster has ${String(nodes.length)} of its ${String(ownPods.length)} pods; missing: ${missing.join(", ")}`
    : undefined;
}

function healthProblem({ health }: HealthyReading): string | undefined {
  if (health === undefined || health.score === 0) return undefined;
  return health.score < 0 ? "it has not started yet" : `it is not healthy: ${health.details}`;
}

/** Whether an OAP is the one that was declared, is well, and is alone in its cluster. */
export function judgeHealthy(generation: string, reading: HealthyReading): Verdict {
  const { release, version, nodes, health } = reading;
  const declared = declaredVersion(release);
  const problem =
    version !== declared && !version.startsWith(`${declared}-`)
      ? `it says that its version is ${version}, and ${release} says ${declared}`
      : (healthProblem(reading) ?? clusterProblem(reading));
  const facts = {
    version,
    health: health?.score === 0 ? "healthy" : health === undefined ? "cannot be asked" : health.details,
    ...(nodes === undefined ? {} : { nodes: nodes.length }),
  };
  return problem === undefined
    ? { holds: true, evidence: { said: `the OAP of ${generation} answers as ${version}`, ...facts } }
    : { holds: false, evidence: { said: `the OAP of ${generation}: ${problem}`, ...facts } };
}
