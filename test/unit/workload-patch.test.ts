import * as fc from "fast-check";

import type { AgentSettings } from "../../upgrade/inject/agent-settings";
import type { Service } from "../../upgrade/config";
import type { Workload } from "../../upgrade/workload/workload";
import {
  env,
  envOf,
  javaagent,
  newAgentAt,
  newJavaagent,
  originalOf,
  outcomeOf,
  pair,
  placed,
  v9,
  v9WithAgent,
  variablesOf,
  workload,
  type Container,
} from "./target";
import { textsOf } from "./texts-of";

describe("the value that moves an agent", () => {
  test.each<[string, Partial<Container>, Partial<Service>, AgentSettings, Record<string, string>]>([
    [
      "settings in env",
      { args: [javaagent], env: env({ SW_AGENT_COLLECTOR_BACKEND_SERVICES: "oap-v6:11800" }) },
      {},
      v9,
      {
        JAVA_TOOL_OPTIONS: pair,
      },
    ],
    [
      "JAVA_TOOL_OPTIONS is kept",
      { env: env({ JAVA_TOOL_OPTIONS: `-Xmx1g ${javaagent}` }) },
      {},
      v9,
      {
        JAVA_TOOL_OPTIONS: `-Xmx1g ${javaagent} ${pair}`,
      },
    ],
    [
      "settings in JAVA_TOOL_OPTIONS are replaced",
      {
        env: env({
          JAVA_TOOL_OPTIONS: `${javaagent} -Dskywalking.agent.namespace=v6 -Dskywalking.collector.backend_service=a:1`,
        }),
      },
      {},
      v9,
      { JAVA_TOOL_OPTIONS: `${javaagent} ${pair}` },
    ],
    [
      "agent options of address and namespace are replaced, others stay",
      { env: env({ JAVA_TOOL_OPTIONS: `${javaagent}=agent.namespace=v6,agent.service_name=cart -Xmx1g` }) },
      {},
      v9,
      { JAVA_TOOL_OPTIONS: `${javaagent}=agent.service_name=cart -Xmx1g ${pair}` },
    ],
    ["only in the image", {}, { imageEnv: { JAVA_TOOL_OPTIONS: "" } }, v9, { JAVA_TOOL_OPTIONS: pair }],
    [
      "JAVA_TOOL_OPTIONS of the image is kept",
      {},
      { imageEnv: { JAVA_TOOL_OPTIONS: "-Xmx1g" } },
      v9,
      {
        JAVA_TOOL_OPTIONS: `-Xmx1g ${pair}`,
      },
    ],
    [
      "JDK_JAVA_OPTIONS leaves JAVA_TOOL_OPTIONS alone",
      { env: env({ JAVA_TOOL_OPTIONS: `${javaagent} -Dskywalking.agent.namespace=v6` }) },
      { inject: "jdk-java-options" },
      v9,
      {
        JDK_JAVA_OPTIONS: pair,
      },
    ],
    [
      "JDK_JAVA_OPTIONS is kept",
      { args: [javaagent], env: env({ JDK_JAVA_OPTIONS: "-Xss1m" }) },
      { inject: "jdk-java-options" },
      v9,
      {
        JDK_JAVA_OPTIONS: `-Xss1m ${pair}`,
      },
    ],
    [
      "no namespace is written as none",
      { args: [javaagent] },
      {},
      { ...v9, agentNamespace: "" },
      {
        JAVA_TOOL_OPTIONS: "-Dskywalking.collector.backend_service=oap-v9:11800 -Dskywalking.agent.namespace=",
      },
    ],
  ])("%s", (_, container, fields, settings, expected) => {
    expect(envOf(placed(settings, fields), workload(container))).toEqual(expected);
  });
});

