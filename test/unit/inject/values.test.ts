import type { AgentSettings } from "../../../upgrade/inject/agent-settings";
import type { Service } from "../../../upgrade/config";
import { env, javaagent, outcomeOf, placed, v9, v9WithAgent, workload, type Container } from "../target";
import type { Workload } from "../../../upgrade/workload/workload";
import { textsOf } from "../texts-of";

const adopted: AgentSettings = { ...v9, backendService: "a:11800,b:11800" };
const withToken: AgentSettings = { ...v9, token: true };
const withTls: AgentSettings = { ...v9, tls: { on: true, ca: true } };
const without = { ...v9, agentNamespace: "" };
const agentOf = (language: "python" | "nodejs" | "go" | "ruby" | "php" | "satellite", release: string) => ({
  agent: { language, release },
});
const at = (language: "python" | "nodejs" | "go" | "ruby" | "php" | "satellite", release: string): AgentSettings => ({
  ...v9,
  agent: { language, release },
});

/** What a patch sets: variables by name, annotations of the pods, ConfigMaps of volumes; a Secret as `name/key`. */
function valuesOf(
  container: Partial<Container>,
  fields: Partial<Service>,
  settings: AgentSettings,
  more: Partial<Workload> = {},
): Record<string, string> {
  const { outcome, problems } = outcomeOf(placed(settings, fields), { ...workload(container), ...more });
  expect(problems).toEqual([]);
  return Object.fromEntries(
    (outcome?.patch.values ?? []).map((written) => [
      written.slot.name,
      "secret" in written ? `${written.secret.name}/${written.secret.key}` : written.value,
    ]),
  );
}

const optionsIn = (variable: string): Partial<Service> => ({ inject: "agent-options", variable });

describe("options of the agent", () => {
  test.each<[string, Partial<Container>, Partial<Service>, AgentSettings, Record<string, string>]>([
    [
      "are added to those that are there",
      { env: env({ JAVA_OPTS: `-Xmx1g ${javaagent}=agent.service_name=cart -Da=b` }) },
      optionsIn("JAVA_OPTS"),
      v9,
      {
        JAVA_OPTS: `-Xmx1g ${javaagent}=agent.service_name=cart,collector.backend_service=oap-v9:11800,agent.namespace=v9 -Da=b`,
      },
    ],
    [
      "replace those of the pair, and its -D",
      { env: env({ JAVA_OPTS: `${javaagent}=agent.namespace=v6 -Dskywalking.collector.backend_service=a:1` }) },
      optionsIn("JAVA_OPTS"),
      v9,
      { JAVA_OPTS: `${javaagent}=collector.backend_service=oap-v9:11800,agent.namespace=v9` },
    ],
    [
      "begin with what the image sets",
      {},
      { ...optionsIn("AGENT"), imageEnv: { AGENT: javaagent } },
      v9,
      { AGENT: `${javaagent}=collector.backend_service=oap-v9:11800,agent.namespace=v9` },
    ],
    [
      "bring the new jar in the same value",
      { env: env({ JAVA_OPTS: javaagent, SW_AGENT_NAME: "cart" }) },
      optionsIn("JAVA_OPTS"),
      v9WithAgent,
      {
        JAVA_OPTS:
          "-javaagent:/skywalking-canary/skywalking-agent.jar=collector.backend_service=oap-v9:11800,agent.namespace=v9",
      },
    ],
    [
      "are quoted where they have a comma",
      { env: env({ JAVA_OPTS: javaagent }) },
      optionsIn("JAVA_OPTS"),
      adopted,
      { JAVA_OPTS: `${javaagent}=collector.backend_service='a:11800,b:11800',agent.namespace=v9` },
    ],
    [
      "and once more where a JVM takes quotes away",
      { env: env({ JAVA_TOOL_OPTIONS: javaagent }) },
      optionsIn("JAVA_TOOL_OPTIONS"),
      adopted,
      { JAVA_TOOL_OPTIONS: `${javaagent}=collector.backend_service="'a:11800,b:11800'",agent.namespace=v9` },
    ],
    [
      "leave an empty namespace out, with which the agent would not start",
      { env: env({ JAVA_OPTS: `${javaagent}=agent.namespace=v6` }) },
      optionsIn("JAVA_OPTS"),
      without,
      { JAVA_OPTS: `${javaagent}=collector.backend_service=oap-v9:11800` },
    ],
    [
      "take the token from a variable that comes before",
      { env: env({ JAVA_OPTS: javaagent }) },
      optionsIn("JAVA_OPTS"),
      withToken,
      {
        SKYWALKING_CANARY_TOKEN: "skywalking-canary-v9-token/token",
        JAVA_OPTS: `${javaagent}=agent.authentication=$(SKYWALKING_CANARY_TOKEN),collector.backend_service=oap-v9:11800,agent.namespace=v9`,
      },
    ],
  ])("%s", (_, container, fields, settings, expected) => {
    expect(valuesOf(container, fields, settings)).toEqual(expected);
  });
});

