import { agentProfile } from "../skywalking/agent";
import { agentAt } from "./agent-at";
import type { Config, NamedGeneration, Service } from "./config";
import { settingInManifest } from "./inject/manifest-setting";
import { moveOf } from "./stage";
import type { Workload } from "./workload/workload";

const property = "agent.service_name";

/**
 * The service's name without a namespace: `agent.serviceName` of the config, or what the manifest says, or
 * the service's key.
 */
function ownName(service: Service, workload: Workload | undefined): string {
  const containers = workload?.podSpec.containers ?? [];
  const container = containers.find(({ name }) => name === service.container) ?? containers[0];
  const variable = agentProfile(service.agent).settings.serviceName?.env ?? "";
  const said = container === undefined ? undefined : settingInManifest(container, property, variable);
  return service.agent.serviceName ?? (said === undefined || said === "" ? service.key : said);
}

/** `agent.namespace` of the agents that report to a generation: those that no patch touches keep that of `from`. */
export function agentNamespaceAt(
  { strategy, from }: Pick<Config, "strategy" | "from">,
  { generation }: NamedGeneration,
): string {
  return (moveOf(strategy) === "patches" ? generation : from.generation).agentNamespace;
}

/** The name by which the OAP of a generation shows a service. */
export function reportedName(
  config: Pick<Config, "strategy" | "from">,
  service: Service,
  workload: Workload | undefined,
  at: NamedGeneration,
): string {
  const isOrigin = moveOf(config.strategy) !== "patches" || service.origin === at.name;
  const agent = agentProfile(agentAt(service, at.generation, isOrigin));
  return agent.serviceNameWith(agentNamespaceAt(config, at), ownName(service, workload));
}
