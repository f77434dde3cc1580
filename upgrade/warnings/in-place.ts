import { agentReleases, type AgentRef } from "../../skywalking/agent";
import { compatibility, storageCompatible } from "../../skywalking/compatibility";
import { isAtLeast } from "../../skywalking/release";
import { inNextRelease } from "../backend";
import type { Config, Generation } from "../config";
import { storageRef } from "../storage/storage";
import { oapNotKnown } from "./releases";
import { aboutGeneration, aboutServices, type Warning } from "./warning";

/** What the next release finds: the storage of the release before, and agents that are older than it. */
export function nextRelease({ services, from }: Config): Warning[] {
  const { name, generation } = from;
  if (!generation.managed || generation.inPlace === undefined) return [];
  const next = inNextRelease(generation);
  const older = Object.entries(services)
    .filter(([, { agent }]) => hasNewer(agent, next))
    .map(([key]) => key);
  const storage = storageCompatible(generation.behavesLike, next.behavesLike, storageRef(generation).kind);
  return [
    ...oapNotKnown(name, next),
    ...("caution" in storage
      ? [aboutGeneration("storage-caution", name, `: on the storage of ${generation.version}, ${storage.caution}`)]
      : []),
    ...aboutServices(
      "agents-older-than-oap",
      older,
      `run agents that are older than OAP ${next.version}; upgrade them as soon as practicable`,
    ),
  ];
}

/** Whether an agent is older than an OAP, and a newer one could report there. */
function hasNewer({ language, release }: AgentRef, { version, behavesLike }: Generation): boolean {
  if (isAtLeast(release, version)) return false;
  return agentReleases(language).some(
    (newer) => !isAtLeast(release, newer) && compatibility({ language, release: newer }, behavesLike).verdict === "ok",
  );
}
