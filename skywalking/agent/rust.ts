import { noneSpeaksV2, tableOf9_7, wall, wallSource } from "../compatibility/agents";
import type { AgentFacts } from "./facts";

const releases = ["0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0", "0.6.0", "0.7.0", "0.8.0", "0.9.0", "0.10.0"] as const;

/** apache/skywalking-rust, a library: the application's own code decides where to report, and under which names. */
export const rust: AgentFacts<(typeof releases)[number]> = {
  title: "Rust",
  releases,
  verifiedUpTo: {
    protocol: "0.10.0",
    settings: "0.10.0",
    namespace: "0.10.0",
    serviceNameMaxLength: "0.10.0",
    reregistration: "0.10.0",
    image: "0.10.0",
    refusedBy: "0.10.0",
  },
  protocol: [{ since: "0.1.0", value: "v3", source: "apache/skywalking-rust@v0.1.0:skywalking-data-collect-protocol" }],
  settings: [
    {
      since: "0.1.0",
      value: {
        backendService: undefined,
        serviceName: undefined,
        instanceName: undefined,
        namespace: undefined,
        authentication: undefined,
        forceTls: undefined,
        trustedCaPath: undefined,
      },
      source: "apache/skywalking-rust@v0.10.0:README.md:145",
    },
  ],
  namespace: [{ since: "0.1.0", value: { effect: "none" }, source: "apache/skywalking-rust@v0.10.0:README.md" }],
  serviceNameMaxLength: [{ since: "0.1.0", value: undefined, source: "apache/skywalking-rust@v0.10.0:README.md" }],
  reregistration: [
    {
      since: "0.1.0",
      value: { kind: "stateless", resendsInstanceProperties: undefined },
      source: "apache/skywalking-rust@v0.10.0:src/management/manager.rs:66",
    },
  ],
  image: [{ since: "0.1.0", value: undefined, source: "apache/skywalking-rust@v0.10.0:README.md" }],
  // The table says that Rust is compatible with OAP 8.0 to 8.3 too. But its first release is built from protocol 8.9.1,
  // which those do not recognise.
  refusedBy: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: tableOf9_7 },
    {
      since: "8.0.0",
      value: [{ releases: "*", why: wall }],
      source: `apache/skywalking-rust@v0.1.0:.gitmodules, ${wallSource}`,
    },
    { since: "8.4.0", value: [], source: tableOf9_7 },
  ],
  configuredBy: [],
  recognisedBy: {},
};
