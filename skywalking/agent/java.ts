import type { Timeline } from "../release";
import { tableOf10_4, wall, wallSource, type Refusal } from "../compatibility/agents";
import type { AgentFacts, AgentImage } from "./facts";

const releases = [
  "6.0.0-GA",
  "6.1.0",
  "6.2.0",
  "6.3.0",
  "6.4.0",
  "6.5.0",
  "6.6.0",
  "7.0.0",
  "8.0.0",
  "8.0.1",
  "8.1.0",
  "8.2.0",
  "8.3.0",
  "8.4.0",
  "8.5.0",
  "8.6.0",
  "8.7.0",
  "8.8.0",
  "8.9.0",
  "8.10.0",
  "8.11.0",
  "8.12.0",
  "8.13.0",
  "8.14.0",
  "8.15.0",
  "8.16.0",
  "9.0.0",
  "9.1.0",
  "9.2.0",
  "9.3.0",
  "9.4.0",
  "9.5.0",
  "9.6.0",
  "9.7.0",
] as const;

const backendService = {
  property: "collector.backend_service",
  env: "SW_AGENT_COLLECTOR_BACKEND_SERVICES",
} as const;
const serviceName = { property: "agent.service_name", env: "SW_AGENT_NAME" } as const;
const directory = "/skywalking/agent";

const speaksV2: Refusal = {
  releases: "<8.0.0",
  why: "agents 6.x and 7.x speak protocol v2, which OAP 8.0 and later do not know",
};

type Release = (typeof releases)[number];

