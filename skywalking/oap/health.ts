import { valueAt, type Timeline } from "../release";
import type { OapRelease } from "./releases";

/** The REST and GraphQL port, the same in every release. */
const restPort = 12800;

/** How a kubelet can check whether the OAP serves. */
export type Probe =
  | { readonly kind: "tcp"; readonly port: typeof restPort }
  | { readonly kind: "http"; readonly port: typeof restPort; readonly path: "/healthcheck" };

/**
 * The official Helm chart uses TCP for every release: the port opens when the server has started. The path
 * `/internal/l7check` of 9.3.0 to 10.0.1 is meant for the HEAD requests of its UI: a kubelet's GET is answered with
 * 405, since the server allows only the methods of its handlers, and GraphQL's is POST (measured with 9.6.0: the pod
 * never became ready).
 */
export const probe: Timeline<OapRelease, Probe> = [
  {
    since: "6.0.0-GA",
    value: { kind: "tcp", port: restPort },
    source: "apache/skywalking-helm@v4.9.0:chart/skywalking/templates/oap-deployment.yaml",
  },
  {
    since: "10.1.0",
    value: { kind: "http", port: restPort, path: "/healthcheck" },
    source:
      "apache/skywalking@v10.1.0:oap-server/server-health-checker/src/main/java/org/apache/skywalking/oap/server/health/checker/provider/HealthCheckerHttpService.java",
  },
];

/** The telemetry of an OAP if `SW_TELEMETRY` is not set. The 6.1 and 6.2 images have no such variable. */
export const telemetryDefault: Timeline<OapRelease, "none" | "prometheus"> = [
  {
    since: "6.0.0-GA",
    value: "none",
    source: "apache/skywalking@v6.0.0-GA:oap-server/server-starter/src/main/assembly/application.yml",
  },
  {
    since: "6.1.0",
    value: "prometheus",
    source: "apache/skywalking-docker@b817a03:archive/6/6.1/oap/docker-entrypoint.sh",
  },
  {
    since: "6.3.0",
    value: "none",
    source: "apache/skywalking-docker@b817a03:archive/6/6.3/oap/docker-entrypoint.sh",
  },
  {
    since: "10.2.0",
    value: "prometheus",
    source: "apache/skywalking@v10.2.0:oap-server/server-starter/src/main/resources/application.yml",
  },
];

/** `-` means off; `absent` means that the release does not have the module. */
export const healthCheckerDefault: Timeline<OapRelease, "absent" | "-" | "default"> = [
  {
    since: "6.0.0-GA",
    value: "absent",
    source: "apache/skywalking@v8.0.1:oap-server/server-bootstrap/src/main/resources/application.yml",
  },
  {
    since: "8.1.0",
    value: "-",
    source: "apache/skywalking@v8.1.0:oap-server/server-bootstrap/src/main/resources/application.yml",
  },
  {
    since: "10.3.0",
    value: "default",
    source: "apache/skywalking@v10.3.0:oap-server/server-starter/src/main/resources/application.yml",
  },
];

/**
 * The environment that the health checker, which needs telemetry, needs to run
 * (`apache/skywalking@v8.1.0:docs/en/setup/backend/backend-health-check.md:15`); undefined if there is none.
 */
export function healthCheckerEnv(release: OapRelease): Readonly<Record<string, string>> | undefined {
  const checker = valueAt(healthCheckerDefault, release);
  if (checker === "absent") return undefined;
  return {
    ...(checker === "-" ? { SW_HEALTH_CHECKER: "default" } : {}),
    ...(valueAt(telemetryDefault, release) === "none" ? { SW_TELEMETRY: "prometheus" } : {}),
  };
}

/** The environment that `probe`'s path needs to answer: it returns 404 while the health checker is off. */
export function probeEnv(release: OapRelease): Readonly<Record<string, string>> {
  return valueAt(probe, release).kind === "http" ? { ...healthCheckerEnv(release) } : {};
}