describe("the new agent", () => {
  test.each<[string, Partial<Container>, Partial<Service>, Record<string, string>, string]>([
    [
      "attached by the carrier's value: a directory of its own, in the same value as the pair",
      { env: env({ JAVA_TOOL_OPTIONS: `${javaagent}=agent.service_name=cart` }) },
      {},
      { JAVA_TOOL_OPTIONS: `${newJavaagent}=agent.service_name=cart ${pair}` },
      "/skywalking-canary",
    ],
    [
      "attached by the image's JAVA_TOOL_OPTIONS: likewise",
      { env: env({ SW_AGENT_NAME: "cart" }) },
      { imageEnv: { JAVA_TOOL_OPTIONS: javaagent } },
      { JAVA_TOOL_OPTIONS: `${newJavaagent} ${pair}` },
      "/skywalking-canary",
    ],
    [
      "attached on the command line: mounted over the old directory",
      { command: ["java", javaagent], env: env({ SW_AGENT_NAME: "cart" }) },
      {},
      { JAVA_TOOL_OPTIONS: pair },
      "/skywalking/agent",
    ],
    [
      "attached in JAVA_TOOL_OPTIONS, moved by JDK_JAVA_OPTIONS: mounted over the old directory",
      { env: env({ JAVA_TOOL_OPTIONS: "-javaagent:/opt/sky/skywalking-agent.jar", SW_AGENT_NAME: "cart" }) },
      { inject: "jdk-java-options" },
      { JDK_JAVA_OPTIONS: pair },
      "/opt/sky",
    ],
    [
      "attached by the image's entry point: mounted over the directory that the config names, with the service's name",
      {},
      {
        imageEnv: { JAVA_TOOL_OPTIONS: "" },
        agent: { language: "java", release: "6.6.0", directory: "/opt/agent", serviceName: "cart" },
      },
      { JAVA_TOOL_OPTIONS: `-Dskywalking.agent.service_name=cart ${pair}` },
      "/opt/agent",
    ],
    [
      "in a directory below a mounted volume",
      {
        args: [javaagent, "-Dskywalking.agent.service_name=cart"],
        volumeMounts: [{ name: "sky", mountPath: "/skywalking" }],
      },
      {},
      { JAVA_TOOL_OPTIONS: pair },
      "/skywalking/agent",
    ],
  ])("%s", (_, container, fields, variables, mountPath) => {
    const target = workload(container);
    expect(envOf(placed(v9WithAgent, fields), target)).toEqual(variables);
    expect(outcomeOf(placed(v9WithAgent, fields), target).outcome?.patch.agent).toEqual(newAgentAt(mountPath));
  });
});

