import { noneSpeaksV2, tableOf10_4 } from "../compatibility/agents";
import type { AgentFacts } from "./facts";

const releases = ["0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0", "0.6.0"] as const;

const common = {
  backendService: { property: "reporter.grpc.backend_service", env: "SW_AGENT_REPORTER_GRPC_BACKEND_SERVICE" },
  serviceName: { property: "agent.service_name", env: "SW_AGENT_NAME" },
  instanceName: { property: undefined, env: "SW_AGENT_INSTANCE_NAME" },
  namespace: undefined,
} as const;

/** apache/skywalking-go. The file is compiled in; its variables are read when the program starts. */
export const go: AgentFacts<(typeof releases)[number]> = {
  title: "Go",
  releases,
  verifiedUpTo: {
    protocol: "0.6.0",
    settings: "0.6.0",
    namespace: "0.6.0",
    serviceNameMaxLength: "0.6.0",
    reregistration: "0.6.0",
    image: "0.6.0",
    refusedBy: "0.6.0",
  },
  protocol: [{ since: "0.1.0", value: "v3", source: "apache/skywalking-go@v0.1.0:plugins/core/reporter/grpc/grpc.go" }],
  settings: [
    {
      since: "0.1.0",
      value: { ...common, authentication: undefined, forceTls: undefined, trustedCaPath: undefined },
      source: "apache/skywalking-go@v0.1.0:tools/go-agent/config/agent.default.yaml:22",
    },
    {
      since: "0.2.0",
      value: {
        ...common,
        authentication: { property: "reporter.grpc.authentication", env: "SW_AGENT_REPORTER_GRPC_AUTHENTICATION" },
        forceTls: { property: "reporter.grpc.tls.enable", env: "SW_AGENT_REPORTER_GRPC_TLS_ENABLE" },
        trustedCaPath: { property: "reporter.grpc.tls.ca_path", env: "SW_AGENT_REPORTER_GRPC_TLS_CA_PATH" },
      },
      source: "apache/skywalking-go@v0.2.0:tools/go-agent/config/agent.default.yaml:40",
    },
  ],
  namespace: [
    {
      since: "0.1.0",
      value: { effect: "none" },
      source: "apache/skywalking-go@v0.6.0:tools/go-agent/config/agent.default.yaml",
    },
  ],
  serviceNameMaxLength: [
    {
      since: "0.1.0",
      value: undefined,
      source: "apache/skywalking-go@v0.6.0:tools/go-agent/config/agent.default.yaml",
    },
  ],
  reregistration: [
    {
      since: "0.1.0",
      value: { kind: "stateless", resendsInstanceProperties: false },
      source:
        "apache/skywalking-go@v0.1.0:plugins/core/reporter/grpc/grpc.go:283, apache/skywalking-go@v0.6.0:plugins/core/reporter/grpc/grpc.go:485",
    },
  ],
  image: [{ since: "0.1.0", value: undefined, source: "apache/skywalking-go@v0.6.0:docs/en/setup/gobuild.md" }],
  refusedBy: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: tableOf10_4 },
    { since: "8.0.0", value: [{ releases: "*", why: "the Go agent needs OAP 9.5 or newer" }], source: tableOf10_4 },
    { since: "9.5.0", value: [], source: tableOf10_4 },
  ],
  configuredBy: ["variables"],
  recognisedBy: { agentImages: /(^|\/)skywalking-go$/ },
};