describe("-D", () => {
  test("take the token from a variable that comes before, and the certificate authority from a file", () => {
    const values = valuesOf({ args: [javaagent] }, {}, { ...withTls, token: true });
    expect(Object.entries(values)).toEqual([
      ["SKYWALKING_CANARY_TOKEN", "skywalking-canary-v9-token/token"],
      [
        "JAVA_TOOL_OPTIONS",
        "-Dskywalking.agent.authentication=$(SKYWALKING_CANARY_TOKEN) -Dskywalking.agent.force_tls=true -Dskywalking.agent.ssl_trusted_ca_path=/skywalking-canary-ca/ca.crt -Dskywalking.collector.backend_service=oap-v9:11800 -Dskywalking.agent.namespace=v9",
      ],
    ]);
  });

  test("say that there is no TLS where another generation has it", () => {
    expect(valuesOf({ args: [javaagent] }, {}, { ...v9, tls: { on: false, ca: false } })).toEqual({
      JAVA_TOOL_OPTIONS:
        "-Dskywalking.agent.force_tls=false -Dskywalking.collector.backend_service=oap-v9:11800 -Dskywalking.agent.namespace=v9",
    });
  });

  test("mount the certificate authority", () => {
    const { outcome } = outcomeOf(placed(withTls), workload({ args: [javaagent] }));
    expect(outcome?.patch.authority).toEqual({
      configMap: "skywalking-canary-v9-ca",
      mountPath: "/skywalking-canary-ca",
    });
  });
});