describe("a service that cannot be moved whole is an error", () => {
  test.each<[string, Partial<Container>, Partial<Service>, AgentSettings, string[]]>([
    [
      "agent options on the command line",
      { args: [`${javaagent}=agent.namespace=v6`] },
      {},
      v9,
      [
        "services.cart.inject: would have no effect: its command line sets agent.namespace as agent options, which takes precedence over JAVA_TOOL_OPTIONS -> move it elsewhere, e.g. into SW_AGENT_COLLECTOR_BACKEND_SERVICES",
      ],
    ],
    [
      "-D in a variable that a script puts on the command line",
      { args: [javaagent], env: env({ JAVA_OPTS: "-Dskywalking.collector.backend_service=a:1" }) },
      {},
      v9,
      [
        "services.cart.inject: would have no effect: JAVA_OPTS sets collector.backend_service as -D, which takes precedence over JAVA_TOOL_OPTIONS -> move it elsewhere, e.g. into SW_AGENT_COLLECTOR_BACKEND_SERVICES",
      ],
    ],
    [
      "-D in JDK_JAVA_OPTIONS",
      { args: [javaagent], env: env({ JDK_JAVA_OPTIONS: "-Dskywalking.agent.namespace=v6" }) },
      {},
      v9,
      [
        "services.cart.inject: would have no effect: JDK_JAVA_OPTIONS sets agent.namespace as -D, which takes precedence over JAVA_TOOL_OPTIONS -> set inject: jdk-java-options",
      ],
    ],
    [
      "agent options in JAVA_TOOL_OPTIONS",
      { env: env({ JAVA_TOOL_OPTIONS: `${javaagent}=collector.backend_service=a:1` }) },
      { inject: "jdk-java-options" },
      v9,
      [
        "services.cart.inject: would have no effect: JAVA_TOOL_OPTIONS sets collector.backend_service as agent options, which takes precedence over JDK_JAVA_OPTIONS -> set inject: java-tool-options",
      ],
    ],
    [
      "nothing is known of the image",
      {},
      {},
      v9,
      [
        'services.cart.imageEnv.JAVA_TOOL_OPTIONS: is missing: the manifest has no -javaagent, so the image attaches the agent, perhaps by ENV JAVA_TOOL_OPTIONS, which a variable of the pod would hide -> set it to what the image has (`docker inspect`), "" for none; or set inject: jdk-java-options if the service runs on Java 9 or newer',
      ],
    ],
    [
      "a value from elsewhere",
      {
        args: [javaagent],
        env: [{ name: "JAVA_TOOL_OPTIONS", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } }],
      },
      {},
      v9,
      [
        "services.cart.inject: cannot keep JAVA_TOOL_OPTIONS: its value comes from elsewhere (valueFrom) and cannot be extended -> set inject: jdk-java-options (Java 9 or newer)",
      ],
    ],
    [
      "a value from elsewhere, the other carrier",
      {
        args: [javaagent],
        env: [{ name: "JDK_JAVA_OPTIONS", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } }],
      },
      { inject: "jdk-java-options" },
      v9,
      [
        "services.cart.inject: cannot keep JDK_JAVA_OPTIONS: its value comes from elsewhere (valueFrom) and cannot be extended -> set inject: java-tool-options",
      ],
    ],
    [
      "a new agent, and nobody knows where the old one is",
      { env: env({ SW_AGENT_NAME: "cart" }) },
      { imageEnv: { JAVA_TOOL_OPTIONS: "" } },
      v9WithAgent,
      [
        "services.cart.agent.directory: is missing: the manifest has no -javaagent, so the image attaches the agent from a directory that cannot be seen -> set it, e.g. to /skywalking/agent; if the image attaches it by ENV JAVA_TOOL_OPTIONS, set imageEnv.JAVA_TOOL_OPTIONS to that value instead",
      ],
    ],
    [
      "a new agent that the owner's next deploy would tear from its address",
      { args: [javaagent], env: env({ SW_AGENT_NAME: "cart", JAVA_TOOL_OPTIONS: "-Xmx1g" }) },
      {},
      v9WithAgent,
      [
        "services.cart.inject: cannot move the agent's jar, address and namespace as one: JAVA_TOOL_OPTIONS is set by the workload's owner, the jar is attached elsewhere, and the owner's next deploy would separate them -> set inject: jdk-java-options if the service runs on Java 9 or newer; otherwise move its -javaagent into JAVA_TOOL_OPTIONS",
      ],
    ],
    [
      "likewise, by the other carrier",
      { args: [javaagent], env: env({ SW_AGENT_NAME: "cart", JDK_JAVA_OPTIONS: "-Xmx1g" }) },
      { inject: "jdk-java-options" },
      v9WithAgent,
      [
        "services.cart.inject: cannot move the agent's jar, address and namespace as one: JDK_JAVA_OPTIONS is set by the workload's owner, the jar is attached elsewhere, and the owner's next deploy would separate them -> move its -javaagent into JDK_JAVA_OPTIONS",
      ],
    ],
    [
      "a volume of the owner's where the agent is",
      {
        args: [javaagent],
        env: env({ SW_AGENT_NAME: "cart" }),
        volumeMounts: [{ name: "sky", mountPath: "/skywalking/agent/" }],
      },
      {},
      v9WithAgent,
      [
        "services.cart.inject: cannot replace the agent in /skywalking/agent: the volume sky is mounted there -> set inject: java-tool-options with the -javaagent in JAVA_TOOL_OPTIONS, or mount that volume one directory higher",
      ],
    ],
    [
      "a new agent.config without the service's name",
      { args: [javaagent] },
      {},
      v9WithAgent,
      [
        "services.cart.agent.serviceName: is missing: the agent is upgraded with a new agent.config, and the manifest does not name the service (SW_AGENT_NAME or agent.service_name) -> set it to the name that SkyWalking shows today",
      ],
    ],
    [
      "a container that is not there",
      {},
      { container: "web" },
      v9,
      ['services.cart.container: "web" is not a container of Deployment shop/cart; allowed: app -> name one of them'],
    ],
  ])("%s", (_, container, fields, settings, problems) => {
    expect(outcomeOf(placed(settings, fields), workload(container))).toEqual({ outcome: undefined, problems });
  });

  test("several containers and none named", () => {
    const target = workload({});
    target.podSpec.containers.push({ name: "proxy" });
    expect(outcomeOf(placed(v9), target).problems).toEqual([
      "services.cart.container: is missing, and Deployment shop/cart has several containers; allowed: app, proxy -> name the one with the agent",
    ]);
  });

  test("before anything moves: while it is still at its origin", () => {
    const { outcome, problems } = outcomeOf(placed(undefined, {}, v9WithAgent), workload({ args: [javaagent] }));
    expect(outcome).toBeUndefined();
    expect(problems).toHaveLength(1);
  });
});

