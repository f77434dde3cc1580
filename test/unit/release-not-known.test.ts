import { agentReleases } from "../../skywalking/agent";
import { oapReleases } from "../../skywalking/oap";
import { plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { changed, exampleConfig, fixtureConfig, type RawConfig } from "../example";
import { problemsOf } from "./problems-of";
import { textsOf } from "./texts-of";

const newest = String(oapReleases.at(-1));
const newestAgent = String(agentReleases("java").at(-1));

const planOf = (config: RawConfig) => plan(readConfig(config), { present: new Map(), labelsOf: new Map() });

describe("a release that is not known is refused with what to do about it:", () => {
  const newer = `is newer than ${newest}, the newest release of the OAP that is known; allowed: 6.0.0-GA to ${newest}, or another with behavesLike -> set behavesLike beside it to the release that it is to be treated as, e.g. ${newest}`;
  const newerAgent = `is newer than ${newestAgent}, the newest release of the java agent that is known; allowed: 6.0.0-GA to ${newestAgent}, or another with behavesLike -> set behavesLike beside it to the release that it is to be treated as, e.g. ${newestAgent}`;
  const ownBuild =
    "write one of these, or for a build of your own set behavesLike beside it to the release that it was made from";

  test.each<[string, Record<string, unknown>, string[]]>([
    ["a newer one", { "generations.v9.version": "99.0.0" }, [`generations.v9.version: "99.0.0" ${newer}`]],
    [
      "a newer one of an adopted generation",
      { "generations.v6": { managed: false, version: "99.0.0", address: "a:11800", agentNamespace: "v6" } },
      [`generations.v6.version: "99.0.0" ${newer}`],
    ],
    [
      "a newer one, besides another problem",
      { "generations.v9.version": "99.0.0", "generations.v9.tokn": "t" },
      [expect.stringContaining("generations.v9.tokn: is not a known key"), `generations.v9.version: "99.0.0" ${newer}`],
    ],
    [
      "one between two that are known",
      { "generations.v9.version": "9.8.0" },
      [`generations.v9.version: "9.8.0" is not a release of the OAP; next to it are: 9.7.0, 10.0.0 -> ${ownBuild}`],
    ],
    [
      "one before all that are known",
      { "generations.v9.version": "5.0.0" },
      [`generations.v9.version: "5.0.0" is not a release of the OAP; next to it are: 6.0.0-GA -> ${ownBuild}`],
    ],
    [
      "a build of the newest",
      { "generations.v9.version": `${newest}-internal` },
      [
        `generations.v9.version: "${newest}-internal" is not a release of the OAP; next to it are: ${newest} -> ${ownBuild}`,
      ],
    ],
    [
      "what is no release at all",
      { "generations.v9.version": "v9.7.0", "generations.v9.behavesLike": "9.7.0" },
      [
        `generations.v9.version: "v9.7.0" is not a release of the OAP; allowed: 6.0.0-GA to ${newest} -> did you mean "9.7.0"?`,
      ],
    ],
    [
      "one in place",
      { "generations.v6.inPlace": { version: "99.0.0" } },
      [`generations.v6.inPlace.version: "99.0.0" ${newer}`],
    ],
    [
      "an agent that a generation asks for",
      { "generations.v9.agents.java.release": "99.0.0" },
      [`generations.v9.agents.java.release: "99.0.0" ${newerAgent}`],
    ],
    [
      "an agent that a generation asks for, between two that are known",
      { "generations.v9.agents.java.release": "8.99.0" },
      [
        `generations.v9.agents.java.release: "8.99.0" is not a release of the java agent; next to it are: 8.16.0, 9.0.0 -> ${ownBuild}`,
      ],
    ],
    [
      "a service's agent",
      { "services.catalog.agent": { language: "java", release: "99.0.0" } },
      [`services.catalog.agent.release: "99.0.0" ${newerAgent}`],
    ],
    [
      "the agent of most services, told once",
      { "serviceDefaults.agent.release": "99.0.0" },
      [`serviceDefaults.agent.release: "99.0.0" ${newerAgent}`],
    ],
    [
      "an agent behind a Satellite",
      {
        "services.catalog.agent": { language: "satellite", release: "1.2.0" },
        "services.catalog.behind": [{ language: "java", release: "99.0.0" }],
      },
      [`services.catalog.behind.0.release: "99.0.0" ${newerAgent}`],
    ],
    [
      "the agent of a language that there is not, which is told alone",
      { "services.catalog.agent": { language: "jawa", release: "99.0.0" } },
      [expect.stringContaining("services.catalog.agent.language: ")],
    ],
  ])("%s", (_, changes, problems) => {
    expect(problemsOf(changed(exampleConfig(), changes))).toEqual(problems);
  });
});

test.each<[string, Record<string, unknown>, string]>([
  [
    "beside a release that is known",
    { "generations.v9.behavesLike": "9.7.0" },
    'generations.v9.behavesLike: "9.7.0" is not allowed: 9.7.0 is a known release of the OAP -> remove it',
  ],
  [
    "beside an agent that is known",
    { "services.catalog.agent": { language: "java", release: "6.6.0", behavesLike: "6.6.0" } },
    'services.catalog.agent.behavesLike: "6.6.0" is not allowed: 6.6.0 is a known release of the java agent -> remove it',
  ],
  [
    "with a release that is not known either",
    { "generations.v9.version": "99.0.0", "generations.v9.behavesLike": "9.7" },
    'generations.v9.behavesLike: "9.7" is not allowed; allowed: ',
  ],
  [
    "with an agent that is not known either",
    { "services.catalog.agent": { language: "java", release: "99.0.0", behavesLike: "6.6" } },
    `services.catalog.agent.behavesLike: "6.6" is not a release of the java agent; allowed: 6.0.0-GA to ${newestAgent} -> did you mean "6.6.0"?`,
  ],
])("behavesLike is refused %s", (_, changes, problem) => {
  expect(problemsOf(changed(exampleConfig(), changes))).toEqual([expect.stringContaining(problem)]);
});

test.each([
  ["a newer release", "99.0.0", newest],
  ["a newer release that behaves like an old one", "99.0.0", "9.7.0"],
  ["a later release of an old line", "9.7.1", "9.7.0"],
  ["a build of one's own", "9.7.0-internal.2", "9.7.0"],
])("%s is let in, and facts are those of the release that it behaves like", (_, version, behavesLike) => {
  const { to } = readConfig(
    changed(exampleConfig(), {
      "generations.v9.version": version,
      "generations.v9.behavesLike": behavesLike,
      "generations.v9.ui": { replicas: 0 },
    }),
  );
  expect(to.generation).toMatchObject({ version, behavesLike });
});

describe("problems of a release that is not known", () => {
  test.each<[string, RawConfig, Record<string, unknown>, string]>([
    [
      "say its name where a storage does not fit",
      exampleConfig(),
      {
        "generations.v9.version": "99.0.0",
        "generations.v9.behavesLike": "10.2.0",
        "generations.v9.storage": { kind: "h2" },
      },
      'generations.v9.storage.kind: "h2" cannot be used: OAP 99.0.0 has no h2 storage',
    ],
    [
      "say its name where its agents do not fit",
      exampleConfig(),
      { "generations.v9.version": "99.0.0", "generations.v9.behavesLike": "9.7.0", "generations.v9.agents": {} },
      "cannot report to v9 (OAP 99.0.0)",
    ],
    [
      "say its name where a setting does not fit",
      exampleConfig(),
      {
        "generations.v9.version": "99.0.0",
        "generations.v9.behavesLike": "6.6.0",
        "generations.v9.token": "t",
        "generations.v9.agents": {},
      },
      "generations.v9.token: cannot be used: OAP 99.0.0 reads no token",
    ],
    [
      "are those of its storage in place",
      fixtureConfig("in-place"),
      { "generations.main.inPlace": { version: "99.0.0", behavesLike: "10.3.0" } },
      'generations.main.inPlace.version: "99.0.0" cannot start on the storage of 10.0.0: OAP 10.3.0 changed the stored data',
    ],
    [
      "are those of memory in place, even where it behaves like the release before",
      fixtureConfig("in-place"),
      {
        "generations.main.inPlace": { version: "10.0.0-internal", behavesLike: "10.0.0" },
        "generations.main.storage": { kind: "h2" },
      },
      "cannot start on the storage of 10.0.0: by default H2 keeps its data in the OAP's own memory",
    ],
    [
      "are those of agents that stay",
      fixtureConfig("hot-reboot"),
      { "generations.v9.version": "99.0.0", "generations.v9.behavesLike": "7.0.0" },
      'strategy: "hot-reboot" is impossible from 8.9.1 to 99.0.0',
    ],
  ])("%s", (_, config, changes, problem) => {
    expect(problemsOf(changed(config, changes))).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });
});

describe("warnings", () => {
  const oap = (name: string, version: string, behavesLike: string) =>
    `${name}: nothing is known of OAP ${version}, which is treated as ${behavesLike}: look in its release notes for what changed in storage, configuration, agents and queries`;
  const unknown = (config: RawConfig) => planOf(config).warnings.filter(({ id }) => id === "release-not-known");

  test("there are none of known releases", () => {
    expect(unknown(exampleConfig())).toEqual([]);
    expect(unknown(fixtureConfig("in-place"))).toEqual([]);
  });

  test.each(["baseline", "shift"])("name the generation and what it is treated as, at %s", (stage) => {
    const changes = { stage, "generations.v9.version": "99.0.0", "generations.v9.behavesLike": "9.7.0" };
    expect(unknown(changed(exampleConfig(), changes))).toEqual([
      { id: "release-not-known", severity: "warning", generation: "v9", text: oap("v9", "99.0.0", "9.7.0") },
    ]);
  });

  test("name the present and the next release of an upgrade in place, each once", () => {
    const changes = {
      "generations.main.version": "10.0.0-internal",
      "generations.main.behavesLike": "10.0.0",
      "generations.main.inPlace": { version: "99.0.0", behavesLike: "10.0.1" },
    };
    expect(textsOf(unknown(changed(fixtureConfig("in-place"), changes)))).toEqual([
      oap("main", "99.0.0", "10.0.1"),
      oap("main", "10.0.0-internal", "10.0.0"),
    ]);
  });

  test("name the agents", () => {
    const changes = {
      "generations.v9.agents.java": { release: "99.0.0", behavesLike: "9.3.0" },
      "services.cart.agent": { language: "java", release: "8.9.1", behavesLike: "8.9.0" },
      "services.relay.behind": [{ language: "java", release: "8.99.0", behavesLike: "8.9.0" }],
    };
    expect(unknown(changed(fixtureConfig("agents"), changes))).toEqual([
      {
        id: "release-not-known",
        severity: "warning",
        generation: "v9",
        text: "v9: nothing is known of Java agent 99.0.0, which is treated as 9.3.0",
      },
      {
        id: "release-not-known",
        severity: "warning",
        services: ["cart", "relay"],
        text: "cart, relay: nothing is known of the releases of their agents, which are treated as those that behavesLike names",
      },
    ]);
  });
});

describe("the agent of a service where its generation asks for 99.0.0", () => {
  const asked = { release: "99.0.0", behavesLike: "9.3.0" };
  const settingsWith = (own: { readonly release: string; readonly behavesLike?: string }) => {
    const changes = {
      stage: "shift",
      "generations.v9.agents.java": asked,
      "services.cart.agent": { language: "java", ...own },
    };
    const { waves } = planOf(changed(fixtureConfig("agents"), changes));
    return waves.flat().find(({ key }) => key === "cart")?.settings;
  };

  test("is 99.0.0 from its own image where the service's is older", () => {
    expect(settingsWith({ release: "8.9.0" })).toMatchObject({
      agent: { language: "java", ...asked },
      javaAgent: {
        release: "99.0.0",
        image: expect.stringMatching(/^apache\/skywalking-java-agent:99\.0\.0-/) as unknown,
      },
    });
  });

  test("is the service's own where that is newer", () => {
    const own = { release: "99.1.0", behavesLike: "8.9.0" };
    expect(settingsWith(own)).toMatchObject({ agent: own, javaAgent: undefined });
  });
});
