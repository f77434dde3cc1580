import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { findSettings } from "../../upgrade/inject/jvm-options";
import type { FoundAgent } from "../workloads/agent";

/** The part of a service's entry that says how its agent gets its settings. */
export interface Injection {
  /** `inject` and the keys that belong to it; empty for the default of the agent's language. */
  readonly keys: { readonly inject?: string; readonly variable?: string };
  readonly notes: readonly string[];
}

const settings = ["collector.backend_service", "agent.namespace"] as const;

/**
 * How a workload should get its settings: the way it gets them now, since a weaker one could not win and a stronger one
 * is not needed. A value from `valueFrom` cannot be extended.
 */
export function injectionOf({ language, attachment, ...agent }: FoundAgent, container: V1Container): Injection {
  if (language !== "java") return { keys: {}, notes: [] };
  if (attachment.by === "swck") return { keys: { inject: "swck" }, notes: [] };
  const variable = (name: string) => container.env?.find((entry) => entry.name === name);
  const tool = variable("JAVA_TOOL_OPTIONS");
  const jdk = variable("JDK_JAVA_OPTIONS");
  const byOptions = [agent.address, agent.agentNamespace].some((it) => it?.where.startsWith("the agent options in"));
  if (byOptions && attachment.by === "javaagent") {
    const { where } = attachment;
    if (where === "JAVA_TOOL_OPTIONS") return { keys: {}, notes: owners(jdk === undefined) };
    if (where === "JDK_JAVA_OPTIONS") return { keys: { inject: "jdk-java-options" }, notes: [] };
    if (variable(where) !== undefined) return { keys: { inject: "agent-options", variable: where }, notes: [] };
  }
  const inJdk = findSettings(jdk?.value ?? "", settings);
  const attachedByJdk = attachment.by === "javaagent" && attachment.where === "JDK_JAVA_OPTIONS";
  if (attachedByJdk || inJdk.agentOptions.length + inJdk.systemProperties.length > 0) {
    return { keys: { inject: "jdk-java-options" }, notes: [] };
  }
  if (tool?.valueFrom !== undefined) {
    return {
      keys: { inject: "jdk-java-options" },
      notes: ["inject: JAVA_TOOL_OPTIONS comes from elsewhere (valueFrom); JDK_JAVA_OPTIONS needs Java 9 or newer"],
    };
  }
  return { keys: {}, notes: owners(tool !== undefined && jdk === undefined) };
}

function owners(setsTheVariable: boolean): string[] {
  return setsTheVariable
    ? [
        "inject: its owner sets JAVA_TOOL_OPTIONS, so every deploy by that owner moves the agent back; on Java 9 or newer jdk-java-options may avoid that",
      ]
    : [];
}
