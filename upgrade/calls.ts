import { agentProfile, type AgentRef } from "../skywalking/agent";
import { agentAt, staysAtTo } from "./agent-at";
import type { Config, Generation, NamedGeneration, Service } from "./config";
import type { Warning } from "./warnings/warning";

/** The part of a header that caller and callee must share for a trace to continue. */
export function propagation(agent: AgentRef, generation: Generation): string {
  const { protocol, namespaceEffect } = agentProfile(agent);
  return `${protocol} ${namespaceEffect === "header-prefix" ? generation.agentNamespace : ""}`;
}

/**
 * Whether a service's agents tell the two backends apart by their namespace alone: they put it into the header, and
 * both generations have the same one or none. Where agents have another protocol on `to`, or do not put it there (Java
 * from 8.10 on), it isolates nothing.
 */
export function needsOtherNamespace(service: Service, from: NamedGeneration, to: NamedGeneration): boolean {
  if (from.generation.agentNamespace !== to.generation.agentNamespace) return false;
  if (staysAtTo(service, from.generation, service.origin === to.name)) return false;
  const effects = [from, to].map(({ name, generation }) => {
    const { protocol, namespaceEffect } = agentProfile(agentAt(service, generation, service.origin === name));
    return `${protocol} ${namespaceEffect}`;
  });
  return effects.every((effect) => effect === effects[0] && effect.endsWith("header-prefix"));
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
