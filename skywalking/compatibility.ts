import { satisfies } from "semver";
import { agentFacts, agentReleases, type AgentRef } from "./agent";
import type { OapRelease } from "./oap";
import { isAtLeast, nameRuns, rowAt, versionOf } from "./release";

export { storageCompatible, type StorageVerdict } from "./compatibility/storage";

/** Whether an agent can report to an OAP. */
export type AgentVerdict =
  | { readonly verdict: "ok" }
  /** Another release of the agent is needed: a newer one, or an older one if the OAP is old. */
  | {
      readonly verdict: "needs agent upgrade";
      readonly reason: string;
      readonly source: string;
      /** The releases that work, as runs: `8.0.0 - 8.3.0`. */
      readonly releases: string;
    }
  /** No release of the agent works with the OAP. */
  | { readonly verdict: "impossible"; readonly reason: string; readonly source: string };

/** Whether an agent can report to an OAP. Never throws. */
export function compatibility(agent: AgentRef, oap: OapRelease): AgentVerdict {
  const { value: refused, source } = rowAt(agentFacts[agent.language].refusedBy, oap);
  const refusalOf = (release: string) => refused.find(({ releases }) => satisfies(versionOf(release), releases));

  const all: readonly string[] = agentReleases(agent.language);
  const { release, behavesLike = release } = agent;
  const isKnown = all.includes(behavesLike);
  const why = isKnown
    ? refusalOf(behavesLike)?.why
    : `${JSON.stringify(behavesLike)} is not a release of the ${agent.language} agent`;
  if (why === undefined) return { verdict: "ok" };

  const working = all.filter((release) => refusalOf(release) === undefined);
  const [oldest] = working;
  if (oldest === undefined) return { verdict: "impossible", reason: why, source };
  return {
    verdict: "needs agent upgrade",
    reason: isKnown ? `${isAtLeast(oldest, behavesLike) ? "a newer" : "an older"} agent is needed: ${why}` : why,
    source,
    releases: nameRuns(all, working),
  };
}
