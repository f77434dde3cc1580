import { agentProfile, type AgentRef } from "../skywalking/agent";
import { agentAt } from "./agent-at";
import type { Config, Generation, NamedGeneration } from "./config";
import type { Warning } from "./warnings/warning";

/** The part of a header that caller and callee must share for a trace to continue. */
export function propagation(agent: AgentRef, generation: Generation): string {
  const { protocol, namespaceEffect } = agentProfile(agent);
  return `${protocol} ${namespaceEffect === "header-prefix" ? generation.agentNamespace : ""}`;
}

/**
 * The calls that cross from one backend to the other, and what breaks.
 *
 * @param placeOf - the generation that a service reports to
 */
export function crossingCalls(
  { calls, services }: Pick<Config, "calls" | "services">,
  placeOf: (key: string) => NamedGeneration,
): Warning[] {
  return calls.flatMap(({ caller, callee }) => {
    const [from, to] = [placeOf(caller), placeOf(callee)];
    if (from.name === to.name) return [];
    const headers = Object.entries(services)
      .filter(([key]) => key === caller || key === callee)
      .map(([key, service]) => {
        const place = placeOf(key);
        return propagation(agentAt(service, place.generation, service.origin === place.name), place.generation);
      });
    const broken =
      new Set(headers).size === 1
        ? "its parent segment is stored in the other backend"
        : "the trace link is lost, because their headers differ";
    const text = `${caller} (${from.name}) -> ${callee} (${to.name}): ${broken}`;
    return [{ id: "call-between-backends", severity: "warning", services: [caller, callee], text }];
  });
}
