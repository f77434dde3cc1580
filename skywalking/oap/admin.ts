import type { Timeline } from "../release";
import type { OapRelease } from "./releases";

/**
 * The server of an OAP's administration: rules, dashboards, status. It asks nobody who they are, whoever reaches it may
 * change rules, and by default it listens on all addresses.
 */
export interface AdminServer {
  /** HTTP. */
  readonly port: 17128;
  /** gRPC among the nodes of a cluster. */
  readonly peerPort: 17129;
  /** Names of the variables of the addresses on which they listen. */
  readonly host: string;
  readonly peerHost: string;
  /** Of the two ports. */
  readonly ports: readonly string[];
}

/** Undefined where there is none. */
export const adminServer: Timeline<OapRelease, AdminServer | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source: "apache/skywalking@v10.4.0:oap-server/server-starter/src/main/resources/application.yml",
  },
  {
    since: "11.0.0",
    value: {
      port: 17128,
      peerPort: 17129,
      host: "SW_ADMIN_SERVER_HOST",
      peerHost: "SW_ADMIN_SERVER_GRPC_HOST",
      ports: ["SW_ADMIN_SERVER_PORT", "SW_ADMIN_SERVER_GRPC_PORT"],
    },
    source:
      "apache/skywalking@5839d2a:oap-server/server-starter/src/main/resources/application.yml:712, apache/skywalking@5839d2a:docs/en/setup/backend/admin-api/readme.md:170",
  },
];
