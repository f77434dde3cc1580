import { findAgents, type FoundAgent } from "../../commands/workloads/agent";

type Container = Parameters<typeof findAgents>[0]["spec"]["containers"][number];

const container = (parts: Partial<Container>): Container => ({
  name: "app",
  image: "registry.example.com/app:1",
  ...parts,
});

const env = (variables: Record<string, string>) => Object.entries(variables).map(([name, value]) => ({ name, value }));

type Pod = Partial<Parameters<typeof findAgents>[0]> & { readonly init?: Container[] };

function find(
  parts: Partial<Container>,
  { annotations = {}, labels = {}, init = [] }: Pod = {},
): FoundAgent | undefined {
  const spec = { containers: [container(parts)], initContainers: init };
  return findAgents({ annotations, labels, spec })[0];
}

const jar = "-javaagent:/sky/agent/skywalking-agent.jar";

test("a container without a word of an agent has none", () => {
  expect(find({ command: ["java", "-jar", "/app.jar"], env: env({ JAVA_TOOL_OPTIONS: "-Xmx1g" }) })).toBeUndefined();
});

describe("a Java agent is found by its -javaagent", () => {
  test.each([
    ["JAVA_TOOL_OPTIONS", { env: env({ JAVA_TOOL_OPTIONS: jar }) }],
    ["JDK_JAVA_OPTIONS", { env: env({ JDK_JAVA_OPTIONS: jar }) }],
    ["CATALINA_OPTS", { env: env({ CATALINA_OPTS: `-Xmx1g ${jar}` }) }],
    ["its command line", { command: ["java", jar, "-jar", "/app.jar"] }],
    ["its command line", { command: ["sh", "-c", `exec java ${jar} -jar /app.jar`] }],
  ])("in %s", (where, parts) => {
    expect(find(parts)).toMatchObject({
      language: "java",
      attachment: { by: "javaagent", where, jar: "/sky/agent/skywalking-agent.jar" },
    });
  });
});

describe("what a Java agent is told: agent options win over -D, -D over variables", () => {
  const variable = { SW_AGENT_COLLECTOR_BACKEND_SERVICES: "env:11800", SW_AGENT_NAME: "by-env" };
  test.each([
    ["env:11800", "SW_AGENT_COLLECTOR_BACKEND_SERVICES", env({ ...variable, JAVA_TOOL_OPTIONS: jar })],
    [
      "property:11800",
      "-D in JAVA_TOOL_OPTIONS",
      env({ ...variable, JAVA_TOOL_OPTIONS: `${jar} -Dskywalking.collector.backend_service=property:11800` }),
    ],
    [
      "later:11800",
      "-D in JDK_JAVA_OPTIONS",
      env({
        JAVA_TOOL_OPTIONS: `${jar} -Dskywalking.collector.backend_service=property:11800`,
        JDK_JAVA_OPTIONS: "-Dskywalking.collector.backend_service=later:11800",
      }),
    ],
    [
      "one:11800,two:11800",
      "the agent options in JAVA_TOOL_OPTIONS",
      env({
        JAVA_TOOL_OPTIONS: `${jar}=agent.service_name=cart,collector.backend_service='one:11800,two:11800' -Dskywalking.collector.backend_service=property:11800`,
      }),
    ],
    [
      "named:11800",
      "-D in JAVA_TOOL_OPTIONS",
      env({ OAP: "named:11800", JAVA_TOOL_OPTIONS: `${jar} -Dskywalking.collector.backend_service=$(OAP)` }),
    ],
  ])("%s by %s", (value, where, variables) => {
    expect(find({ env: variables })?.address).toMatchObject({ value, where });
  });

  test("a value from elsewhere is there, and unknown", () => {
    const name = "SW_AGENT_COLLECTOR_BACKEND_SERVICES";
    const valueFrom = { configMapKeyRef: { name: "tracing", key: "oap" } };
    expect(find({ env: [...env({ JAVA_TOOL_OPTIONS: jar }), { name, valueFrom }] })?.address).toMatchObject({
      value: undefined,
      where: name,
    });
  });
});

describe("the variable of the namespace counts for releases that read it", () => {
  test.each([
    ["8.7.0", undefined],
    ["8.8.0", { value: "v8", where: "SW_AGENT_NAMESPACE" }],
  ])("%s", (release, agentNamespace) => {
    const agent = find(
      { env: env({ JAVA_TOOL_OPTIONS: jar, SW_AGENT_NAMESPACE: "v8" }) },
      { init: [{ name: "agent", image: `apache/skywalking-java-agent:${release}-alpine` }] },
    );
    expect(agent).toMatchObject({ release, agentNamespace });
  });
});