describe("at its origin", () => {
  const atOrigin = placed(undefined, {}, v9);

  test("nothing is written before the first move", () => {
    const { outcome } = outcomeOf(
      atOrigin,
      workload({ env: env({ JAVA_TOOL_OPTIONS: javaagent }) }, { owned: { JAVA_TOOL_OPTIONS: ["kubectl"] } }),
    );
    expect(outcome?.patch).toEqual({
      annotations: {},
      container: "app",
      values: [],
      agent: undefined,
      authority: undefined,
      configMap: undefined,
      template: undefined,
      hasOwners: false,
      isApplied: true,
      returned: [],
    });
  });

  test("a value that was ours from the beginning is let go", () => {
    const moved = workload(
      { args: [javaagent], env: env({ JAVA_TOOL_OPTIONS: pair }) },
      { owned: { JAVA_TOOL_OPTIONS: ["skywalking-canary"] } },
    );
    expect(outcomeOf(atOrigin, moved).outcome?.patch.values).toEqual([]);
  });

  test("a value that was the owner's is written back", () => {
    const moved = workload(
      { env: env({ JAVA_TOOL_OPTIONS: `${javaagent} -Xmx1g ${pair}` }) },
      {
        owned: { JAVA_TOOL_OPTIONS: ["skywalking-canary"] },
        annotations: { "skywalking-canary/original": originalOf(`${javaagent} -Xmx1g`) },
      },
    );
    const { outcome } = outcomeOf(atOrigin, moved);
    expect(variablesOf(outcome)).toEqual({ JAVA_TOOL_OPTIONS: `${javaagent} -Xmx1g` });
    expect(outcome?.patch.annotations).toEqual({
      "skywalking-canary/original": originalOf(`${javaagent} -Xmx1g`),
      "skywalking-canary/applied-over-generation": "7",
    });
  });

  test("and let go when the owner has taken it back", () => {
    const owned = workload(
      { env: env({ JAVA_TOOL_OPTIONS: javaagent }) },
      {
        owned: { JAVA_TOOL_OPTIONS: ["skywalking-canary", "helm"] },
        annotations: { "skywalking-canary/original": originalOf(javaagent) },
      },
    );
    expect(outcomeOf(atOrigin, owned).outcome?.patch).toMatchObject({ values: [], annotations: {} });
  });
});

describe("when the owner deploys again", () => {
  const fresh = workload(
    { env: env({ JAVA_TOOL_OPTIONS: `${javaagent} -Xmx2g` }) },
    {
      owned: { JAVA_TOOL_OPTIONS: ["kubectl-client-side-apply"] },
      annotations: {
        "skywalking-canary/original": originalOf(`${javaagent} -Xmx1g`),
        "skywalking-canary/applied-over-generation": "5",
      },
    },
  );

  test("the new value of the owner's is the one that is kept", () => {
    expect(envOf(placed(v9), fresh)).toEqual({ JAVA_TOOL_OPTIONS: `${javaagent} -Xmx2g ${pair}` });
  });

  test("the patch differs from the last one, so that the engine applies it", () => {
    expect(outcomeOf(placed(v9), fresh).outcome?.patch.annotations).toEqual({
      "skywalking-canary/original": originalOf(`${javaagent} -Xmx2g`),
      "skywalking-canary/applied-over-generation": "7",
    });
  });

  test("and stays the same while nobody undoes it", () => {
    const held = workload(
      { args: [javaagent], env: env({ JAVA_TOOL_OPTIONS: pair }) },
      {
        owned: { JAVA_TOOL_OPTIONS: ["skywalking-canary"] },
        annotations: { "skywalking-canary/applied-over-generation": "5" },
      },
    );
    expect(outcomeOf(placed(v9), held).outcome?.patch.annotations).toEqual({
      "skywalking-canary/applied-over-generation": "5",
    });
  });

  test("it is said more urgently where the origin is stopped", () => {
    expect(textsOf(outcomeOf({ ...placed(v9), originRuns: false }, fresh).outcome?.warnings)).toEqual([
      "cart: its owner sets JAVA_TOOL_OPTIONS too, so every deploy by that owner sends the agent to a stopped backend, and the service is dark until the next `pulumi up`: have its owner change that value first; on Java 9 or newer `inject: jdk-java-options` may avoid that",
    ]);
  });

  test("it is said before, by service", () => {
    expect(textsOf(outcomeOf(placed(v9), fresh).outcome?.warnings)).toEqual([
      "cart: its owner sets JAVA_TOOL_OPTIONS too, so every deploy by that owner moves the agent back until the next `pulumi up`; on Java 9 or newer `inject: jdk-java-options` may avoid that",
    ]);
  });
});

