import {
  agentFacts,
  agentLanguages,
  agentProfile,
  agentReleases,
  javaAgentImage,
  type AgentLanguage,
} from "../../../skywalking/agent";

test.each<[AgentLanguage, number, string, string]>([
  ["java", 34, "6.0.0-GA", "9.7.0"],
  ["python", 12, "0.1.0", "1.2.0"],
  ["nodejs", 10, "0.1.0", "0.9.0"],
  ["go", 6, "0.1.0", "0.6.0"],
  ["php", 9, "0.1.0", "1.0.0"],
  ["rust", 10, "0.1.0", "0.10.0"],
  ["ruby", 1, "0.1.0", "0.1.0"],
])("the %s agent has %d releases, %s to %s", (language, count, first, last) => {
  const releases = agentReleases(language);
  expect(releases).toHaveLength(count);
  expect([releases[0], releases.at(-1)]).toEqual([first, last]);
});

test("no language is left out of the list", () => {
  expect(agentLanguages).toEqual(Object.keys(agentFacts));
  expect(agentLanguages).toEqual(["java", "python", "nodejs", "go", "php", "rust", "ruby", "satellite"]);
});

test("every release of every language has a profile", () => {
  for (const language of agentLanguages) {
    for (const release of agentReleases(language)) {
      expect(agentProfile({ language, release })).toMatchObject({ language, release });
    }
  }
});

test("a release that does not exist has none", () => {
  expect(() => agentProfile({ language: "java", release: "8.8.1" })).toThrow(
    new RangeError('"8.8.1" is not a release of the java agent'),
  );
});

test("one that is not known has the facts of the release that it behaves like, and its own image", () => {
  const profile = agentProfile({ language: "java", release: "99.0.0", behavesLike: "7.0.0" });
  const { image, release, ...facts } = profile;
  expect(facts).toMatchObject({
    protocol: "v2",
    settings: java("7.0.0").settings,
    reRegisters: java("7.0.0").reRegisters,
  });
  expect(release).toBe("99.0.0");
  expect(image()).toBe(java("7.0.0").image()?.replace("7.0.0", "99.0.0"));
  expect(image()).toContain("99.0.0");
  expect(javaAgentImage({ release: "99.0.0", behavesLike: "9.7.0" }).image).toMatch(/:99\.0\.0-/);
});

function java(release: string) {
  return agentProfile({ language: "java", release });
}

