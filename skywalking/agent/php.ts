import { noneSpeaksV2, tableOf9_7 } from "../compatibility/agents";
import type { AgentFacts } from "./facts";

const releases = ["0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0", "0.6.0", "0.7.0", "0.8.0", "1.0.0"] as const;

function directive(name: string) {
  return { property: `skywalking_agent.${name}`, env: undefined };
}

const common = {
  backendService: directive("server_addr"),
  serviceName: directive("service_name"),
  namespace: undefined,
} as const;

const secured = {
  authentication: directive("authentication"),
  forceTls: directive("enable_tls"),
  trustedCaPath: directive("ssl_trusted_ca_path"),
} as const;

/** apache/skywalking-php, which reads php.ini and no environment variables. */
export const php: AgentFacts<(typeof releases)[number]> = {
  title: "PHP",
  releases,
  verifiedUpTo: {
    protocol: "1.0.0",
    settings: "1.0.0",
    namespace: "1.0.0",
    serviceNameMaxLength: "1.0.0",
    reregistration: "1.0.0",
    image: "1.0.0",
    refusedBy: "1.0.0",
  },
  protocol: [{ since: "0.1.0", value: "v3", source: "apache/skywalking-php@v0.1.0:README.md:19" }],
  settings: [
    {
      since: "0.1.0",
      value: {
        ...common,
        instanceName: undefined,
        authentication: undefined,
        forceTls: undefined,
        trustedCaPath: undefined,
      },
      source: "apache/skywalking-php@v0.1.0:src/lib.rs:43",
    },
    {
      since: "0.3.0",
      value: { ...common, ...secured, instanceName: undefined },
      source: "apache/skywalking-php@v0.3.0:src/lib.rs:61",
    },
    {
      since: "0.8.0",
      value: { ...common, ...secured, instanceName: directive("instance_name") },
      source: "apache/skywalking-php@v0.8.0:src/lib.rs:47",
    },
  ],
  namespace: [{ since: "0.1.0", value: { effect: "none" }, source: "apache/skywalking-php@v1.0.0:src/lib.rs" }],
  serviceNameMaxLength: [
    { since: "0.1.0", value: undefined, source: "apache/skywalking-php@v1.0.0:docs/en/configuration/ini-settings.md" },
  ],
  reregistration: [
    {
      since: "0.1.0",
      value: { kind: "stateless", resendsInstanceProperties: false },
      source: "apache/skywalking-php@v0.2.0:src/worker.rs:178",
    },
    {
      since: "0.3.0",
      value: { kind: "stateless", resendsInstanceProperties: true },
      source: "apache/skywalking-php@v0.3.0:src/lib.rs:80",
    },
  ],
  image: [{ since: "0.1.0", value: undefined, source: "apache/skywalking-php@v1.0.0:README.md" }],
  refusedBy: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: tableOf9_7 },
    {
      since: "8.0.0",
      value: [{ releases: "*", why: "the PHP agent needs OAP 8.4 or newer" }],
      source: `${tableOf9_7}, apache/skywalking-php@v0.1.0:README.md:19`,
    },
    { since: "8.4.0", value: [], source: tableOf9_7 },
  ],
  configuredBy: ["file"],
  recognisedBy: { commands: /^(php[\d.]*|php-fpm[\d.]*)$/, images: /(^|\/)php(:|@|$)/ },
};
