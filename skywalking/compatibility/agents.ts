/** Releases of an agent that an OAP does not work with. */
export interface Refusal {
  /** A semver range. */
  readonly releases: string;
  readonly why: string;
}

export const noneSpeaksV2: Refusal = {
  releases: "*",
  why: "OAP 6.x and 7.x understand only protocol v2, which no release of this agent speaks",
};

/** Why an OAP before 8.4.0 does not work with agents built from the protocol of 8.4.0 or later. */
export const wall =
  "OAP 8.0 to 8.3 do not recognise this agent's messages, which carry the package name of protocol 8.4.0";
export const wallSource = "apache/skywalking@v10.4.0:docs/en/changes/changes-8.4.0.md:6";

/** The project's compatibility tables. */
export const tableOf10_4 = "apache/skywalking@v10.4.0:docs/en/setup/service-agent/agent-compatibility.md";
export const tableOf9_7 = "apache/skywalking@v9.7.0:docs/en/setup/service-agent/agent-compatibility.md";
