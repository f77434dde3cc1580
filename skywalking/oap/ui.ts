import { valueAt, type Timeline } from "../release";
import type { OapRelease } from "./releases";

/** How a release's UI is given the address of its OAP. UI and OAP must be of the same release. */
export interface UiAddress {
  readonly variable: string;
  readonly scheme: "" | "http://";
}

export const uiAddress: Timeline<OapRelease, UiAddress> = [
  {
    since: "6.0.0-GA",
    value: { variable: "collector.ribbon.listOfServers", scheme: "" },
    source: "apache/skywalking-docker@b817a03:archive/6/6.0-GA/compose/docker-compose.yml",
  },
  {
    since: "6.1.0",
    value: { variable: "SW_OAP_ADDRESS", scheme: "" },
    source: "apache/skywalking-docker@b817a03:archive/6/6.1/ui/docker-entrypoint.sh:23",
  },
  {
    since: "8.7.0",
    value: { variable: "SW_OAP_ADDRESS", scheme: "http://" },
    source: "apache/skywalking@v8.7.0:docker/ui/docker-entrypoint.sh:23",
  },
];

/** The environment of the UI's container. */
export function uiEnv(release: OapRelease, oapHost: string, port: number): Record<string, string> {
  const { variable, scheme } = valueAt(uiAddress, release);
  return { [variable]: `${scheme}${oapHost}:${port}` };
}
