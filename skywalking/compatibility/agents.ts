import type { AgentLanguage } from "../agent";
import type { OapRelease } from "../oap/releases";
import type { Timeline } from "../release";

/** Releases of an agent that an OAP does not work with. */
export interface Refusal {
  /** A range in semver's notation. */
  readonly releases: string;
  readonly why: string;
}

const speaksV2: Refusal = {
  releases: "<8.0.0",
  why: "agents 6.x and 7.x speak protocol v2, which OAP 8.0 and later do not know",
};
const noneSpeaksV2: Refusal = {
  releases: "*",
  why: "OAP 6.x and 7.x know protocol v2 alone, and no release of this agent speaks it",
};
const wall =
  "OAP 8.0 to 8.3 do not recognise the messages of such an agent, which carry the package name of protocol 8.4.0";

const tableOf10_4 = "apache/skywalking@v10.4.0:docs/en/setup/service-agent/agent-compatibility.md";
const tableOf9_7 = "apache/skywalking@v9.7.0:docs/en/setup/service-agent/agent-compatibility.md";
const wallSource = "apache/skywalking@v10.4.0:docs/en/changes/changes-8.4.0.md:6";
const v8Faq = "apache/skywalking@v8.0.0:docs/en/FAQ/v8-version-upgrade.md";

/**
 * The project's compatibility table, and what is older than it: what each OAP refuses. Whatever is not named here works.
 */
export const refusals: Readonly<Record<AgentLanguage, Timeline<OapRelease, readonly Refusal[]>>> = {
  java: [
    {
      since: "6.0.0-GA",
      value: [{ releases: ">=8.0.0", why: "agents from 8.0 on speak protocol v3, which OAP 6.x and 7.x do not know" }],
      source: "apache/skywalking@v7.0.0:docs/en/FAQ/v6-version-upgrade.md:29",
    },
    {
      since: "8.0.0",
      value: [speaksV2, { releases: ">=8.4.0", why: wall }],
      source: `${v8Faq}, ${wallSource}`,
    },
    {
      since: "8.4.0",
      value: [speaksV2, { releases: ">=9.0.0", why: "Java agents 9.x need OAP 9.5 or newer" }],
      source: tableOf10_4,
    },
    { since: "9.5.0", value: [speaksV2], source: tableOf10_4 },
  ],
  python: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: "apache/skywalking-python@v1.2.0:README.md:34" },
    {
      since: "8.0.0",
      value: [{ releases: ">0.6.0", why: wall }],
      source: `${tableOf10_4}, apache/skywalking-python@v0.7.0:protocol`,
    },
    { since: "8.4.0", value: [], source: tableOf10_4 },
  ],
  nodejs: [
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
  go: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: tableOf10_4 },
    { since: "8.0.0", value: [{ releases: "*", why: "the Go agent needs OAP 9.5 or newer" }], source: tableOf10_4 },
    { since: "9.5.0", value: [], source: tableOf10_4 },
  ],
  php: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: tableOf9_7 },
    {
      since: "8.0.0",
      value: [{ releases: "*", why: "the PHP agent needs OAP 8.4 or newer" }],
      source: `${tableOf9_7}, apache/skywalking-php@v0.1.0:README.md:19`,
    },
    { since: "8.4.0", value: [], source: tableOf9_7 },
  ],
  // The table calls Rust compatible with OAP 8.0 to 8.3 too. But its first release is made from protocol 8.9.1, beyond the wall.
  rust: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: tableOf9_7 },
    {
      since: "8.0.0",
      value: [{ releases: "*", why: wall }],
      source: `apache/skywalking-rust@v0.1.0:.gitmodules, ${wallSource}`,
    },
    { since: "8.4.0", value: [], source: tableOf9_7 },
  ],
  ruby: [
    { since: "6.0.0-GA", value: [noneSpeaksV2], source: tableOf10_4 },
    { since: "8.0.0", value: [{ releases: "*", why: "the Ruby agent needs OAP 9.5 or newer" }], source: tableOf10_4 },
    { since: "9.5.0", value: [], source: tableOf10_4 },
  ],
  satellite: [
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
};
