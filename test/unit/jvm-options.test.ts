import {
  findJavaAgent,
  findSettings,
  setsServiceName,
  withJar,
  withoutSettings,
} from "../../upgrade/inject/jvm-options";

const pair = ["collector.backend_service", "agent.namespace"];

describe("findJavaAgent", () => {
  test.each([
    ["-javaagent:/sky/agent/skywalking-agent.jar", "/sky/agent/skywalking-agent.jar", ""],
    ["-Xmx1g -javaagent:/a/skywalking-agent.jar -jar app.jar", "/a/skywalking-agent.jar", ""],
    [
      "-javaagent:/a/skywalking-agent.jar=agent.service_name=x,a=b",
      "/a/skywalking-agent.jar",
      "agent.service_name=x,a=b",
    ],
    ["-javaagent:/a/skywalking-agent-6.6.0.jar", "/a/skywalking-agent-6.6.0.jar", ""],
    ["-javaagent:/j/jolokia.jar=port=1 -javaagent:/a/skywalking-agent.jar", "/a/skywalking-agent.jar", ""],
  ])("%s", (text, jar, options) => {
    expect(findJavaAgent(text)).toMatchObject({ jar, options });
  });

  test.each(["", "-javaagent:/j/jolokia.jar", "-Dname=skywalking-agent.jar"])("none in %p", (text) => {
    expect(findJavaAgent(text)).toBeUndefined();
  });
});

describe("findSettings", () => {
  test.each([
    ["-Xmx1g", false, false],
    ["-Dskywalking.collector.backend_service=h:1", false, true],
    ["-Xmx1g -Dskywalking.agent.namespace=v6", false, true],
    ["-javaagent:/a/skywalking-agent.jar=agent.namespace=v6", true, false],
    ["-javaagent:/a/skywalking-agent.jar=agent.service_name=x,collector.backend_service='h:1,i:1'", true, false],
    ["-javaagent:/a/skywalking-agent.jar=agent.service_name=x", false, false],
    ["-Dskywalking.agent.namespace_of_mine=v6", false, false],
  ])("%s", (text, agentOptions, properties) => {
    const found = findSettings(text, pair);
    expect([found.agentOptions.length > 0, found.systemProperties.length > 0]).toEqual([agentOptions, properties]);
  });
});

describe("withoutSettings", () => {
  test.each([
    ["-Xmx1g", "-Xmx1g"],
    ["-Dskywalking.agent.namespace=v6 -Xmx1g", "-Xmx1g"],
    ["-Xmx1g -Dskywalking.collector.backend_service=h:1 -Da=b", "-Xmx1g -Da=b"],
    ["-Dskywalking.agent.namespace=v6 -Dskywalking.collector.backend_service=h:1", ""],
    ["-javaagent:/a/skywalking-agent.jar=agent.namespace=v6", "-javaagent:/a/skywalking-agent.jar"],
    [
      "-javaagent:/a/skywalking-agent.jar=agent.service_name=x,collector.backend_service='h:1,i:1',a.b=c -Xmx1g",
      "-javaagent:/a/skywalking-agent.jar=agent.service_name=x,a.b=c -Xmx1g",
    ],
  ])("%s", (text, expected) => {
    expect(withoutSettings(text, pair)).toBe(expected);
  });
});

test("withJar changes the SkyWalking agent's jar and keeps its options", () => {
  expect(withJar("-javaagent:/j/x.jar -javaagent:/a/skywalking-agent.jar=a=b -Xmx1g", "/n/skywalking-agent.jar")).toBe(
    "-javaagent:/j/x.jar -javaagent:/n/skywalking-agent.jar=a=b -Xmx1g",
  );
  expect(withJar("-Xmx1g", "/n/skywalking-agent.jar")).toBe("-Xmx1g");
});

test.each([
  ["-Dskywalking.agent.service_name=cart", true],
  ["-javaagent:/a/skywalking-agent.jar=agent.service_name=cart", true],
  ["-javaagent:/a/skywalking-agent.jar=agent.namespace=v6,agent.service_name=cart", true],
  ["-javaagent:/a/skywalking-agent.jar=agent.namespace=v6", false],
])("setsServiceName %s: %p", (text, expected) => {
  expect(setsServiceName(text)).toBe(expected);
});
