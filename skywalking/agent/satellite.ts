import { tableOf10_4, tableOf9_7 } from "../compatibility/agents";
import type { AgentFacts } from "./facts";

const releases = ["0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0", "1.0.0", "1.0.1", "1.1.0", "1.2.0", "1.3.0"] as const;

function env(name: string) {
  return { property: undefined, env: name };
}

const nothing = {
  backendService: undefined,
  serviceName: undefined,
  instanceName: undefined,
  namespace: undefined,
  authentication: undefined,
  forceTls: undefined,
  trustedCaPath: undefined,
} as const;

/**
 * apache/skywalking-satellite. It is not an agent: it forwards what agents report, under their names. With TLS on, its
 * default configuration requires a client key pair, so no variable can turn TLS on by itself.
 */
export const satellite: AgentFacts<(typeof releases)[number]> = {
  title: "Satellite",
  releases,
  verifiedUpTo: {
    protocol: "1.3.0",
    settings: "1.3.0",
    namespace: "1.3.0",
    serviceNameMaxLength: "1.3.0",
    reregistration: "1.3.0",
    image: "1.3.0",
    refusedBy: "1.3.0",
  },
  protocol: [
    { since: "0.1.0", value: "v3", source: "apache/skywalking-satellite@v0.1.0:configs/satellite_config.yaml" },
  ],
  settings: [
    {
      since: "0.1.0",
      value: nothing,
      source: "apache/skywalking-satellite@v0.1.0:configs/satellite_config.yaml",
    },
    {
      since: "0.2.0",
      value: {
        ...nothing,
        backendService: env("SATELLITE_GRPC_CLIENT"),
        authentication: env("SATELLITE_GRPC_AUTHENTICATION"),
      },
      source:
        "apache/skywalking-satellite@v0.2.0:configs/satellite_config.yaml, apache/skywalking-satellite@v1.3.0:configs/satellite_config.yaml",
    },
  ],
  namespace: [
    {
      since: "0.1.0",
      value: { effect: "none" },
      source: "apache/skywalking-satellite@v1.3.0:configs/satellite_config.yaml",
    },
  ],
  serviceNameMaxLength: [
    { since: "0.1.0", value: undefined, source: "apache/skywalking-satellite@v1.3.0:configs/satellite_config.yaml" },
  ],
  reregistration: [
    {
      since: "0.1.0",
      value: { kind: "stateless", resendsInstanceProperties: undefined },
      source: "apache/skywalking-satellite@v1.2.0:plugins/client/grpc/client_config.go",
    },
  ],
  image: [{ since: "0.1.0", value: undefined, source: "apache/skywalking-satellite@v1.3.0:docker/Dockerfile" }],
  refusedBy: [
    {
      since: "6.0.0-GA",
      value: [{ releases: "*", why: "a Satellite needs OAP 8.9 or newer" }],
      source: tableOf9_7,
    },
    {
      since: "8.9.0",
      value: [{ releases: "<0.4.0", why: "OAP 8.9 and 9.0 need Satellite 0.4.0 or newer" }],
      source: tableOf9_7,
    },
    {
      since: "9.1.0",
      value: [{ releases: "<1.0.0", why: "OAP 9.1 to 9.4 need Satellite 1.0.0 or newer" }],
      source: tableOf9_7,
    },
    {
      since: "9.5.0",
      value: [{ releases: "<1.2.0", why: "OAP 9.5 and newer need Satellite 1.2.0 or newer" }],
      source: `${tableOf9_7}, ${tableOf10_4}`,
    },
  ],
  configuredBy: ["variables"],
  recognisedBy: { agentImages: /(^|\/)skywalking-satellite$/ },
};
