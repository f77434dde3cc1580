import { noneSpeaksV2, tableOf10_4 } from "../compatibility/agents";
import type { AgentFacts } from "./facts";

const releases = ["0.1.0"] as const;

function setting(name: string) {
  return { property: name, env: `SW_AGENT_${name.toUpperCase()}` };
}

/** apache/skywalking-ruby */
export const ruby: AgentFacts<(typeof releases)[number]> = {
  title: "Ruby",
  releases,
  verifiedUpTo: {
    protocol: "0.1.0",
    settings: "0.1.0",
    namespace: "0.1.0",
    serviceNameMaxLength: "0.1.0",
    reregistration: "0.1.0",
    image: "0.1.0",
    refusedBy: "0.1.0",
  },
  protocol: [
    { since: "0.1.0", value: "v3", source: "apache/skywalking-ruby@v0.1.0:lib/skywalking/tracing/carrier.rb" },
  ],
  settings: [
    {
      since: "0.1.0",
      value: {
        backendService: setting("collector_backend_services"),
        serviceName: setting("service_name"),
        instanceName: setting("instance_name"),
        namespace: setting("namespace"),
        authentication: undefined,
        forceTls: undefined,
        trustedCaPath: undefined,
      },
      source: "apache/skywalking-ruby@v0.1.0:lib/skywalking/configuration.rb:22",
    },
  ],
  namespace: [
    {
      since: "0.1.0",
      value: { effect: "instance-property" },
      source: "apache/skywalking-ruby@v0.1.0:lib/skywalking/reporter/client/grpc_client.rb:79",
    },
  ],
  serviceNameMaxLength: [
    {
      since: "0.1.0",
      value: undefined,
      source: "apache/skywalking-ruby@v0.1.0:lib/skywalking/configuration.rb",
    },
  ],
  reregistration: [
    {
      since: "0.1.0",
      value: { kind: "stateless", resendsInstanceProperties: true },
      source: "apache/skywalking-ruby@v0.1.0:lib/skywalking/reporter/grpc.rb:33",
    },
  ],
  image: [{ since: "0.1.0", value: undefined, source: "apache/skywalking-ruby@v0.1.0:docs/en/setup/quick-start.md" }],
  refusedBy: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: tableOf10_4 },
    { since: "8.0.0", value: [{ releases: "*", why: "the Ruby agent needs OAP 9.5 or newer" }], source: tableOf10_4 },
    { since: "9.5.0", value: [], source: tableOf10_4 },
  ],
  configuredBy: ["variables"],
  recognisedBy: {
    commands: /^(ruby|bundle|rails|puma|rake)$/,
    variables: /^(RUBYOPT|RAILS_ENV|GEM_HOME)$/,
    images: /(^|\/)ruby(:|@|$)/,
  },
};