describe("variables of the agent", () => {
  test.each<[string, Partial<Container>, Partial<Service>, AgentSettings, Record<string, string>]>([
    [
      "Java from 8.8 on",
      { args: [javaagent] },
      { inject: "env" },
      v9,
      { SW_AGENT_COLLECTOR_BACKEND_SERVICES: "oap-v9:11800", SW_AGENT_NAMESPACE: "v9" },
    ],
    [
      "Python",
      {},
      agentOf("python", "1.1.0"),
      { ...at("python", "1.1.0"), token: true },
      {
        SW_AGENT_AUTHENTICATION: "skywalking-canary-v9-token/token",
        SW_AGENT_COLLECTOR_BACKEND_SERVICES: "oap-v9:11800",
        SW_AGENT_NAMESPACE: "v9",
      },
    ],
    [
      "Node.js has no namespace",
      {},
      agentOf("nodejs", "0.7.0"),
      at("nodejs", "0.7.0"),
      { SW_AGENT_COLLECTOR_BACKEND_SERVICES: "oap-v9:11800" },
    ],
    [
      "Go",
      { env: env({ SW_AGENT_REPORTER_GRPC_BACKEND_SERVICE: "oap-v6:11800" }) },
      agentOf("go", "0.6.0"),
      { ...at("go", "0.6.0"), tls: { on: true, ca: true } },
      {
        SW_AGENT_REPORTER_GRPC_TLS_ENABLE: "true",
        SW_AGENT_REPORTER_GRPC_TLS_CA_PATH: "/skywalking-canary-ca/ca.crt",
        SW_AGENT_REPORTER_GRPC_BACKEND_SERVICE: "oap-v9:11800",
      },
    ],
    [
      "Ruby",
      {},
      agentOf("ruby", "0.1.0"),
      at("ruby", "0.1.0"),
      { SW_AGENT_COLLECTOR_BACKEND_SERVICES: "oap-v9:11800", SW_AGENT_NAMESPACE: "v9" },
    ],
    [
      "a Satellite",
      { env: env({ SATELLITE_GRPC_CLIENT: "oap-v6:11800", SATELLITE_GRPC_CLIENT_FINDER: "static" }) },
      agentOf("satellite", "1.2.0"),
      at("satellite", "1.2.0"),
      { SATELLITE_GRPC_CLIENT: "oap-v9:11800" },
    ],
  ])("%s", (_, container, fields, settings, expected) => {
    if (container.env?.some(({ name }) => name === "SW_AGENT_REPORTER_GRPC_BACKEND_SERVICE") === true) {
      // The owner sets the address and not TLS: that would be torn, see problems.test.ts.
      expect(outcomeOf(placed(settings, fields), workload(container)).problems).toHaveLength(1);
      expect(valuesOf({}, fields, settings)).toEqual(expected);
    } else {
      expect(valuesOf(container, fields, settings)).toEqual(expected);
    }
  });

  test("a new Java agent is mounted over the old one", () => {
    const target = workload({ args: [javaagent], env: env({ SW_AGENT_NAME: "cart" }) });
    expect(outcomeOf(placed(v9WithAgent, { inject: "env" }), target).outcome?.patch.agent?.mountPath).toBe(
      "/skywalking/agent",
    );
  });

  test("that the owner sets too, all of them, go back with the owner's deploy, and that is said", () => {
    const target = workload({
      args: [javaagent],
      env: env({ SW_AGENT_COLLECTOR_BACKEND_SERVICES: "oap-v6:11800", SW_AGENT_NAMESPACE: "v6" }),
    });
    expect(textsOf(outcomeOf(placed(v9, { inject: "env" }), target).outcome?.warnings)).toEqual([
      "cart: its owner sets SW_AGENT_COLLECTOR_BACKEND_SERVICES, SW_AGENT_NAMESPACE too, so every deploy by that owner moves the agent back until the next `pulumi up`; on Java 9 or newer `inject: jdk-java-options` may avoid that",
    ]);
  });

  test("no other way is proposed to an agent that has none", () => {
    const target = workload({ env: env({ SATELLITE_GRPC_CLIENT: "oap-v6:11800" }) });
    const { outcome } = outcomeOf(placed(at("satellite", "1.2.0"), agentOf("satellite", "1.2.0")), target);
    expect(textsOf(outcome?.warnings)).toEqual([
      "cart: its owner sets SATELLITE_GRPC_CLIENT too, so every deploy by that owner moves the agent back until the next `pulumi up`",
    ]);
  });
});

describe("annotations for the injector of SWCK", () => {
  const injected = { podLabels: { "swck-java-agent-injected": "true" } };
  const swck: Partial<Service> = { inject: "swck" };
  const annotation = (name: string): string => `agent.skywalking.apache.org/${name}`;

  test.each<[string, AgentSettings, Record<string, string>]>([
    [
      "address and namespace",
      v9,
      { [annotation("collector.backend_service")]: "oap-v9:11800", [annotation("agent.namespace")]: "v9" },
    ],
    ["no namespace", without, { [annotation("collector.backend_service")]: "oap-v9:11800" }],
    [
      "several addresses",
      adopted,
      { [annotation("collector.backend_service")]: "'a:11800,b:11800'", [annotation("agent.namespace")]: "v9" },
    ],
    [
      "a new agent",
      v9WithAgent,
      {
        [annotation("collector.backend_service")]: "oap-v9:11800",
        [annotation("agent.namespace")]: "v9",
        "sidecar.skywalking.apache.org/initcontainer.Image": "agent:9.3.0",
      },
    ],
    [
      "a token, which an annotation would show",
      withToken,
      {
        SW_AGENT_AUTHENTICATION: "skywalking-canary-v9-token/token",
        [annotation("collector.backend_service")]: "oap-v9:11800",
        [annotation("agent.namespace")]: "v9",
      },
    ],
  ])("%s", (_, settings, expected) => {
    expect(valuesOf({}, swck, settings, injected)).toEqual(expected);
  });

  test("the certificate authority is mounted all the same", () => {
    const { outcome } = outcomeOf(placed(withTls, swck), { ...workload({}), ...injected });
    expect(outcome?.patch.template?.spec).toEqual({
      volumes: [{ name: "skywalking-canary-ca", configMap: { name: "skywalking-canary-v9-ca" } }],
      containers: [
        { name: "app", volumeMounts: [{ name: "skywalking-canary-ca", mountPath: "/skywalking-canary-ca" }] },
      ],
    });
  });

  test("stand at the pod template, not at a container", () => {
    const { outcome } = outcomeOf(placed(v9, swck), { ...workload({}), ...injected });
    expect(outcome?.patch.template).toEqual({
      metadata: {
        annotations: {
          [annotation("collector.backend_service")]: "oap-v9:11800",
          [annotation("agent.namespace")]: "v9",
        },
      },
    });
  });
});

