import { agentFacts, type AgentLanguage } from "../../skywalking/agent";
import type { ConfigSource } from "../../skywalking/agent/facts";

/**
 * How an agent is told where to report.
 *
 * - `java-tool-options`: `-D` in JAVA_TOOL_OPTIONS, which every JVM reads.
 * - `jdk-java-options`: `-D` in JDK_JAVA_OPTIONS, which the `java` launcher reads from release 9 on, and which is stronger: an
 *   owner who sets JAVA_TOOL_OPTIONS in a manifest leaves it alone.
 * - `agent-options`: options behind the `-javaagent:` that stands in a variable, which the user names.
 * - `env`: the variables that the agent itself reads.
 * - `swck`: annotations of the pods, for the Java agent injector of SkyWalking Cloud on Kubernetes.
 * - `config-map`: the agent's configuration file, where the workload mounts it from a ConfigMap.
 */
export const injects = ["java-tool-options", "jdk-java-options", "agent-options", "env", "swck", "config-map"] as const;
export type Inject = (typeof injects)[number];

/** What of an agent's configuration each way writes. */
const writes: Readonly<Record<Inject, ConfigSource>> = {
  "java-tool-options": "jvm-options",
  "jdk-java-options": "jvm-options",
  "agent-options": "jvm-options",
  env: "variables",
  swck: "jvm-options",
  "config-map": "file",
};

/** The ways to tell an agent of a language something, the default first. Empty: its application's own code alone does. */
export function injectsOf(language: AgentLanguage): readonly Inject[] {
  const { configuredBy } = agentFacts[language];
  return injects.filter((inject) => configuredBy.includes(writes[inject]));
}

/** Variables that hold options of a JVM. */
export const jvmVariables = {
  "java-tool-options": "JAVA_TOOL_OPTIONS",
  "jdk-java-options": "JDK_JAVA_OPTIONS",
} as const satisfies Partial<Record<Inject, string>>;

/** A service's choice, or its language's default; undefined where there is no way. */
export function injectOf({
  inject,
  agent,
}: {
  readonly inject?: Inject | undefined;
  readonly agent: { readonly language: AgentLanguage };
}): Inject | undefined {
  return inject ?? injectsOf(agent.language)[0];
}
