import { agentProfile } from "../../skywalking/agent";
import { agentAt } from "../agent-at";
import type { NamedGeneration, Service } from "../config";
import { settingInManifest } from "../inject/manifest-setting";
import type { Workload } from "../workload/workload";

const property = "agent.service_name";
/** What the agents of all languages call it. */
const variable = "SW_AGENT_NAME";

/**
 * The service's name without a namespace: `agent.serviceName` of the config, or what the manifest says, or the service's
 * key.
 */
export function serviceName(key: string, service: Service, workload: Workload | undefined): string {
  const containers = workload?.podSpec.containers ?? [];
  const container = containers.find(({ name }) => name === service.container) ?? containers[0];
  const said = container === undefined ? undefined : settingInManifest(container, property, variable);
  return service.agent.serviceName ?? (said === undefined || said === "" ? key : said);
}

/** The name by which the OAP of a generation shows a service. */
export function reportedName(
  name: string,
  service: Service,
  { generation }: NamedGeneration,
  isOrigin: boolean,
  agentNamespace = generation.agentNamespace,
): string {
  return agentProfile(agentAt(service, generation, isOrigin)).serviceNameWith(agentNamespace, name);
}
