import type { AgentSettings } from "../../../upgrade/inject/agent-settings";
import type { Service } from "../../../upgrade/config";
import type { ConfigMaps } from "../../../upgrade/inject/target";
import type { Workload } from "../../../upgrade/workload/workload";
import { env, javaagent, outcomeOf, placed, v9, v9WithAgent, workload, type Container } from "../target";

const withToken: AgentSettings = { ...v9, token: true };
const without: AgentSettings = { ...v9, agentNamespace: "" };
const satellite = { agent: { language: "satellite", release: "1.2.0" } } as const;
const python = { agent: { language: "python", release: "1.1.0" } } as const;
const fromElsewhere = (name: string) => [{ name, valueFrom: { configMapKeyRef: { name: "c", key: "k" } } }];

type Case = [string, Partial<Container>, Partial<Service>, AgentSettings, string[]];

function problemsOf(
  target: Workload,
  fields: Partial<Service>,
  settings: AgentSettings,
  configMaps?: ConfigMaps,
): string[] {
  return outcomeOf(placed(settings, fields), target, configMaps).problems;
}

const optionsIn = (variable: string): Partial<Service> => ({ inject: "agent-options", variable });

test.each<Case>([
  [
    "agent-options: a variable from elsewhere",
    { env: fromElsewhere("JAVA_OPTS") },
    optionsIn("JAVA_OPTS"),
    v9,
    [
      "services.cart.variable: cannot keep JAVA_OPTS: its value comes from elsewhere (valueFrom) and cannot be extended -> have its owner write the value into the manifest, or choose another way to inject",
    ],
  ],
  [
    "agent-options: a variable that only the image sets",
    {},
    optionsIn("JAVA_OPTS"),
    v9,
    [
      "services.cart.imageEnv.JAVA_OPTS: is missing: the manifest does not set JAVA_OPTS, and a variable of the pod would hide what the image sets -> set it to what the image has (`docker inspect`)",
    ],
  ],
  [
    "agent-options: a variable without an agent",
    { env: env({ JAVA_OPTS: "-Xmx1g" }) },
    optionsIn("JAVA_OPTS"),
    v9,
    [
      'services.cart.variable: names JAVA_OPTS, which has no -javaagent of SkyWalking: "-Xmx1g" -> name the variable that has it',
    ],
  ],
  [
    "agent-options: an agent in two places",
    { args: [javaagent], env: env({ JAVA_OPTS: javaagent }) },
    optionsIn("JAVA_OPTS"),
    v9,
    [
      "services.cart.variable: is not the only one: its command line has a -javaagent of SkyWalking too -> have its owner attach the agent once",
    ],
  ],
  [
    "agent-options: a namespace that nothing takes away",
    { env: env({ JAVA_OPTS: javaagent, SW_AGENT_NAMESPACE: "v6" }) },
    optionsIn("JAVA_OPTS"),
    without,
    [
      "services.cart.inject: cannot remove the agent namespace: SW_AGENT_NAMESPACE sets agent.namespace, and agent options cannot be empty -> give the generation an agentNamespace, or choose another way to inject",
    ],
  ],
  [
    "agent-options: a namespace as -D that nothing takes away",
    { args: ["-Dskywalking.agent.namespace=v6"], env: env({ JAVA_OPTS: javaagent }) },
    optionsIn("JAVA_OPTS"),
    without,
    [
      "services.cart.inject: cannot remove the agent namespace: its command line sets agent.namespace, and agent options cannot be empty -> give the generation an agentNamespace, or choose another way to inject",
    ],
  ],
  [
    "agent-options: a new agent.config without the service's name",
    { env: env({ JAVA_OPTS: javaagent }) },
    optionsIn("JAVA_OPTS"),
    v9WithAgent,
    [
      "services.cart.agent.serviceName: is missing: the agent is upgraded with a new agent.config, and the manifest does not name the service (SW_AGENT_NAME or agent.service_name) -> set it to the name that SkyWalking shows today",
    ],
  ],
  [
    "env: one of two that the owner sets",
    { args: [javaagent], env: env({ SW_AGENT_COLLECTOR_BACKEND_SERVICES: "oap-v6:11800" }) },
    { inject: "env" },
    v9,
    [
      "services.cart.inject: would be split: the owner's manifest sets SW_AGENT_COLLECTOR_BACKEND_SERVICES and not SW_AGENT_NAMESPACE, so the owner's next deploy would reset only the former -> have the owner set all of SW_AGENT_COLLECTOR_BACKEND_SERVICES, SW_AGENT_NAMESPACE, or none; or choose another way to inject",
    ],
  ],
  [
    "env: what options of the JVM set",
    { args: [`${javaagent}=agent.namespace=v6`, "-Dskywalking.collector.backend_service=a:1"] },
    { inject: "env" },
    v9,
    [
      "services.cart.inject: would have no effect: its command line sets agent.namespace and collector.backend_service, which takes precedence over variables -> remove it there, or choose another way to inject",
    ],
  ],
  [
    "env: a variable from elsewhere",
    { env: fromElsewhere("SW_AGENT_NAMESPACE") },
    python,
    { ...v9, ...python },
    [
      "services.cart.inject: cannot take over SW_AGENT_NAMESPACE: the owner's manifest sets it from elsewhere (valueFrom) -> have its owner remove it from the manifest, or choose another way to inject",
    ],
  ],
  [
    "env: a token in the owner's manifest",
    { env: env({ SW_AGENT_AUTHENTICATION: "old" }) },
    python,
    { ...withToken, ...python },
    [
      "services.cart.inject: cannot take over SW_AGENT_AUTHENTICATION: the owner's manifest sets it, and the token has to come from a Secret -> have its owner remove it from the manifest, or choose another way to inject",
    ],
  ],
  [
    "env: a new agent that the owner's next deploy would tear from its address",
    {
      args: [javaagent],
      env: env({ SW_AGENT_NAME: "cart", SW_AGENT_COLLECTOR_BACKEND_SERVICES: "a:1", SW_AGENT_NAMESPACE: "v6" }),
    },
    { inject: "env" },
    v9WithAgent,
    [
      "services.cart.inject: cannot move the agent's jar, address and namespace as one: SW_AGENT_COLLECTOR_BACKEND_SERVICES is set by the workload's owner, the jar is attached elsewhere, and the owner's next deploy would separate them -> remove it from the manifest, or set inject: java-tool-options",
    ],
  ],
  [
    "env: a Satellite that finds its OAP by the API server",
    { env: env({ SATELLITE_GRPC_CLIENT_FINDER: "kubernetes" }) },
    satellite,
    { ...v9, ...satellite },
    [
      'services.cart.inject: would have no effect: SATELLITE_GRPC_CLIENT_FINDER is "kubernetes", and only a static finder reads an address -> have its owner set SATELLITE_GRPC_CLIENT_FINDER to static, or change what it finds by hand',
    ],
  ],
  [
    "swck: no injector",
    {},
    { inject: "swck" },
    v9,
    [
      'services.cart.inject: finds no injector: the pods of Deployment shop/cart have no label swck-java-agent-injected: "true" -> choose another way to inject, or have its owner add the injector first',
    ],
  ],
])("%s", (_, container, fields, settings, problems) => {
  expect(problemsOf(workload(container), fields, settings)).toEqual(problems);
});