test("an agent whose own code says where it reports is told nothing", () => {
  const rust = { agent: { language: "rust", release: "0.10.0" } } as const;
  expect(valuesOf({}, rust, { ...v9, ...rust })).toEqual({});
});

test("options of the agent are looked for in JAVA_TOOL_OPTIONS where no variable is named", () => {
  expect(valuesOf({ env: env({ JAVA_TOOL_OPTIONS: javaagent }) }, { inject: "agent-options" }, v9)).toEqual({
    JAVA_TOOL_OPTIONS: `${javaagent}=collector.backend_service=oap-v9:11800,agent.namespace=v9`,
  });
});

describe("the agent's configuration file", () => {
  const file = [
    "# the agent",
    "agent.service_name=${SW_AGENT_NAME:cart}",
    "collector.backend_service = ${SW_AGENT_COLLECTOR_BACKEND_SERVICES:oap-v6:11800}",
    "agent.namespace=v6",
    "agent.namespace=v5",
    "",
  ].join("\n");
  const configMaps = new Map([["default/shop/cart-agent", { "agent.config": file, "other.xml": "<a/>" }]]);
  const byFile: Partial<Service> = { inject: "config-map" };
  const target = (): Workload => ({
    ...workload({
      args: [javaagent],
      volumeMounts: [{ name: "agent-config", mountPath: "/skywalking/agent/config" }],
    }),
    podSpec: {
      containers: [
        {
          name: "app",
          args: [javaagent],
          volumeMounts: [{ name: "agent-config", mountPath: "/skywalking/agent/config" }],
        },
      ],
      volumes: [{ name: "agent-config", configMap: { name: "cart-agent" } }],
    },
  });
  const fileOf = (settings: AgentSettings): string | undefined =>
    outcomeOf(placed(settings, byFile), target(), configMaps).outcome?.patch.configMap?.data["agent.config"];

  test("is copied with other values, once each, and everything else stays", () => {
    expect(fileOf(v9)).toBe(
      [
        "# the agent",
        "agent.service_name=${SW_AGENT_NAME:cart}",
        "collector.backend_service=oap-v9:11800",
        "agent.namespace=v9",
        "",
      ].join("\n"),
    );
  });

  test("gets what it does not have, and the token by reference", () => {
    expect(fileOf(withToken)).toContain("\nagent.authentication=${SKYWALKING_CANARY_TOKEN}\n");
  });

  test("a ConfigMap of our own takes the place of the owner's in the volume; its name says its content", () => {
    const { outcome } = outcomeOf(placed(v9, byFile), target(), configMaps);
    const name = outcome?.patch.configMap?.name ?? "";
    expect(name).toMatch(/^cart-agent-skywalking-canary-[0-9a-f]{8}$/);
    expect(outcome?.patch.template).toEqual({ spec: { volumes: [{ name: "agent-config", configMap: { name } }] } });
    expect(outcome?.patch.configMap?.data["other.xml"]).toBe("<a/>");
    const other = outcomeOf(placed({ ...v9, agentNamespace: "v10" }, byFile), target(), configMaps).outcome;
    expect(other?.patch.configMap?.name).not.toBe(name);
  });

  test("is the way of PHP, whose directives are those of php.ini", () => {
    const ini = new Map([["default/shop/cart-agent", { "skywalking.ini": "extension=skywalking_agent.so" }]]);
    const fields: Partial<Service> = {
      ...agentOf("php", "0.8.0"),
      configFile: { volume: "agent-config", key: "skywalking.ini" },
    };
    const { outcome } = outcomeOf(placed(at("php", "0.8.0"), fields), target(), ini);
    expect(outcome?.patch.configMap?.data).toEqual({
      "skywalking.ini": "extension=skywalking_agent.so\nskywalking_agent.server_addr=oap-v9:11800\n",
    });
  });

  test("an empty file becomes the settings alone", () => {
    const empty = new Map([["default/shop/cart-agent", { "agent.config": "" }]]);
    expect(outcomeOf(placed(v9, byFile), target(), empty).outcome?.patch.configMap?.data["agent.config"]).toBe(
      "collector.backend_service=oap-v9:11800\nagent.namespace=v9\n",
    );
  });
});