describe("the Java agent", () => {
  test.each([
    ["6.0.0-GA", "v2"],
    ["7.0.0", "v2"],
    ["8.0.0", "v3"],
    ["9.7.0", "v3"],
  ])("%s speaks %s", (release, expected) => {
    expect(java(release).protocol).toBe(expected);
  });

  test.each([
    ["6.0.0-GA", undefined],
    ["6.5.0", undefined],
    ["8.7.0", undefined],
    ["8.8.0", "SW_AGENT_NAMESPACE"],
    ["9.7.0", "SW_AGENT_NAMESPACE"],
  ])("%s takes its namespace from agent.namespace, and from the variable %s", (release, env) => {
    expect(java(release).settings.namespace).toEqual({ property: "agent.namespace", env });
  });

  test.each([
    ["6.5.0", undefined],
    ["8.7.0", undefined],
    ["8.8.0", "SW_AGENT_AUTHENTICATION"],
  ])("%s takes its token from agent.authentication, and from the variable %s", (release, env) => {
    expect(java(release).settings.authentication).toEqual({ property: "agent.authentication", env });
  });

  test.each(["6.0.0-GA", "7.0.0", "9.7.0"])("%s takes address and name from variables", (release) => {
    expect(java(release).settings).toMatchObject({
      backendService: { property: "collector.backend_service", env: "SW_AGENT_COLLECTOR_BACKEND_SERVICES" },
      serviceName: { property: "agent.service_name", env: "SW_AGENT_NAME" },
    });
  });

  test.each([
    ["6.0.0-GA", undefined],
    ["6.1.0", { property: "agent.instance_uuid", env: undefined }],
    ["7.0.0", { property: "agent.instance_uuid", env: undefined }],
    ["8.0.0", { property: "agent.instance_name", env: undefined }],
    ["8.8.0", { property: "agent.instance_name", env: "SW_AGENT_INSTANCE_NAME" }],
  ])("%s takes the name of its instance from %j", (release, expected) => {
    expect(java(release).settings.instanceName).toEqual(expected);
  });

  test.each([
    ["8.3.0", undefined, undefined],
    ["8.4.0", { property: "agent.force_tls", env: undefined }, undefined],
    [
      "8.8.0",
      { property: "agent.force_tls", env: "SW_AGENT_FORCE_TLS" },
      { property: "agent.ssl_trusted_ca_path", env: "SW_AGENT_SSL_TRUSTED_CA_PATH" },
    ],
  ])("%s switches TLS on by %j and trusts %j", (release, force, trusted) => {
    expect(java(release).settings.forceTls).toEqual(force);
    expect(java(release).settings.trustedCaPath).toEqual(trusted);
  });

  test.each([
    ["6.0.0-GA", "header-prefix", undefined],
    ["8.9.0", "header-prefix", undefined],
    ["8.10.0", "service-name-suffix", 20],
    ["9.7.0", "service-name-suffix", 20],
  ])("%s makes a %s of its namespace and keeps %s characters", (release, effect, maxLength) => {
    expect(java(release).namespaceEffect).toBe(effect);
    expect(java(release).namespaceMaxLength).toBe(maxLength);
  });

  test.each([
    ["8.9.0", "v2", "svc", "svc"],
    ["8.10.0", "v2", "svc", "svc|v2|"],
    ["9.4.0", "v10", "frontend", "frontend|v10|"],
    ["9.7.0", "", "svc", "svc"],
    ["9.7.0", "a-namespace-of-more-than-20", "svc", "svc|a-namespace-of-more-|"],
    ["7.0.0", "", "s".repeat(60), "s".repeat(60)],
    ["8.0.0", "", "s".repeat(60), "s".repeat(50)],
    ["8.10.0", "v2", "s".repeat(60), `${"s".repeat(50)}|v2|`],
  ])("%s with namespace %j reports %j as %j", (release, namespace, service, expected) => {
    expect(java(release).serviceNameWith(namespace, service)).toBe(expected);
  });

  test.each([
    ["6.0.0-GA", undefined, "apache/skywalking-base:6.0.0-GA"],
    ["6.5.0", undefined, "apache/skywalking-base:6.5.0"],
    ["6.6.0", undefined, "apache/skywalking-base:6.6.0-es7"],
    ["8.4.0", "es6", "apache/skywalking-base:8.4.0-es6"],
    ["8.5.0", undefined, "apache/skywalking-java-agent:8.5.0-alpine"],
    ["8.5.0", "jdk8", "apache/skywalking-java-agent:8.5.0-jdk8"],
    ["8.8.0", "java8", "apache/skywalking-java-agent:8.8.0-java8"],
    ["8.16.0", "java17", "apache/skywalking-java-agent:8.16.0-java17"],
    ["9.1.0", "java21", "apache/skywalking-java-agent:9.1.0-java21"],
    ["9.7.0", "java25", "apache/skywalking-java-agent:9.7.0-java25"],
  ])("%s, variant %s, is in %s", (release, variant, expected) => {
    expect(java(release).image(variant)).toBe(expected);
    expect(java(release).imageAgentDirectory).toBe("/skywalking/agent");
  });

  test.each([
    ["8.7.0", "java8"],
    ["8.9.0", "jdk8"],
    ["9.0.0", "java21"],
    ["9.5.0", "java25"],
  ])("%s has no variant %s", (release, variant) => {
    expect(() => java(release).image(variant)).toThrow(`there is no "${variant}" image of the java agent ${release}`);
    expect(java(release).imageVariants).not.toContain(variant);
  });

  test.each([
    ["6.2.0", { kind: "never" }],
    ["6.3.0", { kind: "on reset command", coolDownMinutes: 10, documented: false }],
    ["6.4.0", { kind: "on reset command", coolDownMinutes: 10, documented: false }],
    ["6.5.0", { kind: "on reset command", coolDownMinutes: 10, documented: true, knownProblem: undefined }],
    ["7.0.0", { kind: "on reset command", coolDownMinutes: 10, documented: true, knownProblem: undefined }],
    ["8.0.0", { kind: "stateless", resendsInstanceProperties: false }],
    ["8.1.0", { kind: "stateless", resendsInstanceProperties: false }],
    ["8.2.0", { kind: "stateless", resendsInstanceProperties: true }],
    ["9.7.0", { kind: "stateless", resendsInstanceProperties: true }],
  ])("%s in front of an empty storage: %j", (release, expected) => {
    expect(java(release).reRegisters).toMatchObject(expected);
  });

  test.each(["6.3.0", "6.4.0"])("%s has a known problem with reconnecting", (release) => {
    expect(java(release).reRegisters).toHaveProperty("knownProblem", expect.stringContaining("may not reconnect"));
  });
});