test("a carrier that is no longer used and was ours from the beginning is let go", () => {
  const target = workload(
    { args: [javaagent], env: env({ JAVA_TOOL_OPTIONS: pair }) },
    { owned: { JAVA_TOOL_OPTIONS: ["skywalking-canary"] } },
  );
  expect(envOf(placed(v9, { inject: "jdk-java-options" }), target)).toEqual({ JDK_JAVA_OPTIONS: pair });
});

test("variables with a value from elsewhere hold no options that could be seen", () => {
  const fromElsewhere = { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } };
  expect(envOf(placed(v9), workload({ args: [javaagent], env: [fromElsewhere] }))).toEqual({ JAVA_TOOL_OPTIONS: pair });
});

test("nothing is said of a service whose own manifest points at where the upgrade goes", () => {
  const target = workload({ env: env({ JAVA_TOOL_OPTIONS: javaagent }) });
  expect(textsOf(outcomeOf({ ...placed(undefined), settingsOfTo: undefined }, target).outcome?.warnings)).toEqual([]);
});

describe("a patch is applied already", () => {
  const ours = { owned: { JAVA_TOOL_OPTIONS: ["skywalking-canary"] } };
  const attached = { args: [javaagent] };
  const isAppliedTo = (target: Workload, settings: AgentSettings | undefined = v9): boolean | undefined =>
    outcomeOf(placed(settings, {}, v9), target).outcome?.patch.isApplied;

  test.each<[string, boolean, Workload, AgentSettings | undefined]>([
    ["where nothing is wanted and nothing is ours", true, workload(attached), undefined],
    [
      "not where nothing is wanted and something is ours",
      false,
      workload({ ...attached, env: env({ JAVA_TOOL_OPTIONS: pair }) }, ours),
      undefined,
    ],
    [
      "where the value is ours and as wanted",
      true,
      workload({ ...attached, env: env({ JAVA_TOOL_OPTIONS: pair }) }, ours),
      v9,
    ],
    [
      "not where somebody else wrote that very value",
      false,
      workload({ ...attached, env: env({ JAVA_TOOL_OPTIONS: pair }) }),
      v9,
    ],
    [
      "not where our value is another",
      false,
      workload({ ...attached, env: env({ JAVA_TOOL_OPTIONS: "-Da=b" }) }, ours),
      v9,
    ],
    ["not where the variable is gone", false, workload(attached), v9],
    [
      "not where a note of the owner's value is left over",
      false,
      workload(
        { ...attached, env: env({ JAVA_TOOL_OPTIONS: `${javaagent} ${pair}` }) },
        { annotations: { "skywalking-canary/original": originalOf(javaagent) } },
      ),
      undefined,
    ],
  ])("%s", (_, expected, target, settings) => {
    expect(outcomeOf(placed(settings, {}, v9), target).outcome?.patch.isApplied).toBe(expected);
  });

  const withAgent = (image: string, mountPath: string, manager = "skywalking-canary"): Workload => {
    const target = workload(
      {
        command: ["java", javaagent],
        env: env({ SW_AGENT_NAME: "cart", JAVA_TOOL_OPTIONS: pair }),
        volumeMounts: [{ name: "skywalking-canary-agent", mountPath }],
      },
      ours,
    );
    const initContainers = [{ name: "skywalking-canary-agent", image }];
    return {
      ...target,
      podSpec: { containers: target.podSpec.containers, initContainers },
      managedFields: [
        ...target.managedFields,
        {
          manager,
          fieldsV1: {
            "f:spec": {
              "f:template": {
                "f:spec": { "f:initContainers": { 'k:{"name":"skywalking-canary-agent"}': { "f:image": {} } } },
              },
            },
          },
        },
      ],
    };
  };

  test.each<[string, boolean, Workload, AgentSettings | undefined]>([
    ["where the agent is ours and as wanted", true, withAgent("agent:9.3.0", "/skywalking/agent"), v9WithAgent],
    ["not where its image is another", false, withAgent("agent:9.2.0", "/skywalking/agent"), v9WithAgent],
    ["not where it is mounted elsewhere", false, withAgent("agent:9.3.0", "/agent"), v9WithAgent],
    ["not where somebody else brings it", false, withAgent("agent:9.3.0", "/skywalking/agent", "helm"), v9WithAgent],
    ["not where the agent is ours and not wanted", false, withAgent("agent:9.3.0", "/skywalking/agent"), v9],
  ])("%s", (_, expected, target, settings) => {
    expect(isAppliedTo(target, settings)).toBe(expected);
  });
});