describe("where no generation has an agent namespace", () => {
  const none: AgentSettings = { ...v9, agentNamespace: undefined };
  const address = "-Dskywalking.collector.backend_service=oap-v9:11800";
  const swck = "agent.skywalking.apache.org/";
  const injected = { podLabels: { "swck-java-agent-injected": "true" } };
  const python = { ...at("python", "1.0.0"), agentNamespace: undefined };
  const unnamed: Record<string, string> = { JAVA_TOOL_OPTIONS: javaagent };
  const named: Record<string, string> = { JAVA_TOOL_OPTIONS: `${javaagent} -Dskywalking.agent.namespace=x` };

  test.each<[string, Partial<Container>, Partial<Service>, AgentSettings, Record<string, string>, Partial<Workload>?]>([
    ["nothing is said of it", { env: env(unnamed) }, {}, none, { JAVA_TOOL_OPTIONS: `${javaagent} ${address}` }],
    [
      "nor behind the -javaagent",
      { env: env(unnamed) },
      optionsIn("JAVA_TOOL_OPTIONS"),
      none,
      { JAVA_TOOL_OPTIONS: `${javaagent}=collector.backend_service=oap-v9:11800` },
    ],
    [
      "nor by a variable",
      {},
      agentOf("python", "1.0.0"),
      python,
      { SW_AGENT_COLLECTOR_BACKEND_SERVICES: "oap-v9:11800" },
    ],
    [
      "nor by an annotation",
      {},
      { inject: "swck" },
      none,
      { [`${swck}collector.backend_service`]: "oap-v9:11800" },
      injected,
    ],
    [
      "nor to an agent that knows none",
      {},
      agentOf("go", "0.6.0"),
      { ...at("go", "0.6.0"), agentNamespace: undefined },
      { SW_AGENT_REPORTER_GRPC_BACKEND_SERVICE: "oap-v9:11800" },
    ],
    [
      "unless the manifest sets one all the same, by an option",
      { env: env(named) },
      {},
      none,
      { JAVA_TOOL_OPTIONS: `${javaagent} ${address} -Dskywalking.agent.namespace=` },
    ],
    [
      "or by a variable",
      { env: env({ SW_AGENT_NAMESPACE: "x", SW_AGENT_COLLECTOR_BACKEND_SERVICES: "old:11800" }) },
      agentOf("python", "1.0.0"),
      python,
      { SW_AGENT_COLLECTOR_BACKEND_SERVICES: "oap-v9:11800", SW_AGENT_NAMESPACE: "" },
    ],
  ])("%s", (_, container, fields, settings, values, more = {}) => {
    expect(valuesOf(container, fields, settings, more)).toEqual(values);
  });

  test("an annotation cannot be taken away", () => {
    const podAnnotations = { [`${swck}agent.namespace`]: "x" };
    const { problems } = outcomeOf(placed(none, { inject: "swck" }), { ...workload({}), ...injected, podAnnotations });
    expect(problems).toEqual([expect.stringContaining("cannot remove the agent namespace")]);
  });
});
