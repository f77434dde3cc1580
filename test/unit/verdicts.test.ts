import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type * as Semver from "semver";
import type { ZodType } from "zod";

import { agentReleases, type JavaAgentRelease } from "../../skywalking/agent";
import { compatibility } from "../../skywalking/compatibility";
import type * as Oap from "../../skywalking/oap";
import { oapProfile, oapReleases, type OapRelease } from "../../skywalking/oap";
import { entrySchemas, schemas, type Config } from "../../upgrade/config";
import { plan } from "../../upgrade/plan";
import { ConfigError, describeProblem } from "../../upgrade/problem";
import { readConfig } from "../../upgrade/read-config";
import type { RawConfig } from "../example";

/** Gives the answer of before, since this table asks the same of a few releases a million times. */
function mockRemembering<Question extends unknown[], Answer>(
  ask: (...question: Question) => Answer,
  keyOf: (...question: Question) => unknown = (...question) => question.join(),
) {
  const answers = new Map<unknown, Answer>();
  return (...question: Question): Answer => {
    const key = keyOf(...question);
    const answer = answers.get(key) ?? ask(...question);
    answers.set(key, answer);
    return answer;
  };
}
jest.mock("../../skywalking/oap", () => {
  const oap = jest.requireActual<typeof Oap>("../../skywalking/oap");
  return { ...oap, oapProfile: mockRemembering(oap.oapProfile) };
});
jest.mock("semver", () => {
  const semver = jest.requireActual<typeof Semver>("semver");
  const { coerce, intersects, satisfies } = semver;
  return {
    ...semver,
    coerce: mockRemembering(coerce),
    intersects: mockRemembering(intersects),
    satisfies: mockRemembering(satisfies),
  };
});

// Most parts of a config are the same objects in many combinations, and each is read by itself.
const parts: readonly ZodType[] = [...Object.values(schemas), entrySchemas.generations.entry];
for (const schema of parts) {
  const read = schema.safeParse.bind(schema);
  schema.safeParse = mockRemembering(read, (value) => value);
}

/** A strategy; canary is asked twice, since `to` may or may not offer another agent. */
const ways = ["canary", "canary with new agents", "hot-reboot", "in-place"] as const;
type Way = (typeof ways)[number];

const agents = agentReleases("java");

const reporting = mockRemembering((oap: OapRelease) =>
  agents.filter((release) => compatibility({ language: "java", release }, oap).verdict === "ok"),
);

/** The newest Elasticsearch that both OAPs work with: no pair shall fail for its choice of storage. */
const elasticsearchOf = mockRemembering((from: OapRelease, to: OapRelease): RawConfig => {
  const version = ["8.18.8", "7.17.29", "6.8.23"].find((candidate) =>
    [from, to].every((oap) => oapProfile(oap).supportsStorage({ kind: "elasticsearch", version: candidate }).supported),
  );
  return { kind: "elasticsearch-external", version, urls: ["http://elasticsearch.example.com:9200"] };
});

/** Horizon would ask for users. */
const withoutUi: RawConfig = { replicas: 0 };

/** A generation with no more than it must have, so with no UI: adopted where the program cannot deploy the release. */
function generation(name: string, version: OapRelease, managed: RawConfig): RawConfig {
  return oapProfile(version).configuredByEnv
    ? { version, ui: withoutUi, ...managed }
    : { managed: false, version, address: `oap.${name}:11800`, podLabels: { app: `oap-${name}` } };
}

