/** The sample services as their owners would deploy them: who calls whom, and how the agent is attached. */

export interface ShopOptions {
  /** Kubernetes namespace. */
  readonly namespace: string;
  /** `collector.backend_service` in the manifests. */
  readonly backendService: string;
  readonly agentImage: string;
  /** `agent.namespace` in the manifests, as `-D`: the variable does nothing in agents before 8.8. */
  readonly agentNamespace: string | undefined;
  /** How often an agent without a backend looks for one, in seconds. Defaults to the agent's own 30. */
  readonly reconnect?: number;
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

function service(name: string, options: ShopOptions): object[] {
  const { namespace, backendService, agentImage, agentNamespace, reconnect } = options;
  const labels = { app: name };
  const upstreams = (callees[name] ?? []).map((callee) => `http://${callee}.${namespace}/${callee}`);
  const javaOptions = [
    "-Xmx96m",
    "-javaagent:/sky/agent/skywalking-agent.jar",
    ...(agentNamespace === undefined ? [] : [`-Dskywalking.agent.namespace=${agentNamespace}`]),
    ...(reconnect === undefined ? [] : [`-Dskywalking.collector.grpc_channel_check_interval=${String(reconnect)}`]),
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
                image: agentImage,
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
