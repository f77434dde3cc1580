import { agentProfile } from "../skywalking/agent";
import { staysAtTo } from "./agent-at";
import type { Config, Service } from "./config";
import { moveOf } from "./stage";
import type { ResolvedConfig } from "./waves";

/** Services that never report to `from`, whatever the stage. */
export function bornOnTo(config: Omit<Config, "waves">): string[] {
  if (moveOf(config.strategy) !== "patches") return [];
  return Object.entries(config.services)
    .filter(([, service]) => staysAtTo(service, config.from.generation, service.origin === config.to.name))
    .map(([key]) => key);
}

/** The services that report to `to` at this stage. Services in no wave move at `shift`. */
export function movedServices(config: ResolvedConfig): ReadonlySet<string> {
  const { stage, services, waves } = config;
  if (stage.row.agents === "to") return new Set(Object.keys(services));
  const moved = waves.slice(0, stage.wave ?? 0).flat();
  return new Set([...moved, ...bornOnTo(config)]);
}

/** The services that no wave of the config names. */
export function inNoWave({ services, waves }: ResolvedConfig): string[] {
  const named = new Set(waves.flat());
  return Object.keys(services).filter((key) => !named.has(key));
}

/**
 * Whether an agent reports under an id that an OAP has given it, not by its name. It keeps the id until its JVM ends or
 * an OAP that does not know the id takes it back; to an OAP that knows the id as another's, it is that other.
 */
export function keepsId({ agent }: Pick<Service, "agent">): boolean {
  return agentProfile(agent).protocol === "v2";
}
