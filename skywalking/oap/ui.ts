import { valueAt, type Timeline } from "../release";
import type { OapRelease } from "./releases";

/** The UI of a release and how it is given the address of its OAP. */
export type Ui =
  /** It is released with the OAP, and works with the OAP of its own release only. Its server has no users. */
  | {
      readonly name: "booster";
      readonly address: { readonly variable: string; readonly scheme: "" | "http://" };
      readonly port: 8080;
    }
  /**
   * Horizon is released on its own, and works with every OAP from 11.0.0 on. Nobody can sign in until it is told who
   * may.
   */
  | { readonly name: "horizon"; readonly release: string; readonly port: 8081 };

const booster = (variable: string, scheme: "" | "http://"): Ui => ({
  name: "booster",
  address: { variable, scheme },
  port: 8080,
});

export const ui: Timeline<OapRelease, Ui> = [
  {
    since: "6.0.0-GA",
    value: booster("collector.ribbon.listOfServers", ""),
    source: "apache/skywalking-docker@b817a03:archive/6/6.0-GA/compose/docker-compose.yml",
  },
  {
    since: "6.1.0",
    value: booster("SW_OAP_ADDRESS", ""),
    source: "apache/skywalking-docker@b817a03:archive/6/6.1/ui/docker-entrypoint.sh:23",
  },
  {
    since: "8.7.0",
    value: booster("SW_OAP_ADDRESS", "http://"),
    source: "apache/skywalking@v8.7.0:docker/ui/docker-entrypoint.sh:23",
  },
  {
    since: "11.0.0",
    value: { name: "horizon", release: "1.0.1", port: 8081 },
    source:
      "apache/skywalking@v11.0.0:docs/en/setup/backend/ui-setup.md, apache/skywalking-horizon-ui@v1.0.1:docs/setup/container-image.md, apache/skywalking-horizon-ui@01ccef3:horizon.yaml:59",
  },
];

/**
 * Full name of the image of a release's UI.
 *
 * @param tag - of the release's own images
 */
export function uiImage(release: OapRelease, tag: string): string {
  const known = valueAt(ui, release);
  return `apache/skywalking-ui:${known.name === "booster" ? tag : `horizon-${known.release}`}`;
}

/**
 * The environment of the UI's container.
 *
 * @param query - `host:port` of GraphQL
 * @param admin - `host:port` of the OAP's administration. Without it, Horizon shows the dashboards that are in its
 *   image and changes none; by default it would show none at all.
 */
export function uiEnv(release: OapRelease, query: string, admin?: string): Record<string, string> {
  const known = valueAt(ui, release);
  if (known.name === "booster") return { [known.address.variable]: `${known.address.scheme}${query}` };
  return {
    HORIZON_OAP_QUERY_URL: `http://${query}`,
    ...(admin === undefined ? { HORIZON_TEMPLATES_MODE: "readonly" } : { HORIZON_OAP_ADMIN_URL: `http://${admin}` }),
  };
}
