import type { V1Container, V1PodSpec } from "@kubernetes/client-node" with { "resolution-mode": "import" };

/** What an agent in a pod would do, read from the pod alone: no part of the program is asked. */
export interface EffectiveSettings {
  /** `collector.backend_service`; undefined when only the image knows it. */
  readonly backendService: string | undefined;
  /** `agent.namespace`; undefined when only the image knows it. */
  readonly agentNamespace: string | undefined;
  /** The image that provides the agent's directory; undefined when the application's own image does. */
  readonly agentImage: string | undefined;
}

/**
 * The order in which a Java agent looks for a setting: agent options, then `-D`, then the environment
 * (Setting-override.md, 6.5 to 9.7). The last of several `-D` counts, in the order in which a JVM reads them:
 * JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS, command line.
 */
export function lookUp(container: V1Container, property: string, variable: string): string | undefined {
  const env = new Map((container.env ?? []).map(({ name, value }) => [name, value]));
  const options = [
    env.get("JAVA_TOOL_OPTIONS"),
    env.get("JDK_JAVA_OPTIONS"),
    ...(container.command ?? []),
    ...(container.args ?? []),
  ].join(" ");
  const name = property.replaceAll(".", "\\.");
  const agentOption = new RegExp(`-javaagent:\\S*skywalking-agent\\S*\\.jar=(?:\\S*,)?${name}=([^,\\s]*)`).exec(
    options,
  )?.[1];
  const properties = [...options.matchAll(new RegExp(`-Dskywalking\\.${name}=(\\S*)`, "g"))].map((match) => match[1]);
  return agentOption ?? properties.at(-1) ?? env.get(variable);
}

/** What the agent in one container of a pod would do. */
export function effectiveSettings(spec: V1PodSpec | undefined, containerName: string): EffectiveSettings {
  const container = spec?.containers.find(({ name }) => name === containerName);
  if (spec === undefined || container === undefined) {
    return { backendService: undefined, agentNamespace: undefined, agentImage: undefined };
  }
  const env = new Map((container.env ?? []).map(({ name, value }) => [name, value]));
  const options = [
    env.get("JAVA_TOOL_OPTIONS"),
    env.get("JDK_JAVA_OPTIONS"),
    ...(container.command ?? []),
    ...(container.args ?? []),
  ].join(" ");
  const jar = /-javaagent:(\S*skywalking-agent[^\s=]*\.jar)/.exec(options)?.[1];
  // Where only the image knows where the jar is, any folder that an init container may fill will do.
  const filled = new Set(spec.volumes?.flatMap(({ name, emptyDir }) => (emptyDir === undefined ? [] : [name])));
  // Of two mounts on the way to the jar, the process sees the deeper one.
  const [mount] = (container.volumeMounts ?? [])
    .filter(({ name, mountPath }) => filled.has(name) && (jar === undefined || jar.startsWith(`${mountPath}/`)))
    .sort((one, other) => other.mountPath.length - one.mountPath.length);
  const brings = spec.initContainers?.find(
    ({ volumeMounts }) => mount !== undefined && volumeMounts?.some(({ name }) => name === mount.name),
  );
  return {
    backendService: lookUp(container, "collector.backend_service", "SW_AGENT_COLLECTOR_BACKEND_SERVICES"),
    // Agents before 8.8 have no variable for the namespace; those of the samples are 6.6.
    agentNamespace: lookUp(container, "agent.namespace", ""),
    agentImage: brings?.image,
  };
}