/** All of a config but its services. */
const upgradeOf = mockRemembering((way: Way, from: OapRelease, to: OapRelease, agentNamespace?: string): RawConfig => {
  const storage = elasticsearchOf(from, to);
  const common = { stage: "shift", from: "old", to: "new", origin: "old" };
  switch (way) {
    case "canary":
    case "canary with new agents": {
      const offered = way === "canary" ? {} : { agents: { java: { release: reporting(to).at(-1) } } };
      return {
        ...common,
        strategy: "canary",
        generations: {
          old: generation("old", from, { storage }),
          new: { ...generation("new", to, { storage }), ...(agentNamespace && { agentNamespace }), ...offered },
        },
      };
    }
    case "hot-reboot": {
      const managed = { namespace: "skywalking", createNamespace: false, storage };
      return {
        ...common,
        strategy: way,
        entrance: { namespace: "skywalking", name: "oap" },
        generations: { old: generation("old", from, managed), new: generation("new", to, managed) },
      };
    }
    case "in-place":
      return {
        ...common,
        strategy: way,
        to: "old",
        generations: { old: generation("old", from, { inPlace: { version: to }, storage }) },
      };
  }
});

const servicesWith = mockRemembering((release: JavaAgentRelease): RawConfig => ({
  web: { namespace: "shop", agent: { language: "java", release } },
}));

/** The config of a user who names nothing that the program does not ask for. */
function readUpgrade(way: Way, from: OapRelease, to: OapRelease, agent: JavaAgentRelease): Config {
  const read = (agentNamespace: string | undefined): Config =>
    readConfig({ ...upgradeOf(way, from, to, agentNamespace), services: servicesWith(agent) });
  try {
    return read(undefined);
  } catch (error) {
    const asked = error instanceof ConfigError && error.problems.some(({ key }) => key.endsWith(".agentNamespace"));
    if (!asked) throw error;
    return read("new");
  }
}

/** What the program says, in the words of this table. */
const words: readonly (readonly [said: RegExp, short: string])[] = [
  [/speak different protocols/, "two protocols"],
  [/only if both OAPs are 6\.3\.0 or newer/, "an OAP before 6.3.0"],
  [/does not register again with an OAP/, "the agent never registers again"],
  [/cannot stay for a hot reboot: .*may not reconnect/, "the agent may not reconnect"],
  [/cannot start on the storage of .*: OAP (\S+) changed the stored data/, "stored data changed in $1"],
  [/cannot report to .*: a newer agent is needed/, "a newer agent is needed"],
  [/cannot report to .*: an older agent is needed/, "an older agent is needed"],
  [/does not touch what it does not manage/, "an adopted OAP"],
  [/loses its trace link/, "trace links break"],
  [/has its parent segment stored in the other backend/, "parents are in the other backend"],
  [/takes no settings from its environment/, "can only be adopted"],
  [/^\S+: on the storage of /, "a caution about stored data"],
  [/^\S+: Elasticsearch \S+: /, "a caution about the storage"],
  [/trace nothing for (\d+) minutes/, "$1 minutes without traces"],
  [/keep the ids that an OAP has given them/, "back only with agents stopped"],
  [/takes ids for itself/, "the OAP takes ids"],
  [/do not send the properties of their instances again/, "instance properties are missing"],
  [/agents that are older than OAP/, "agents are older than the OAP"],
];

function shortened(text: string): string {
  for (const [said, short] of words) {
    const match = said.exec(text);
    if (match !== null) return short.replace("$1", match[1] ?? "");
  }
  throw new Error(`this table has no words for: ${text}`);
}

/**
 * The plan's answer: `ok`, `ok: warnings`, `ok, agent RELEASE: warnings` where it brings another agent, with a word of
 * the agent namespace where it asks for one; or `no: reasons`.
 */
function verdict(way: Way, from: OapRelease, to: OapRelease, agent: JavaAgentRelease): string {
  try {
    const config = readUpgrade(way, from, to, agent);
    const { warnings, waves } = plan(config, { present: new Map(), labelsOf: new Map() });
    const brought = waves.flat().flatMap(({ settings }) => settings?.javaAgent?.release ?? []);
    const asked = config.to.generation.agentNamespace === "" ? "" : ", with an agent namespace";
    return [["ok", ...brought].join(", agent ") + asked, warnings.map(({ text }) => shortened(text)).join("; ")]
      .filter((part) => part !== "")
      .join(": ");
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return `no: ${error.problems.map(describeProblem).map(shortened).join("; ")}`;
  }
}