describe("swck", () => {
  const injected = (container: Partial<Container> = {}, podAnnotations: Record<string, string> = {}): Workload => ({
    ...workload(container),
    podLabels: { "swck-java-agent-injected": "true" },
    podAnnotations,
  });

  test.each<[string, Workload, AgentSettings, string[]]>([
    [
      "an agent beside the injected one",
      injected({ args: [javaagent] }),
      v9,
      [
        "services.cart.inject: is not the only agent: its command line has a -javaagent of SkyWalking too -> choose another way to inject, or have its owner attach the agent once",
      ],
    ],
    [
      "one of two annotations that the owner sets",
      injected({}, { "agent.skywalking.apache.org/collector.backend_service": "oap-v6:11800" }),
      v9,
      [
        "services.cart.inject: would be split: the owner's manifest sets agent.skywalking.apache.org/collector.backend_service and not agent.skywalking.apache.org/agent.namespace, so the owner's next deploy would reset only the former -> have the owner set all of agent.skywalking.apache.org/collector.backend_service, agent.skywalking.apache.org/agent.namespace, or none; or choose another way to inject",
      ],
    ],
    [
      "a namespace that nothing takes away, in an annotation",
      injected({}, { "agent.skywalking.apache.org/agent.namespace": "v6" }),
      without,
      [
        "services.cart.inject: cannot remove the agent namespace: agent.skywalking.apache.org/agent.namespace sets agent.namespace, and agent options cannot be empty -> give the generation an agentNamespace, or choose another way to inject",
      ],
    ],
    [
      "a namespace that nothing takes away, in a variable",
      injected({ env: env({ SW_AGENT_NAMESPACE: "v6" }) }),
      without,
      [
        "services.cart.inject: cannot remove the agent namespace: SW_AGENT_NAMESPACE sets agent.namespace, and agent options cannot be empty -> give the generation an agentNamespace, or choose another way to inject",
      ],
    ],
    [
      "an image with the agent elsewhere",
      injected(),
      { ...v9, javaAgent: { release: "9.3.0", image: "ours:1", directory: "/agent" } },
      [
        "services.cart.inject: cannot bring the agent from /agent of ours:1: the injector copies /skywalking/agent -> use an image that has it there, such as the official one",
      ],
    ],
    [
      "a token in the owner's manifest",
      injected({ env: env({ SW_AGENT_AUTHENTICATION: "old" }) }),
      withToken,
      [
        "services.cart.inject: cannot take over SW_AGENT_AUTHENTICATION: the owner's manifest sets it, and the token has to come from a Secret -> have its owner remove it from the manifest",
      ],
    ],
  ])("%s", (_, target, settings, problems) => {
    expect(problemsOf(target, { inject: "swck" }, settings)).toEqual(problems);
  });
});