/** apache/skywalking-java; before 8.8.0, a part of apache/skywalking. Every release has an image. */
export const java: AgentFacts<Release> & { readonly image: Timeline<Release, AgentImage> } = {
  title: "Java",
  releases,
  verifiedUpTo: {
    protocol: "9.7.0",
    settings: "9.7.0",
    namespace: "9.7.0",
    serviceNameMaxLength: "9.7.0",
    reregistration: "9.7.0",
    image: "9.7.0",
    refusedBy: "9.7.0",
  },
  protocol: [
    {
      since: "6.0.0-GA",
      value: "v2",
      source:
        "apache/skywalking-java@v7.0.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/context/SW6CarrierItem.java",
    },
    {
      since: "8.0.0",
      value: "v3",
      source:
        "apache/skywalking-java@v8.0.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/context/SW8CarrierItem.java",
    },
  ],
  /**
   * Up to 8.7.0, the lines of agent.config that would read SW_AGENT_NAMESPACE and SW_AGENT_AUTHENTICATION are commented
   * out, so the variables have no effect. Up to 8.3.0, TLS is on if the agent's directory contains `ca/ca.crt`.
   */
  settings: [
    {
      since: "6.0.0-GA",
      value: {
        backendService,
        serviceName,
        instanceName: undefined,
        namespace: { property: "agent.namespace", env: undefined },
        authentication: { property: "agent.authentication", env: undefined },
        forceTls: undefined,
        trustedCaPath: undefined,
      },
      source: "apache/skywalking-java@v6.0.0-GA:apm-sniffer/config/agent.config:18",
    },
    {
      since: "6.1.0",
      value: {
        backendService,
        serviceName,
        instanceName: { property: "agent.instance_uuid", env: undefined },
        namespace: { property: "agent.namespace", env: undefined },
        authentication: { property: "agent.authentication", env: undefined },
        forceTls: undefined,
        trustedCaPath: undefined,
      },
      source:
        "apache/skywalking-java@v6.1.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/conf/Config.java:90",
    },
    {
      since: "8.0.0",
      value: {
        backendService,
        serviceName,
        instanceName: { property: "agent.instance_name", env: undefined },
        namespace: { property: "agent.namespace", env: undefined },
        authentication: { property: "agent.authentication", env: undefined },
        forceTls: undefined,
        trustedCaPath: undefined,
      },
      source:
        "apache/skywalking-java@v8.0.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/conf/Config.java:80",
    },
    {
      since: "8.4.0",
      value: {
        backendService,
        serviceName,
        instanceName: { property: "agent.instance_name", env: undefined },
        namespace: { property: "agent.namespace", env: undefined },
        authentication: { property: "agent.authentication", env: undefined },
        forceTls: { property: "agent.force_tls", env: undefined },
        trustedCaPath: undefined,
      },
      source:
        "apache/skywalking-java@v8.4.0:apm-sniffer/config/agent.config:56, apache/skywalking-java@v8.4.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/conf/Config.java:132",
    },
    {
      since: "8.8.0",
      value: {
        backendService,
        serviceName,
        instanceName: { property: "agent.instance_name", env: "SW_AGENT_INSTANCE_NAME" },
        namespace: { property: "agent.namespace", env: "SW_AGENT_NAMESPACE" },
        authentication: { property: "agent.authentication", env: "SW_AGENT_AUTHENTICATION" },
        forceTls: { property: "agent.force_tls", env: "SW_AGENT_FORCE_TLS" },
        trustedCaPath: { property: "agent.ssl_trusted_ca_path", env: "SW_AGENT_SSL_TRUSTED_CA_PATH" },
      },
      source: "apache/skywalking-java@v8.8.0:apm-sniffer/config/agent.config:18",
    },
  ],
  /**
   * Releases 8.10.0 to 9.0.0 silently truncate a longer namespace. Later ones report it on stderr and accept another
   * length, `agent.namespace#length` (`apache/skywalking-java@v9.1.0`, ConfigInitializer.java:90).
   */
  namespace: [
    {
      since: "6.0.0-GA",
      value: { effect: "header-prefix" },
      source:
        "apache/skywalking-java@v6.0.0-GA:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/context/CarrierItem.java:42",
    },
    {
      since: "8.10.0",
      value: { effect: "service-name-suffix", maxLength: 20, tail: "|" },
      source:
        "apache/skywalking-java@v8.10.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/conf/SnifferConfigInitializer.java:104, apache/skywalking-java@v8.10.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/conf/Config.java:75",
    },
  ],
  serviceNameMaxLength: [
    {
      since: "6.0.0-GA",
      value: undefined,
      source:
        "apache/skywalking-java@v7.0.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/conf/Config.java",
    },
    {
      since: "8.0.0",
      value: 50,
      source:
        "apache/skywalking-java@v8.0.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/conf/Config.java",
    },
  ],
  reregistration: [
    {
      since: "6.0.0-GA",
      value: { kind: "never" },
      source:
        "apache/skywalking-java@v6.2.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/remote",
    },
    {
      since: "6.3.0",
      value: {
        kind: "on reset command",
        coolDownMinutes: 10,
        documented: false,
        knownProblem:
          "it may not reconnect when the addresses of the OAP's pods change (apache/skywalking#3238, changed in 6.4.0)",
      },
      source:
        "apache/skywalking@v6.3.0:CHANGES.md:18, apache/skywalking@v6.3.0:docs/en/setup/backend/backend-setup.md:92",
    },
    {
      since: "6.4.0",
      value: {
        kind: "on reset command",
        coolDownMinutes: 10,
        documented: false,
        knownProblem: "the upgrade guide lists a known bug in 6.4.0: it may not reconnect, especially in Kubernetes",
      },
      source: "apache/skywalking@v7.0.0:docs/en/FAQ/v6-version-upgrade.md:25",
    },
    {
      since: "6.5.0",
      value: { kind: "on reset command", coolDownMinutes: 10, documented: true, knownProblem: undefined },
      source: "apache/skywalking@v7.0.0:docs/en/FAQ/v6-version-upgrade.md:20",
    },
    {
      since: "8.0.0",
      value: { kind: "stateless", resendsInstanceProperties: false },
      source:
        "apache/skywalking-java@v8.0.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/remote/ServiceManagementClient.java:55",
    },
    {
      since: "8.2.0",
      value: { kind: "stateless", resendsInstanceProperties: true },
      source:
        "apache/skywalking-java@v8.3.0:apm-sniffer/apm-agent-core/src/main/java/org/apache/skywalking/apm/agent/core/remote/ServiceManagementClient.java:116",
    },
  ],
  /** Before 8.5.0, the agent was part of the image that the OAP's image is built from. */
  image: [
    {
      since: "6.0.0-GA",
      value: { repository: "apache/skywalking-base", variants: [""], directory },
      source: "apache/skywalking-docker@b817a03:archive/6/6.5/base/Dockerfile",
    },
    {
      since: "6.6.0",
      value: { repository: "apache/skywalking-base", variants: ["es7", "es6"], directory },
      source: "apache/skywalking-docker@b817a03:archive/6/6.6/base-es7/Dockerfile",
    },
    {
      since: "8.5.0",
      value: { repository: "apache/skywalking-java-agent", variants: ["alpine", "jdk8", "jdk11"], directory },
      source: "apache/skywalking-docker@b817a03:java-agent/Makefile",
    },
    {
      since: "8.8.0",
      value: { repository: "apache/skywalking-java-agent", variants: ["alpine", "java8", "java11"], directory },
      source: "apache/skywalking-java@v8.8.0:Makefile:36",
    },
    {
      since: "8.9.0",
      value: {
        repository: "apache/skywalking-java-agent",
        variants: ["alpine", "java8", "java11", "java17"],
        directory,
      },
      source: "apache/skywalking-java@v8.9.0:Makefile:37",
    },
    {
      since: "9.1.0",
      value: {
        repository: "apache/skywalking-java-agent",
        variants: ["alpine", "java8", "java11", "java17", "java21"],
        directory,
      },
      source: "apache/skywalking-java@v9.1.0:Makefile:37",
    },
    {
      since: "9.6.0",
      value: {
        repository: "apache/skywalking-java-agent",
        variants: ["alpine", "java8", "java11", "java17", "java21", "java25"],
        directory,
      },
      source: "apache/skywalking-java@v9.6.0:Makefile:37",
    },
  ],
  refusedBy: [
    {
      since: "6.0.0-GA",
      value: [{ releases: ">=8.0.0", why: "agents from 8.0 on speak protocol v3, which OAP 6.x and 7.x do not know" }],
      source: "apache/skywalking@v7.0.0:docs/en/FAQ/v6-version-upgrade.md:29",
    },
    {
      since: "8.0.0",
      value: [speaksV2, { releases: ">=8.4.0", why: wall }],
      source: `apache/skywalking@v8.0.0:docs/en/FAQ/v8-version-upgrade.md, ${wallSource}`,
    },
    {
      since: "8.4.0",
      value: [speaksV2, { releases: ">=9.0.0", why: "Java agents 9.x need OAP 9.5 or newer" }],
      source: tableOf10_4,
    },
    { since: "9.5.0", value: [speaksV2], source: tableOf10_4 },
  ],
  configuredBy: ["jvm-options", "variables", "file"],
  recognisedBy: {
    // skywalking-base contains the whole distribution and is the only image with the Java agent before 8.5
    // (skywalking-docker, archive/6 to archive/8).
    agentImages: /(^|\/)(skywalking-java-agent|skywalking-base)$/,
    commands: /^(java|catalina\.sh|jetty\.sh)$/,
    variables: /^(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|JAVA_OPTS|JAVA_HOME|CATALINA_OPTS)$/,
    images: /(^|\/)(openjdk|eclipse-temurin|amazoncorretto|tomcat|jetty|azul\/zulu-openjdk)(:|@|$)/,
  },
};
