import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { agentOptionsOf } from "./jvm-options";

/**
 * What a container's manifest tells its agent, as far as it can be read: options win over `-D`, that over the agent's
 * own variable (Setting-override.md of the Java agent, 6.5 to 9.7).
 *
 * @param property - the agent's name for it: `collector.backend_service`
 * @param variable - the variable that the agent reads it from; "" for none
 */
export function settingInManifest(container: V1Container, property: string, variable: string): string | undefined {
  const env = new Map((container.env ?? []).map(({ name, value }) => [name, value]));
  // In the order in which a JVM reads them: of several -D the last counts.
  const options = [
    env.get("JAVA_TOOL_OPTIONS") ?? "",
    env.get("JDK_JAVA_OPTIONS") ?? "",
    ...(container.command ?? []),
    ...(container.args ?? []),
  ].join(" ");
  const name = property.replaceAll(".", "\\.");
  const properties = [...options.matchAll(new RegExp(`-Dskywalking\\.${name}=(\\S+)`, "g"))].map((match) => match[1]);
  return agentOptionsOf(options).get(property) ?? properties.at(-1) ?? env.get(variable);
}