describe("config-map", () => {
  const byFile: Partial<Service> = { inject: "config-map", configFile: { volume: "agent-config" } };
  const mounts = [{ name: "agent-config", mountPath: "/skywalking/agent/config" }];
  const target = (container: Partial<Container>, volumes: Workload["podSpec"]["volumes"]): Workload => ({
    ...workload({}),
    podSpec: { containers: [{ name: "app", ...container }], ...(volumes === undefined ? {} : { volumes }) },
  });
  const volume = [{ name: "agent-config", configMap: { name: "cart-agent" } }];
  const configMaps: ConfigMaps = new Map([["default/shop/cart-agent", { "agent.config": "a=b" }]]);

  test.each<[string, Workload, AgentSettings, ConfigMaps, string[]]>([
    [
      "no volumes",
      target({}, undefined),
      v9,
      configMaps,
      [
        "services.cart.configFile.volume: names no volume with a ConfigMap of Deployment shop/cart; allowed: none, it has no such volume -> name the volume that has the agent's configuration file, or choose another way to inject",
      ],
    ],
    [
      "several volumes and none named",
      target({}, [
        { name: "settings", configMap: { name: "s" } },
        { name: "agent-config", configMap: { name: "cart-agent" } },
      ]),
      v9,
      configMaps,
      [
        "services.cart.configFile.volume: names no volume with a ConfigMap of Deployment shop/cart; allowed: settings, agent-config -> name the volume that has the agent's configuration file, or choose another way to inject",
      ],
    ],
    [
      "another volume",
      target({}, [
        { name: "data", emptyDir: {} },
        { name: "settings", configMap: { name: "s" } },
      ]),
      v9,
      configMaps,
      [
        "services.cart.configFile.volume: names no volume with a ConfigMap of Deployment shop/cart; allowed: settings -> name the volume that has the agent's configuration file, or choose another way to inject",
      ],
    ],
    [
      "not mounted",
      target({}, volume),
      v9,
      configMaps,
      [
        "services.cart.configFile.volume: is not mounted in container app -> name the volume that is, or the other container",
      ],
    ],
    [
      "no such ConfigMap",
      target({ volumeMounts: mounts }, volume),
      v9,
      new Map(),
      [
        "services.cart.configFile.key: cannot be read: there is no ConfigMap cart-agent in namespace shop -> have its owner create it",
      ],
    ],
    [
      "no such file",
      target({ volumeMounts: mounts }, volume),
      v9,
      new Map([["default/shop/cart-agent", { "my.config": "" }]]),
      [
        "services.cart.configFile.key: is not in ConfigMap shop/cart-agent; allowed: my.config -> name the file that the agent reads",
      ],
    ],
    [
      "a new agent",
      target({ volumeMounts: mounts }, volume),
      v9WithAgent,
      configMaps,
      [
        "services.cart.inject: cannot move the agent's jar, address and namespace as one: the volume is set by the workload's owner, whose next deploy would leave the new agent with the old file -> choose another way to inject, or have its owner bring the new agent first",
      ],
    ],
    [
      "what options of the JVM set, and the variable of the token",
      target(
        {
          volumeMounts: mounts,
          args: ["-Dskywalking.agent.namespace=v6"],
          env: fromElsewhere("SKYWALKING_CANARY_TOKEN"),
        },
        volume,
      ),
      withToken,
      configMaps,
      [
        "services.cart.inject: would have no effect: its command line sets agent.namespace, which takes precedence over the file -> remove it there, or choose another way to inject",
        "services.cart.inject: cannot use the variable SKYWALKING_CANARY_TOKEN: the owner's manifest sets it -> have its owner rename it",
      ],
    ],
  ])("%s", (name, workloadOfCase, settings, maps, problems) => {
    const fields = name.startsWith("several") ? { ...byFile, configFile: {} } : byFile;
    expect(problemsOf(workloadOfCase, fields, settings, maps)).toEqual(problems);
  });
});
