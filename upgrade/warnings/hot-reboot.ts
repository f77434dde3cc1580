import { agentProfile } from "../../skywalking/agent";
import { oapProfile } from "../../skywalking/oap";
import type { Config } from "../config";
import { keepsId } from "../moves";
import { aboutServices, type Warning } from "./warning";

/** What agents that are not restarted do when their backend changes under them. */
export function agentsThatStay({ services, to }: Config): Warning[] {
  const cooling = new Map<number, string[]>();
  const forgetful: string[] = [];
  const withIds = Object.values(services)
    .filter(keepsId)
    .map(({ key }) => key);
  const { release, graphql } = oapProfile(to.generation.behavesLike, to.generation.version);
  for (const [key, { agent }] of Object.entries(services)) {
    const { reRegisters } = agentProfile(agent);
    if (reRegisters.kind === "on reset command") {
      cooling.set(reRegisters.coolDownMinutes, [...(cooling.get(reRegisters.coolDownMinutes) ?? []), key]);
    }
    if (reRegisters.kind === "stateless" && reRegisters.resendsInstanceProperties === false) forgetful.push(key);
  }
  return [
    ...[...cooling].flatMap(([minutes, names]) =>
      aboutServices(
        "cool-down",
        names,
        `trace nothing for ${String(minutes)} minutes after shift, unless agent.cool_down_threshold was set when their JVM started; the storage of ${to.name} must be empty`,
      ),
    ),
    ...aboutServices(
      "ids-kept",
      withIds,
      "keep the ids that an OAP has given them; to go back, or to shift a second time, scale them to 0 until the update is done",
      "info",
    ),
    ...(graphql.reportsItselfAs === undefined
      ? []
      : aboutServices(
          "ids-taken-by-oap",
          withIds,
          `an OAP ${release} takes ids for itself, and an agent that has one of these reports under another name on ${to.name}, or loses its traces: ${to.name}-arrived waits for it, so restart its pods then; OAP 7.0.0 takes none, nor does an application.yml without receiver-so11y`,
        )),
    ...aboutServices(
      "instance-properties-missing",
      forgetful,
      `do not send the properties of their instances again; on ${to.name} they are missing until the next restart`,
    ),
  ];
}
