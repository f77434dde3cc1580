import { javaAgentImage, type AgentRef } from "../skywalking/agent";
import { compatibility } from "../skywalking/compatibility";
import { isAtLeast } from "../skywalking/release";
import { backendService } from "./backend";
import type { Config, Generation, NamedGeneration, Service } from "./config";
import type { AgentSettings, JavaAgentUpgrade } from "./inject/agent-settings";

/**
 * The agent that a service runs with when it reports to a generation: its own, unless the generation asks for a newer
 * one or its own cannot report there.
 */
export function agentAt(service: Service, generation: Generation, isOrigin: boolean): AgentRef {
  const own = service.agent;
  const asked = own.language === "java" ? generation.agents.java : undefined;
  if (isOrigin || asked === undefined) return own;
  const ownWillDo =
    isAtLeast(own.release, asked.release) && compatibility(own, generation.behavesLike).verdict === "ok";
  return ownWillDo ? own : { language: own.language, release: asked.release, behavesLike: asked.behavesLike };
}

/**
 * Whether a service was made for `to` and its agent cannot report to `from`: it was born on the new backend and stays
 * there in every stage.
 */
export function staysAtTo(service: Service, from: Generation, originIsTo: boolean): boolean {
  return originIsTo && compatibility(agentAt(service, from, false), from.behavesLike).verdict !== "ok";
}

/** The agent that a generation asks for, where a service's own will not do. */
function javaAgentUpgrade(agent: AgentRef, service: Service, generation: Generation): JavaAgentUpgrade | undefined {
  const asked = generation.agents.java;
  if (asked === undefined || agent.language !== "java" || agent.release === service.agent.release) return undefined;
  const official = javaAgentImage(asked);
  return {
    release: asked.release,
    image: asked.image ?? official.image,
    directory: asked.directory ?? official.directory,
  };
}

/**
 * The namespace that a service's agent is told; undefined: neither the generation nor the workload's own manifest has
 * one, so that there is nothing to say.
 */
function agentNamespaceOf(
  { origin }: Service,
  { agentNamespace }: Generation,
  generations: Config["generations"],
): string | undefined {
  return agentNamespace === "" && generations[origin]?.agentNamespace === "" ? undefined : agentNamespace;
}

/** What a service is told when it reports to a generation that is not its origin. */
export function agentSettings(
  service: Service,
  { name, generation }: NamedGeneration,
  generations: Config["generations"],
): AgentSettings {
  const agent = agentAt(service, generation, false);
  const { tls } = generation;
  const someTls = Object.values(generations).some((each) => each.tls !== undefined);
  return {
    generation: name,
    agent,
    backendService: backendService(name, generation),
    agentNamespace: agentNamespaceOf(service, generation, generations),
    javaAgent: javaAgentUpgrade(agent, service, generation),
    token: generation.token !== undefined,
    tls: someTls ? { on: tls !== undefined, ca: tls?.ca !== undefined } : undefined,
  };
}
