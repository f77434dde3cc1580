import { agentProfile } from "../../skywalking/agent";
import type { Config } from "../config";
import { aboutServices, type Warning } from "./warning";

/** What agents that are not restarted do when their backend changes under them. */
export function agentsThatStay({ services, to }: Config): Warning[] {
  const cooling = new Map<number, string[]>();
  const forgetful: string[] = [];
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
        `trace nothing for ${String(minutes)} minutes after shift, unless agent.cool_down_threshold was set when their JVM started; the storage of ${to.name} must be empty, also when you shift a second time`,
      ),
    ),
    ...aboutServices(
      "instance-properties-missing",
      forgetful,
      `do not send the properties of their instances again; on ${to.name} they are missing until the next restart`,
    ),
  ];
}
