import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { agentProfile } from "../../skywalking/agent";
import { agentAt } from "../agent-settings";
import type { NamedGeneration, Service } from "../config";
import { agentOptionsOf } from "../jvm-options";
import type { Workload } from "../workload";

const property = "agent.service_name";
/** What the agents of all languages call it. */
const variable = "SW_AGENT_NAME";

/** The name that a container's manifest gives to the service, as far as it can be read: options win over `-D`, that over the variable. */
function nameInManifest(container: V1Container): string | undefined {
  const env = new Map((container.env ?? []).map(({ name, value }) => [name, value]));
  const options = [
    env.get("JAVA_TOOL_OPTIONS") ?? "",
    env.get("JDK_JAVA_OPTIONS") ?? "",
    ...(container.command ?? []),
    ...(container.args ?? []),
  ].join(" ");
  const properties = [...options.matchAll(/-Dskywalking\.agent\.service_name=(\S+)/g)].map((match) => match[1]);
  return agentOptionsOf(options).get(property) ?? properties.at(-1) ?? env.get(variable);
}

/**
 * The service's name without a namespace: `agent.serviceName` of the config, or what the manifest says, or the service's
 * key.
 */
export function serviceName(key: string, service: Service, workload: Workload | undefined): string {
  const containers = workload?.podSpec.containers ?? [];
  const container = containers.find(({ name }) => name === service.container) ?? containers[0];
  const said = container === undefined ? undefined : nameInManifest(container);
  return service.agent.serviceName ?? (said === undefined || said === "" ? key : said);
}

/** The name by which the OAP of a generation shows a service. */
export function reportedName(
  name: string,
  service: Service,
  { generation }: NamedGeneration,
  isOrigin: boolean,
  agentNamespace = generation.agentNamespace ?? "",
): string {
  return agentProfile(agentAt(service, generation, isOrigin)).serviceNameWith(agentNamespace, name);
}