test("envFrom may hide a variable, and that is said", () => {
  const target = workload({ args: [javaagent], envFrom: [{ configMapRef: { name: "settings" } }] });
  expect(textsOf(outcomeOf(placed(v9), target).outcome?.warnings)).toEqual([
    "cart: reads variables with envFrom; if JAVA_TOOL_OPTIONS is among them, its value is hidden by ours",
  ]);
});

test("a carrier that is no longer used gives back what it took", () => {
  const target = workload(
    { env: env({ JAVA_TOOL_OPTIONS: `${javaagent} ${pair}` }) },
    {
      owned: { JAVA_TOOL_OPTIONS: ["skywalking-canary"] },
      annotations: { "skywalking-canary/original": originalOf(javaagent) },
    },
  );
  expect(envOf(placed(v9, { inject: "jdk-java-options" }), target)).toEqual({
    JAVA_TOOL_OPTIONS: javaagent,
    JDK_JAVA_OPTIONS: pair,
  });
});

test("forth and back gives the owner's value again, whatever it was", () => {
  const options = fc
    .array(
      fc.constantFrom(
        "-Xmx1g",
        "-Da=b",
        javaagent,
        `${javaagent}=agent.service_name=x`,
        "-Dskywalking.agent.namespace=v6",
      ),
      { minLength: 1 },
    )
    .map((parts) => parts.join(" "));
  fc.assert(
    fc.property(options, (original) => {
      const before = workload(
        { args: [javaagent], env: env({ JAVA_TOOL_OPTIONS: original }) },
        { owned: { JAVA_TOOL_OPTIONS: ["kubectl"] } },
      );
      const moved = outcomeOf(placed(v9), before).outcome;
      const after = workload(
        { args: [javaagent], env: env(variablesOf(moved)) },
        { owned: { JAVA_TOOL_OPTIONS: ["skywalking-canary"] }, annotations: { ...moved?.patch.annotations } },
      );
      expect(envOf(placed(undefined, {}, v9), after)).toEqual({ JAVA_TOOL_OPTIONS: original });
    }),
  );
});

test("a token that is ours and as wanted holds; another generation's does not", () => {
  const moved = (secret: string): Workload => {
    const target = workload({
      args: [javaagent],
      env: [
        { name: "SKYWALKING_CANARY_TOKEN", valueFrom: { secretKeyRef: { name: secret, key: "token" } } },
        {
          name: "JAVA_TOOL_OPTIONS",
          value: `-Dskywalking.agent.authentication=$(SKYWALKING_CANARY_TOKEN) ${pair}`,
        },
      ],
    });
    const variable = (name: string, field: string) => ({ [`k:${JSON.stringify({ name })}`]: { [field]: {} } });
    const owned = {
      ...variable("SKYWALKING_CANARY_TOKEN", "f:valueFrom"),
      ...variable("JAVA_TOOL_OPTIONS", "f:value"),
    };
    const containers = { 'k:{"name":"app"}': { "f:env": owned } };
    const fieldsV1 = { "f:spec": { "f:template": { "f:spec": { "f:containers": containers } } } };
    return { ...target, managedFields: [{ manager: "skywalking-canary", fieldsV1 }] };
  };
  const isAppliedTo = (target: Workload) => outcomeOf(placed({ ...v9, token: true }), target).outcome?.patch.isApplied;
  expect(isAppliedTo(moved("skywalking-canary-v9-token"))).toBe(true);
  expect(isAppliedTo(moved("skywalking-canary-v8-token"))).toBe(false);
});

test("where another container was named before, what was taken of it is given back", () => {
  const target = workload(
    { args: [javaagent], env: env({ JAVA_TOOL_OPTIONS: `${javaagent} ${pair}` }) },
    {
      owned: { JAVA_TOOL_OPTIONS: ["skywalking-canary"] },
      annotations: { "skywalking-canary/original": originalOf(javaagent) },
    },
  );
  target.podSpec.containers.push({ name: "web", args: [javaagent], env: env({ SW_AGENT_NAME: "web" }) });
  const { outcome } = outcomeOf(placed(v9WithAgent, { container: "web" }), target);
  expect(outcome?.patch.template?.spec?.containers).toEqual([
    { name: "app", env: [{ name: "JAVA_TOOL_OPTIONS", value: javaagent }] },
    {
      name: "web",
      env: [{ name: "JAVA_TOOL_OPTIONS", value: pair }],
      volumeMounts: [{ name: "skywalking-canary-agent", mountPath: "/skywalking/agent" }],
    },
  ]);
});
