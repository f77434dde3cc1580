import { agentAt } from "../agent-at";
import { propagation } from "../calls";
import type { Config } from "../config";
import { bornOnTo, inNoWave } from "../moves";
import type { ResolvedConfig } from "../waves";
import { aboutServices, type Warning } from "./warning";

/** What the move does to traces, by agent release. */
export function movedAgents(config: Config): Warning[] {
  const { from, to } = config;
  const { everyoneMoved } = config.stage.row;
  const cutOff: string[] = [];
  const split: string[] = [];
  for (const [key, service] of Object.entries(config.services)) {
    // Its agents keep their names and headers; see satellites.
    if (service.agent.language === "satellite") continue;
    const origin = service.origin;
    const [before, after] = [from, to].map(({ name, generation }) => agentAt(service, generation, origin === name));
    if (before === undefined || after === undefined || origin === to.name) continue;
    const sameHeader = propagation(before, from.generation) === propagation(after, to.generation);
    (sameHeader ? split : cutOff).push(key);
  }
  return [
    ...aboutServices(
      "trace-link-lost",
      everyoneMoved ? [] : cutOff,
      "the propagation header changes; a call between a moved and an unmoved service loses its trace link",
    ),
    ...aboutServices(
      "parent-in-other-backend",
      everyoneMoved ? [] : split,
      "a call between a moved and an unmoved service has its parent segment stored in the other backend",
    ),
  ];
}

/** What moves with a Satellite, and what does not. */
export function satellites({ services, to }: Config): Warning[] {
  const names = Object.entries(services)
    .filter(([, { agent }]) => agent.language === "satellite")
    .map(([key]) => key);
  return aboutServices(
    "moves-through-satellite",
    names,
    `everything that reports through it moves to ${to.name} at once, and keeps its agent namespace, name and header`,
    "info",
  );
}

/** Services that stand in no wave. Without waves that is everybody, and nothing to say. */
export function withoutWave(config: ResolvedConfig): Warning[] {
  const rest = config.waves.length === 0 ? [] : inNoWave(config);
  return aboutServices("moves-at-shift", rest, "in no wave, so they move at shift", "info");
}

/** Services that were made for the new backend. */
export function servicesBornOnTo(config: ResolvedConfig): Warning[] {
  const { from, to } = config;
  return aboutServices(
    "agent-stays-on-to",
    bornOnTo(config),
    `made for ${to.name}, with an agent that cannot report to ${from.name}, so they stay on ${to.name} in every stage`,
    "info",
  );
}