describe("the release is told by", () => {
  const mounted = { volumeMounts: [{ name: "sky", mountPath: "/sky" }], env: env({ JAVA_TOOL_OPTIONS: jar }) };
  const init = (image: string) => ({
    init: [{ name: "x", image, volumeMounts: [{ name: "sky", mountPath: "/out" }] }],
  });
  test.each([
    ["the official image", "apache/skywalking-java-agent:8.16.0-java17", "8.16.0"],
    ["the distribution's image", "apache/skywalking-base:6.6.0-es7", "6.6.0"],
    ["the first release", "apache/skywalking-base:6.0.0-GA", "6.0.0-GA"],
    ["a registry with a port", "registry.example.com:5000/mirror/skywalking-java-agent:9.3.0", "9.3.0"],
    ["an image of the user's that fills the agent's directory", "registry.example.com/tools/apm:8.9.0-2", "8.9.0"],
    ["nothing: a tag without a release", "apache/skywalking-java-agent:latest", undefined],
    ["the tag of its own image, if it is not known", "apache/skywalking-java-agent:8.99.0-java17", "8.99.0"],
    ["nothing: a release of something else", "registry.example.com/skywalking-shop:8.99.0", undefined],
    ["nothing: a digest", `apache/skywalking-java-agent@sha256:${"8.9.0".padEnd(64, "0")}`, undefined],
  ])("%s", (_, image, release) => {
    expect(find(mounted, init(image))?.release).toBe(release);
  });

  test("the directory of the jar", () => {
    const text = "-javaagent:/opt/skywalking-agent-8.9.0/skywalking-agent.jar";
    expect(find({ env: env({ JAVA_TOOL_OPTIONS: text }) })).toMatchObject({
      release: "8.9.0",
      releaseBy: "the directory of /opt/skywalking-agent-8.9.0/skywalking-agent.jar",
    });
  });
});

describe("the language of an agent that only variables speak of", () => {
  const told = { SW_AGENT_COLLECTOR_BACKEND_SERVICES: "oap:11800" };
  test.each([
    ["go", { env: env({ SW_AGENT_REPORTER_GRPC_BACKEND_SERVICE: "oap:11800" }) }],
    ["java", { env: env(told), command: ["java", "-jar", "/app.jar"] }],
    ["python", { env: env(told), command: ["sw-python", "run", "gunicorn", "shop:app"] }],
    ["python", { env: env(told), image: "apache/skywalking-python:1.0.1-grpc-py3.10" }],
    ["python", { env: env({ ...told, PYTHONUNBUFFERED: "1" }) }],
    ["nodejs", { env: env(told), command: ["/usr/local/bin/node", "server.js"] }],
    ["nodejs", { env: env(told), image: "node:20-alpine" }],
    [undefined, { env: env(told) }],
  ])("%s", (language, parts) => {
    expect(find(parts)).toMatchObject({ language, attachment: { by: "image" } });
  });

  test("its address is that of its own variable", () => {
    expect(find({ env: env({ SW_AGENT_REPORTER_GRPC_BACKEND_SERVICE: "oap:11800" }) })?.address).toMatchObject({
      value: "oap:11800",
      where: "SW_AGENT_REPORTER_GRPC_BACKEND_SERVICE",
    });
  });
});

describe("SWCK", () => {
  const labels = { "swck-java-agent-injected": "true" };
  const annotations = {
    "agent.skywalking.apache.org/collector.backend_service": "oap-v6.skywalking-v6:11800",
    "agent.skywalking.apache.org/agent.namespace": "v6",
    "agent.skywalking.apache.org/agent.service_name": "cart",
    "sidecar.skywalking.apache.org/initcontainer.Image": "apache/skywalking-java-agent:8.8.0-java8",
  };

  test("its annotations are agent options, and win", () => {
    const variables = env({ SW_AGENT_COLLECTOR_BACKEND_SERVICES: "other:11800" });
    expect(find({ env: variables }, { labels, annotations })).toMatchObject({
      container: "app",
      language: "java",
      release: "8.8.0",
      releaseBy: "the image apache/skywalking-java-agent:8.8.0-java8",
      attachment: { by: "swck" },
      address: {
        value: "oap-v6.skywalking-v6:11800",
        where: "the annotation agent.skywalking.apache.org/collector.backend_service",
      },
      agentNamespace: { value: "v6", where: "the annotation agent.skywalking.apache.org/agent.namespace" },
      serviceName: { value: "cart", where: "the annotation agent.skywalking.apache.org/agent.service_name" },
    });
  });

  test("annotations without the label inject nothing", () => {
    expect(find({}, { annotations })).toBeUndefined();
  });

  test("only the container that is chosen has an agent", () => {
    const found = findAgents({
      labels,
      annotations: { ...annotations, "strategy.skywalking.apache.org/inject.Container": "app" },
      spec: { containers: [container({ name: "proxy" }), container({ name: "app" })] },
    });
    expect(found.map((agent) => agent.container)).toEqual(["app"]);
  });
});
