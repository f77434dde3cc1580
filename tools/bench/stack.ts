/** Names for that many services. */
export function serviceNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `service-${String(index).padStart(4, "0")}`);
}

const prefixed = (config: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [`skywalking-canary:${key}`, value]));

/** A stack in which all services move at `shift`. */
export function benchConfig(names: readonly string[]): Record<string, unknown> {
  const storage = { kind: "elasticsearch", version: "7.17.29" };
  return prefixed({
    from: "v8",
    to: "v9",
    origin: "v8",
    generations: {
      v8: { version: "8.9.1", agentNamespace: "v8", storage },
      v9: { version: "9.7.0", agentNamespace: "v9", agents: { java: { release: "9.3.0" } }, storage },
    },
    serviceDefaults: { namespace: "shop", agent: { language: "java", release: "8.9.0" } },
    services: Object.fromEntries(names.map((name) => [name, {}])),
    gates: { arrived: { soak: "1s" } },
  });
}

/** What the owners have deployed: agents set up by `JAVA_TOOL_OPTIONS`, the way that changes the most. */
export function benchManifests(names: readonly string[]): string {
  const agentFolder = [{ name: "sky", mountPath: "/sky" }];
  const deployments = names.map((name) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "shop" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          initContainers: [
            { name: "agent", image: "apache/skywalking-java-agent:8.9.0-java11", volumeMounts: agentFolder },
          ],
          containers: [
            {
              name: "app",
              image: `registry.example.com/shop/${name}:1.0.0`,
              env: [
                { name: "JAVA_TOOL_OPTIONS", value: "-Xmx512m -javaagent:/sky/agent/skywalking-agent.jar" },
                { name: "SW_AGENT_NAME", value: name },
                { name: "SW_AGENT_NAMESPACE", value: "v8" },
                { name: "SW_AGENT_COLLECTOR_BACKEND_SERVICES", value: "oap-v8.skywalking-v8.svc:11800" },
              ],
              volumeMounts: agentFolder,
            },
          ],
          volumes: [{ name: "sky", emptyDir: {} }],
        },
      },
    },
  }));
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: [namespace, ...deployments] });
}