describe("agents of other languages", () => {
  test.each<[AgentLanguage, string, object]>([
    ["python", "0.1.0", { env: "SW_AGENT_COLLECTOR_BACKEND_SERVICES" }],
    ["nodejs", "0.9.0", { env: "SW_AGENT_COLLECTOR_BACKEND_SERVICES" }],
    ["go", "0.6.0", { env: "SW_AGENT_REPORTER_GRPC_BACKEND_SERVICE" }],
    ["php", "1.0.0", { property: "skywalking_agent.server_addr", env: undefined }],
    ["ruby", "0.1.0", { env: "SW_AGENT_COLLECTOR_BACKEND_SERVICES" }],
  ])("%s %s takes the address from %j", (language, release, expected) => {
    expect(agentProfile({ language, release }).settings.backendService).toMatchObject(expected);
  });

  test("an application in Rust sets all of it in its own code", () => {
    expect(Object.values(agentProfile({ language: "rust", release: "0.10.0" }).settings)).toEqual(
      Array.from({ length: 7 }, () => undefined),
    );
  });

  test.each<[AgentLanguage, string, string | undefined, string]>([
    ["python", "0.6.0", undefined, "none"],
    ["python", "0.7.0", "SW_AGENT_NAMESPACE", "header-prefix"],
    ["python", "0.8.0", "SW_AGENT_NAMESPACE", "instance-property"],
    ["python", "1.0.0", "SW_AGENT_NAMESPACE", "service-name-suffix"],
    ["nodejs", "0.9.0", undefined, "none"],
    ["go", "0.6.0", undefined, "none"],
    ["php", "1.0.0", undefined, "none"],
    ["ruby", "0.1.0", "SW_AGENT_NAMESPACE", "instance-property"],
  ])("%s %s takes a namespace from %s, which does: %s", (language, release, env, effect) => {
    const profile = agentProfile({ language, release });
    expect(profile.settings.namespace?.env).toBe(env);
    expect(profile.namespaceEffect).toBe(effect);
  });

  test.each<[AgentLanguage, string, string | undefined]>([
    ["python", "0.1.0", "SW_AGENT_AUTHENTICATION"],
    ["nodejs", "0.1.0", "SW_AGENT_AUTHENTICATION"],
    ["go", "0.1.0", undefined],
    ["go", "0.2.0", "SW_AGENT_REPORTER_GRPC_AUTHENTICATION"],
    ["ruby", "0.1.0", undefined],
  ])("%s %s takes its token from %s", (language, release, expected) => {
    expect(agentProfile({ language, release }).settings.authentication?.env).toBe(expected);
  });

  test.each<[AgentLanguage, string, string | undefined]>([
    ["python", "0.8.0", "SW_AGENT_INSTANCE"],
    ["python", "1.0.0", "SW_AGENT_INSTANCE_NAME"],
    ["nodejs", "0.9.0", "SW_AGENT_INSTANCE"],
    ["go", "0.6.0", "SW_AGENT_INSTANCE_NAME"],
    ["ruby", "0.1.0", "SW_AGENT_INSTANCE_NAME"],
  ])("%s %s takes the name of its instance from %s", (language, release, expected) => {
    expect(agentProfile({ language, release }).settings.instanceName?.env).toBe(expected);
  });

  test.each<[AgentLanguage, string, string, string]>([
    ["python", "1.2.0", "v2", "svc|v2"],
    ["python", "1.2.0", "", "svc"],
    ["python", "1.2.0", "a-namespace-of-more-than-20", "svc|a-namespace-of-more-than-20"],
    ["python", "0.8.0", "v2", "svc"],
    ["ruby", "0.1.0", "v2", "svc"],
    ["go", "0.6.0", "v2", "svc"],
  ])("%s %s with namespace %j reports svc as %j", (language, release, namespace, expected) => {
    expect(agentProfile({ language, release }).serviceNameWith(namespace, "svc")).toBe(expected);
  });

  test.each<[AgentLanguage, string, boolean | undefined]>([
    ["python", "0.6.0", true],
    ["python", "0.7.0", false],
    ["python", "1.0.0", true],
    ["nodejs", "0.1.0", true],
    ["go", "0.6.0", false],
    ["php", "0.2.0", false],
    ["php", "0.3.0", true],
    ["rust", "0.10.0", undefined],
    ["ruby", "0.1.0", true],
  ])("%s %s sends the properties of its instance again: %s", (language, release, expected) => {
    expect(agentProfile({ language, release }).reRegisters).toEqual({
      kind: "stateless",
      resendsInstanceProperties: expected,
    });
  });

  test.each<[AgentLanguage, string]>([
    ["python", "1.2.0"],
    ["go", "0.6.0"],
  ])("%s %s is part of the application's own image", (language, release) => {
    const profile = agentProfile({ language, release });
    expect(profile.image()).toBeUndefined();
    expect(profile.imageVariants).toEqual([]);
    expect(profile.imageAgentDirectory).toBeUndefined();
  });
});