/** Neighbours with the same value become one run. */
function runsOf(entries: readonly (readonly [release: string, value: string])[]): [run: string, value: string][] {
  const runs: { first: string; last: string; value: string }[] = [];
  for (const [release, value] of entries) {
    const run = runs.at(-1);
    if (run?.value === value) run.last = release;
    else runs.push({ first: release, last: release, value });
  }
  return runs.map(({ first, last, value }) => [first === last ? first : `${first} - ${last}`, value]);
}

/** The runs as lines, `run | line` for every line of a run's value. */
const asLines = (runs: readonly (readonly [run: string, value: string])[]): string =>
  runs.flatMap(([run, value]) => value.split("\n").map((line) => `${run} | ${line}`)).join("\n");

function table(way: Way): string {
  const rows = oapReleases.map((from) => {
    const targets = oapReleases.map((to) => {
      const verdicts = reporting(from).map((agent) => [agent, verdict(way, from, to, agent)] as const);
      return [to, asLines(runsOf(verdicts))] as const;
    });
    return [from, asLines(runsOf(targets))] as const;
  });
  const lines = asLines(runsOf(rows)).replaceAll(/^.*$/gm, "| $& |");
  return `## ${way}\n\n| from | to | Java agent | verdict |\n| --- | --- | --- | --- |\n${lines}`;
}

type Row = readonly [way: Way, from: OapRelease, to: OapRelease, agent: JavaAgentRelease, answer: string];

