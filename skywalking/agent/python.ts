import { noneSpeaksV2, tableOf10_4, wall } from "../compatibility/agents";
import type { AgentFacts } from "./facts";

const releases = [
  "0.1.0",
  "0.2.0",
  "0.3.0",
  "0.4.0",
  "0.5.0",
  "0.6.0",
  "0.7.0",
  "0.8.0",
  "1.0.0",
  "1.0.1",
  "1.1.0",
  "1.2.0",
] as const;

function env(name: string) {
  return { property: undefined, env: name };
}

const common = {
  backendService: env("SW_AGENT_COLLECTOR_BACKEND_SERVICES"),
  serviceName: env("SW_AGENT_NAME"),
  authentication: env("SW_AGENT_AUTHENTICATION"),
  trustedCaPath: undefined,
} as const;

/** apache/skywalking-python */
export const python: AgentFacts<(typeof releases)[number]> = {
  title: "Python",
  releases,
  verifiedUpTo: {
    protocol: "1.2.0",
    settings: "1.2.0",
    namespace: "1.2.0",
    serviceNameMaxLength: "1.2.0",
    reregistration: "1.2.0",
    image: "1.2.0",
    refusedBy: "1.2.0",
  },
  protocol: [{ since: "0.1.0", value: "v3", source: "apache/skywalking-python@v1.2.0:README.md:34" }],
  settings: [
    {
      since: "0.1.0",
      value: { ...common, instanceName: env("SW_AGENT_INSTANCE"), namespace: undefined, forceTls: undefined },
      source: "apache/skywalking-python@v0.1.0:skywalking/config/__init__.py:22",
    },
    {
      since: "0.7.0",
      value: {
        ...common,
        instanceName: env("SW_AGENT_INSTANCE"),
        namespace: env("SW_AGENT_NAMESPACE"),
        forceTls: env("SW_AGENT_FORCE_TLS"),
      },
      source: "apache/skywalking-python@v0.7.0:skywalking/config.py:33",
    },
    {
      since: "1.0.0",
      value: {
        ...common,
        instanceName: env("SW_AGENT_INSTANCE_NAME"),
        namespace: env("SW_AGENT_NAMESPACE"),
        forceTls: env("SW_AGENT_FORCE_TLS"),
      },
      source: "apache/skywalking-python@v1.0.0:skywalking/config.py:48",
    },
  ],
  namespace: [
    { since: "0.1.0", value: { effect: "none" }, source: "apache/skywalking-python@v0.6.0:skywalking/config.py" },
    {
      since: "0.7.0",
      value: { effect: "header-prefix" },
      source: "apache/skywalking-python@v0.7.0:skywalking/trace/carrier.py:26",
    },
    {
      since: "0.8.0",
      value: { effect: "instance-property" },
      source: "apache/skywalking-python@v0.8.0:skywalking/client/grpc.py:47",
    },
    {
      since: "1.0.0",
      value: { effect: "service-name-suffix", maxLength: undefined, tail: "" },
      source: "apache/skywalking-python@v1.0.0:skywalking/config.py:262",
    },
  ],
  serviceNameMaxLength: [
    { since: "0.1.0", value: undefined, source: "apache/skywalking-python@v1.2.0:skywalking/config.py" },
  ],
  reregistration: [
    {
      since: "0.1.0",
      value: { kind: "stateless", resendsInstanceProperties: true },
      source: "apache/skywalking-python@v0.6.0:skywalking/agent/protocol/grpc.py:53",
    },
    {
      since: "0.7.0",
      value: { kind: "stateless", resendsInstanceProperties: false },
      source: "apache/skywalking-python@v0.7.0:skywalking/agent/protocol/grpc.py:74",
    },
    {
      since: "1.0.0",
      value: { kind: "stateless", resendsInstanceProperties: true },
      source: "apache/skywalking-python@v1.0.0:skywalking/client/__init__.py:50",
    },
  ],
  image: [
    { since: "0.1.0", value: undefined, source: "apache/skywalking-python@v1.2.0:docs/en/setup/Installation.md" },
  ],
  refusedBy: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: "apache/skywalking-python@v1.2.0:README.md:34" },
    {
      since: "8.0.0",
      value: [{ releases: ">0.6.0", why: wall }],
      source: `${tableOf10_4}, apache/skywalking-python@v0.7.0:protocol`,
    },
    { since: "8.4.0", value: [], source: tableOf10_4 },
  ],
  configuredBy: ["variables"],
  recognisedBy: {
    agentImages: /(^|\/)skywalking-python$/,
    commands: /^(sw-python|python[\d.]*|gunicorn|uvicorn|flask|celery)$/,
    variables: /^PYTHON[A-Z]+$/,
    images: /(^|\/)(python|pypy)(:|@|$)/,
  },
};
