import { noneSpeaksV2, tableOf10_4 } from "../compatibility/agents";
import type { AgentFacts } from "./facts";

const releases = ["0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0", "0.5.1", "0.6.0", "0.7.0", "0.8.0", "0.9.0"] as const;

function env(name: string) {
  return { property: undefined, env: name };
}

const common = {
  backendService: env("SW_AGENT_COLLECTOR_BACKEND_SERVICES"),
  serviceName: env("SW_AGENT_NAME"),
  instanceName: env("SW_AGENT_INSTANCE"),
  namespace: undefined,
  authentication: env("SW_AGENT_AUTHENTICATION"),
  trustedCaPath: undefined,
} as const;

/** apache/skywalking-nodejs */
export const nodejs: AgentFacts<(typeof releases)[number]> = {
  title: "Node.js",
  releases,
  verifiedUpTo: {
    protocol: "0.9.0",
    settings: "0.9.0",
    namespace: "0.9.0",
    serviceNameMaxLength: "0.9.0",
    reregistration: "0.9.0",
    image: "0.9.0",
    refusedBy: "0.9.0",
  },
  protocol: [{ since: "0.1.0", value: "v3", source: "apache/skywalking-nodejs@v0.1.0:protocol" }],
  settings: [
    {
      since: "0.1.0",
      value: { ...common, forceTls: undefined },
      source: "apache/skywalking-nodejs@v0.1.0:src/config/AgentConfig.ts:50",
    },
    {
      since: "0.3.0",
      value: { ...common, forceTls: env("SW_AGENT_SECURE") },
      source: "apache/skywalking-nodejs@v0.3.0:src/config/AgentConfig.ts:70",
    },
  ],
  namespace: [
    { since: "0.1.0", value: { effect: "none" }, source: "apache/skywalking-nodejs@v0.9.0:src/config/AgentConfig.ts" },
  ],
  serviceNameMaxLength: [
    { since: "0.1.0", value: undefined, source: "apache/skywalking-nodejs@v0.9.0:src/config/AgentConfig.ts" },
  ],
  reregistration: [
    {
      since: "0.1.0",
      value: { kind: "stateless", resendsInstanceProperties: true },
      source: "apache/skywalking-nodejs@v0.1.0:src/agent/protocol/grpc/clients/HeartbeatClient.ts",
    },
  ],
  image: [{ since: "0.1.0", value: undefined, source: "apache/skywalking-nodejs@v0.9.0:README.md" }],
  refusedBy: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: "apache/skywalking-nodejs@v0.1.0:protocol" },
    {
      since: "8.0.0",
      value: [
        {
          releases: ">0.3.0",
          why: "the project's compatibility table ends at Node.js agent 0.3.0 for OAP 8.0 to 8.3",
        },
      ],
      source: tableOf10_4,
    },
    { since: "8.4.0", value: [], source: tableOf10_4 },
  ],
  configuredBy: ["variables"],
  recognisedBy: {
    commands: /^(node|nodejs|npm|npx|yarn|pnpm)$/,
    variables: /^(NODE_OPTIONS|NODE_ENV|NODE_PATH)$/,
    images: /(^|\/)node(:|@|$)/,
  },
};