/** Written by hand from what the project says, not from the table. */
const expected: readonly (readonly [fact: string, rows: readonly Row[]])[] = [
  [
    "changes 8.0.0: all previous releases are incompatible with 8.x; the v8 FAQ asks for new agents too",
    [
      ["canary", "7.0.0", "8.0.0", "7.0.0", "no: a newer agent is needed"],
      ["canary", "7.0.0", "8.9.1", "6.5.0", "no: a newer agent is needed"],
      ["canary", "6.6.0", "9.7.0", "6.6.0", "no: a newer agent is needed"],
      ["canary", "6.5.0", "10.4.0", "6.5.0", "no: a newer agent is needed"],
      ["canary", "8.0.0", "7.0.0", "8.0.0", "no: an older agent is needed"],
      ["canary with new agents", "7.0.0", "8.0.0", "7.0.0", "ok, agent 8.3.0: trace links break"],
      ["canary with new agents", "6.0.0-GA", "8.3.0", "6.0.0-GA", "ok, agent 8.3.0: trace links break"],
      ["canary with new agents", "8.9.1", "7.0.0", "8.9.0", "ok, agent 7.0.0: trace links break"],
      ["hot-reboot", "7.0.0", "8.0.0", "7.0.0", "no: two protocols"],
      ["hot-reboot", "6.5.0", "9.7.0", "6.5.0", "no: two protocols"],
      ["hot-reboot", "6.2.0", "8.0.0", "6.0.0-GA", "no: two protocols"],
      ["hot-reboot", "8.0.0", "7.0.0", "8.0.0", "no: two protocols"],
      ["hot-reboot", "10.4.0", "6.6.0", "9.7.0", "no: two protocols"],
      ["in-place", "7.0.0", "8.0.0", "7.0.0", "no: stored data changed in 8.0.0; a newer agent is needed"],
      ["in-place", "8.0.0", "7.0.0", "8.0.0", "no: stored data changed in 8.0.0; an older agent is needed"],
      ["in-place", "6.5.0", "8.9.1", "6.5.0", "no: stored data changed in 8.0.0; a newer agent is needed"],
    ],
  ],
  [
    "v6 upgrade FAQ: all of 6.x, even 7.x, are compatible with each other, so the OAP servers may go first",
    [
      ["canary", "6.1.0", "6.2.0", "6.6.0", "ok, with an agent namespace: trace links break"],
      ["canary", "6.5.0", "7.0.0", "6.5.0", "ok, with an agent namespace: trace links break"],
      ["canary", "7.0.0", "6.2.0", "7.0.0", "ok, with an agent namespace: trace links break"],
      ["in-place", "6.6.0", "7.0.0", "6.6.0", "ok: a caution about stored data; agents are older than the OAP"],
      ["in-place", "6.4.0", "6.5.0", "6.5.0", "ok"],
      ["in-place", "6.5.0", "7.0.0", "7.0.0", "ok: a caution about stored data"],
    ],
  ],
  [
    "reset of agents: OAP and agent 6.3.0 or newer, by the v6 upgrade FAQ agents 6.5.0 or newer and 6.4.0 with a known bug",
    [
      [
        "hot-reboot",
        "6.3.0",
        "6.6.0",
        "6.5.0",
        "ok: 10 minutes without traces; back only with agents stopped; the OAP takes ids",
      ],
      ["hot-reboot", "6.5.0", "7.0.0", "6.5.0", "ok: 10 minutes without traces; back only with agents stopped"],
      ["hot-reboot", "6.4.0", "7.0.0", "6.5.0", "ok: 10 minutes without traces; back only with agents stopped"],
      ["hot-reboot", "6.6.0", "7.0.0", "7.0.0", "ok: 10 minutes without traces; back only with agents stopped"],
      [
        "hot-reboot",
        "7.0.0",
        "6.3.0",
        "6.6.0",
        "ok: 10 minutes without traces; back only with agents stopped; the OAP takes ids",
      ],
      ["hot-reboot", "6.5.0", "7.0.0", "6.4.0", "no: the agent may not reconnect"],
      ["hot-reboot", "6.5.0", "7.0.0", "6.3.0", "no: the agent may not reconnect"],
      ["hot-reboot", "6.5.0", "7.0.0", "6.2.0", "no: the agent never registers again"],
      ["hot-reboot", "6.6.0", "7.0.0", "6.0.0-GA", "no: the agent never registers again"],
      ["hot-reboot", "6.2.0", "7.0.0", "6.5.0", "no: an OAP before 6.3.0"],
      ["hot-reboot", "6.0.0-GA", "6.6.0", "6.5.0", "no: an OAP before 6.3.0"],
      ["hot-reboot", "6.5.0", "6.1.0", "6.5.0", "no: an OAP before 6.3.0"],
      ["hot-reboot", "6.6.0", "6.2.0", "6.6.0", "no: an OAP before 6.3.0"],
    ],
  ],
  [
    "agents from 8.0 on just reconnect; 8.0 and 8.1 send instance properties once per process, 8.2 again and again",
    [
      ["hot-reboot", "8.0.0", "8.9.1", "8.0.0", "ok: instance properties are missing"],
      ["hot-reboot", "8.1.0", "9.7.0", "8.0.1", "ok: instance properties are missing"],
      ["hot-reboot", "8.1.0", "10.4.0", "8.1.0", "ok: instance properties are missing; a caution about the storage"],
      ["hot-reboot", "8.3.0", "8.9.0", "8.1.0", "ok: instance properties are missing"],
      ["hot-reboot", "8.2.0", "9.0.0", "8.2.0", "ok"],
      ["hot-reboot", "8.0.0", "8.3.0", "8.3.0", "ok"],
      ["hot-reboot", "8.9.1", "9.7.0", "8.9.0", "ok"],
      ["hot-reboot", "8.7.0", "10.0.0", "8.16.0", "ok"],
      ["hot-reboot", "9.7.0", "10.4.0", "9.7.0", "ok"],
    ],
  ],
  [
    "changes 8.4.0: OAP 8.4 takes older 8.x agents, OAP up to 8.3.0 does not recognise agents from 8.4.0 on",
    [
      ["hot-reboot", "8.3.0", "8.4.0", "8.3.0", "ok"],
      ["hot-reboot", "8.4.0", "8.3.0", "8.3.0", "ok"],
      ["hot-reboot", "8.4.0", "8.3.0", "8.4.0", "no: an older agent is needed"],
      ["canary", "8.4.0", "8.3.0", "8.4.0", "no: an older agent is needed"],
      [
        "canary with new agents",
        "8.9.1",
        "8.0.0",
        "8.9.0",
        "ok, agent 8.3.0, with an agent namespace: trace links break",
      ],
      ["in-place", "8.4.0", "8.3.0", "8.4.0", "no: an older agent is needed"],
      ["in-place", "8.3.0", "8.4.0", "8.3.0", "ok: agents are older than the OAP"],
    ],
  ],
  [
    "the project's compatibility table: OAP 8.4 to 9.4 take Java agents 8.x alone, OAP 9.5 and later 8.x and 9.x",
    [
      ["hot-reboot", "9.4.0", "9.5.0", "8.16.0", "ok"],
      ["hot-reboot", "9.7.0", "9.4.0", "9.0.0", "no: an older agent is needed"],
      ["hot-reboot", "9.5.0", "9.0.0", "9.2.0", "no: an older agent is needed"],
      ["hot-reboot", "10.4.0", "8.9.1", "9.7.0", "no: an older agent is needed"],
      ["canary", "9.5.0", "9.4.0", "9.7.0", "no: an older agent is needed"],
      [
        "canary",
        "8.9.1",
        "10.4.0",
        "8.0.0",
        "ok, with an agent namespace: trace links break; a caution about the storage",
      ],
      ["canary", "8.3.0", "9.7.0", "8.3.0", "ok, with an agent namespace: trace links break"],
      ["canary with new agents", "9.5.0", "9.4.0", "9.7.0", "ok, agent 8.16.0: parents are in the other backend"],
      ["canary with new agents", "9.4.0", "9.5.0", "8.16.0", "ok, agent 9.7.0: parents are in the other backend"],
      ["canary with new agents", "10.0.0", "10.4.0", "9.7.0", "ok: parents are in the other backend"],
    ],
  ],
  [
    "agent.namespace: a prefix of the propagation header up to 8.9.0, which is asked for; a suffix of the service's name from 8.10.0 on, which is not",
    [
      ["canary", "8.9.1", "9.7.0", "8.9.0", "ok, with an agent namespace: trace links break"],
      ["canary", "8.9.1", "9.7.0", "8.10.0", "ok: parents are in the other backend"],
      ["canary", "9.7.0", "10.4.0", "9.7.0", "ok: parents are in the other backend"],
      ["canary with new agents", "8.9.1", "9.4.0", "8.5.0", "ok, agent 8.16.0: parents are in the other backend"],
    ],
  ],
  [
    "changes 6.2.0: all existing indices must be deleted",
    [
      ["in-place", "6.1.0", "6.2.0", "6.1.0", "no: stored data changed in 6.2.0"],
      ["in-place", "6.1.0", "6.5.0", "6.1.0", "no: stored data changed in 6.2.0"],
      ["in-place", "6.6.0", "6.1.0", "6.6.0", "no: stored data changed in 6.2.0"],
    ],
  ],
  [
    "RegisterSource.java of 6.3.0, ServiceInstanceInventory.java of 6.6.0: what was stored before lacks fields",
    [
      ["in-place", "6.2.0", "6.3.0", "6.2.0", "no: stored data changed in 6.3.0"],
      ["in-place", "6.2.0", "6.6.0", "6.2.0", "no: stored data changed in 6.3.0"],
      ["in-place", "6.5.0", "6.6.0", "6.5.0", "ok: a caution about stored data; agents are older than the OAP"],
      ["in-place", "6.3.0", "6.5.0", "6.5.0", "ok"],
    ],
  ],
  [
    "changes 8.5.0: indices and templates have been changed; #7218: the storage of 8.2 is not compatible with 8.6",
    [
      ["in-place", "8.4.0", "8.5.0", "8.4.0", "no: stored data changed in 8.5.0"],
      ["in-place", "8.2.0", "8.6.0", "8.2.0", "no: stored data changed in 8.5.0"],
      ["in-place", "8.1.0", "8.2.0", "8.3.0", "ok"],
      ["in-place", "8.5.0", "8.7.0", "8.7.0", "ok"],
    ],
  ],
  [
    "v9 upgrade FAQ: service_traffic and ui_template must be removed before v9 starts",
    [
      ["in-place", "8.9.1", "9.0.0", "8.9.0", "no: stored data changed in 9.0.0"],
      ["in-place", "8.8.0", "8.9.1", "8.10.0", "ok"],
      ["in-place", "8.9.0", "8.9.1", "8.8.0", "ok: agents are older than the OAP"],
    ],
  ],
  [
    "changes 9.2.0 and 9.7.0: merged indices; #10110: ui_template conflicts from 9.2 to 9.3",
    [
      ["in-place", "9.1.0", "9.2.0", "8.9.0", "no: stored data changed in 9.2.0"],
      ["in-place", "9.2.0", "9.3.0", "8.16.0", "no: stored data changed in 9.3.0"],
      ["in-place", "9.6.0", "9.7.0", "9.7.0", "ok: a caution about stored data"],
      ["in-place", "9.5.0", "9.6.0", "9.6.0", "ok"],
      ["in-place", "9.5.0", "9.6.0", "9.4.0", "ok: agents are older than the OAP"],
    ],
  ],
  [
    "changes 10.0.0: ui_template and ui_menu changed their type",
    [
      ["in-place", "9.7.0", "10.0.0", "9.7.0", "no: stored data changed in 10.0.0"],
      ["in-place", "9.7.0", "10.4.0", "9.7.0", "no: stored data changed in 10.0.0"],
      ["in-place", "10.0.0", "9.7.0", "9.7.0", "no: stored data changed in 10.0.0"],
      ["in-place", "9.6.0", "10.1.0", "9.7.0", "ok: a caution about stored data"],
      ["in-place", "10.0.0", "10.0.1", "9.4.0", "ok: agents are older than the OAP"],
      ["in-place", "10.3.0", "10.4.0", "9.0.0", "ok: agents are older than the OAP"],
      ["in-place", "10.4.0", "11.0.0", "9.0.0", "ok: a caution about stored data; agents are older than the OAP"],
    ],
  ],
  [
    "the image of 6.0.0-GA takes no settings from its environment, so it can only be adopted",
    [
      ["canary", "6.0.0-GA", "6.6.0", "6.0.0-GA", "ok, with an agent namespace: trace links break"],
      ["canary", "6.6.0", "6.0.0-GA", "6.6.0", "ok, with an agent namespace: trace links break"],
      ["in-place", "6.0.0-GA", "6.1.0", "6.0.0-GA", "no: an adopted OAP"],
      ["in-place", "6.0.0-GA", "10.4.0", "6.0.0-GA", "no: an adopted OAP"],
    ],
  ],
];

describe.each(expected)("%s", (_, rows) => {
  test.each(rows)("%s from %s to %s, agent %s: %s", (way, from, to, agent, answer) => {
    expect(verdict(way, from, to, agent)).toBe(answer);
  });
});

test("every pair of OAPs, by every strategy, with every Java agent that can report to the first: the reviewed table", () => {
  const combinations = ways.length * oapReleases.length * oapReleases.flatMap((from) => reporting(from)).length;
  const text = [
    "# What the plan says of every upgrade",
    `${String(combinations)} combinations, in runs. Made by \`UPDATE_GOLDEN=1 npx jest test/unit/verdicts\`; review what changes.`,
    ...ways.map(table),
  ].join("\n\n");
  const path = join(__dirname, "..", "golden", "verdicts.md");
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, `${text}\n`);
  expect(`${text}\n`).toBe(readFileSync(path, "utf8"));
}, 120_000);
