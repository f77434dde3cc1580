/** The sample services as their owners would deploy them: who calls whom, and how the agent is attached. */

export interface ShopOptions {
  /** Kubernetes namespace. */
  readonly namespace: string;
  /** `collector.backend_service` in the manifests. */
  readonly backendService: string;
  /** The image with the agent, by service. */
  readonly agentImages: Readonly<Record<string, string>>;
  /** Of the agents, as `-D`: variables do nothing in agents before 8.8. Defaults to none. */
  readonly agentOptions?: readonly string[];
  /** Further variables, by service. Defaults to none. */
  readonly env?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Fan-out at gateway and at orders; orders, payment, ledger is a chain of three. */
export const callees: Readonly<Record<string, readonly string[]>> = {
  gateway: ["catalog", "orders"],
  catalog: [],
  orders: ["payment", "catalog"],
  payment: ["ledger"],
  ledger: [],
};

export const shopServices = Object.keys(callees);

/** Agents 6.6.0 and 7.0.0, as their images have them: both call each other, and others of their own release. */
export const v2Agents: Readonly<Record<string, string>> = {
  gateway: "apache/skywalking-base:6.6.0-es7",
  catalog: "apache/skywalking-base:7.0.0-es7",
  orders: "apache/skywalking-base:6.6.0-es7",
  payment: "apache/skywalking-base:7.0.0-es7",
  ledger: "apache/skywalking-base:7.0.0-es7",
};

/** Agents 9.4.0, as their image has them. */
export const v9Agents: Readonly<Record<string, string>> = Object.fromEntries(
  shopServices.map((service) => [service, "apache/skywalking-java-agent:9.4.0-java17"]),
);

function service(name: string, options: ShopOptions): object[] {
  const { namespace, backendService, agentImages, agentOptions = [], env = {} } = options;
  const labels = { app: name };
  const upstreams = (callees[name] ?? []).map((callee) => `http://${callee}.${namespace}/${callee}`);
  const javaOptions = [
    "-Xmx96m",
    "-javaagent:/sky/agent/skywalking-agent.jar",
    ...agentOptions.map((option) => `-Dskywalking.${option}`),
  ].join(" ");
  const sky = { name: "sky", mountPath: "/sky" };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace },
      spec: {
        // Always one pod: the new one is ready before the old one goes.
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 20,
            initContainers: [
              {
                name: "agent",
                image: agentImages[name],
                command: ["cp", "-R", "/skywalking/agent", "/sky/"],
                volumeMounts: [sky],
              },
            ],
            containers: [
              {
                name: "app",
                image: "skywalking-demo:1",
                env: [
                  { name: "JAVA_TOOL_OPTIONS", value: javaOptions },
                  { name: "SW_AGENT_NAME", value: name },
                  { name: "SW_AGENT_COLLECTOR_BACKEND_SERVICES", value: backendService },
                  { name: "DEMO_NAME", value: name },
                  { name: "UPSTREAM_URLS", value: upstreams.join(",") },
                  ...Object.entries(env[name] ?? {}).map(([key, value]) => ({ name: key, value })),
                ],
                ports: [{ name: "http", containerPort: 8080 }],
                // On a busy machine they are slow, which is no failure.
                readinessProbe: {
                  httpGet: { path: "/healthz", port: "http" },
                  periodSeconds: 2,
                  timeoutSeconds: 10,
                  failureThreshold: 6,
                },
                lifecycle: { preStop: { httpGet: { path: "/drain", port: "http" } } },
                resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "384Mi" } },
                volumeMounts: [sky],
              },
            ],
            volumes: [{ name: "sky", emptyDir: {} }],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
  ];
}

/** Everything that the owners apply. */
export function shop(options: ShopOptions): object[] {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: options.namespace } };
  return [namespace, ...shopServices.flatMap((name) => service(name, options))];
}
