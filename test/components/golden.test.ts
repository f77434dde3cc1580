import { stageFlagTexts } from "../../upgrade/stage";
import { agentsWorkloads, changed, everyKeyConfig, exampleConfig, exampleWorkloads, fixtureConfig } from "../example";
import { storageExamples } from "../storage-page";
import { declared, type Declared } from "./declared";
import { expectGolden } from "./golden-file";

const example = (stage: string) => declared(changed(exampleConfig(), { stage }), exampleWorkloads());
const hotReboot = (stage: string) => declared(changed(fixtureConfig("hot-reboot"), { stage }), new Map());
const inPlace = (stage: string) => declared(changed(fixtureConfig("in-place"), { stage }), new Map());

/** Each with the one before it. */
const inSequence = (names: readonly string[]) => names.map((name, index) => [name, names[index - 1]] as const);

const known = new Map<string, Promise<Declared>>();

/** What is declared under the name of a golden file, made once: the next file is told against it. */
function once(file: string, declare: () => Promise<Declared>): Promise<Declared> {
  const made = known.get(file) ?? declare();
  known.set(file, made);
  return made;
}

/**
 * Compares what is declared under one name with what is declared under another, or all of it where there is no other.
 */
async function expectChange(
  folder: string,
  declare: (name: string) => Promise<Declared>,
  name: string,
  before: string | undefined,
): Promise<void> {
  const base =
    before === undefined
      ? undefined
      : { name: `${folder}${before}`, declared: await once(`${folder}${before}`, () => declare(before)) };
  expectGolden(`${folder}${name}`, await once(`${folder}${name}`, () => declare(name)), base);
}

test.each(inSequence(stageFlagTexts("canary", 3)))("every resource of the example at %s", async (stage, before) => {
  await expectChange("", example, stage, before);
});

test.each(inSequence(stageFlagTexts("hot-reboot", 0)))(
  "every resource of a hot reboot at %s",
  async (stage, before) => {
    await expectChange("hot-reboot/", hotReboot, stage, before);
  },
);

test.each(inSequence(stageFlagTexts("in-place", 0)))(
  "every resource of an upgrade in place at %s",
  async (stage, before) => {
    await expectChange("in-place/", inPlace, stage, before);
  },
);

test("every resource of an upgrade in place to a release that is not known", async () => {
  const unknown = { version: "99.0.0", behavesLike: "10.0.1" };
  const stack = changed(fixtureConfig("in-place"), { "generations.main.inPlace": unknown, stage: "shift" });
  const base = { name: "in-place/shift", declared: await once("in-place/shift", () => inPlace("shift")) };
  expectGolden("in-place/release-not-known", await declared(stack, new Map()), base);
});

test.each([
  ["without", {}],
  ["with", { user: "oap", password: "secret" }],
])("every resource of an external Elasticsearch %s credentials", async (name, credentials) => {
  const storage = {
    kind: "elasticsearch-external",
    version: "7.17.29",
    urls: ["https://a:9200", "https://b:9200"],
    ...credentials,
  };
  const adopted = { managed: false, version: "6.6.0", address: "oap.tracing:11800", agentNamespace: "v6" };
  const stack = changed(exampleConfig(), {
    "generations.v6": adopted,
    "generations.v9.storage": storage,
    stage: "shift",
  });
  const base = { name: "shift", declared: await once("shift", () => example("shift")) };
  expectGolden(`external/${name}-credentials`, await declared(stack, exampleWorkloads()), base);
});

const user = { username: "admin", passwordHash: "$argon2id$v=19$m=65536,t=3,p=4$not$a-secret", roles: ["admin"] };
/** The example at `shift`, to an OAP 11.0.0. */
const horizon = (admin: boolean) =>
  declared(
    changed(exampleConfig(), {
      "generations.v9.version": "11.0.0",
      "generations.v9.ui": { users: [user], admin },
      stage: "shift",
    }),
    exampleWorkloads(),
  );

test("every resource of an OAP 11.0.0 with Horizon", async () => {
  const base = { name: "shift", declared: await once("shift", () => example("shift")) };
  expectGolden("horizon/closed", await once("horizon/closed", () => horizon(false)), base);
});

test("every resource of an OAP 11.0.0 whose administration the UI may reach", async () => {
  const base = { name: "horizon/closed", declared: await once("horizon/closed", () => horizon(false)) };
  expectGolden("horizon/open", await horizon(true), base);
});

test("every resource of a stack that sets every key", async () => {
  expectGolden("chart/every-key", await declared(changed(everyKeyConfig(), { stage: "provision" }), new Map()));
});

test.each(inSequence(["baseline", "canary-1", "shift"]))("every way to tell an agent at %s", async (stage, before) => {
  const { workloads, configMaps } = agentsWorkloads();
  const agents = (at: string) => declared(changed(fixtureConfig("agents"), { stage: at }), workloads, configMaps);
  await expectChange("agents/", agents, stage, before);
});

test("a token and a certificate for agents, at the servers and at the entrance", async () => {
  const access = { token: "t0ken", tls: { secretName: "oap-tls", ca: "-----BEGIN CERTIFICATE-----\n" } };
  const changes = {
    "generations.v8.token": access.token,
    "generations.v8.tls": access.tls,
    "generations.v9.token": access.token,
    "generations.v9.tls": access.tls,
  };
  const stack = changed(fixtureConfig("hot-reboot"), { ...changes, stage: "shift" });
  const base = { name: "hot-reboot/shift", declared: await once("hot-reboot/shift", () => hotReboot("shift")) };
  expectGolden("agents/hot-reboot-with-tls", await declared(stack, new Map()), base);
});

const storages = new Map(storageExamples().map(({ name, config }) => [name, config]));
/** A second example of a kind is told against the first, and each kind against the storage that adds nothing. */
function baseOf(name: string): string | undefined {
  // Two generations have little in common with one.
  if (name === "h2" || name === "shared-by-two-generations") return undefined;
  return /^(.+)-\d+$/.exec(name)?.[1] ?? "h2";
}

test.each([...storages.keys()])("every resource of the storage example %s", async (name) => {
  const storage = (kind: string) => declared(storages.get(kind) ?? {}, new Map());
  await expectChange("storage/", storage, name, baseOf(name));
});

const snapshots = (stage: string) =>
  declared(changed(fixtureConfig("snapshots"), { stage, services: {} }), new Map(), new Map(), new Map([["v8", 0]]));

test.each(inSequence(["provision", "retire"]))(
  "every resource of a stack with snapshots at %s",
  async (stage, before) => {
    await expectChange("snapshots/", snapshots, stage, before);
  },
);

test.each(["x-pack", "open-distro"])(
  "every resource of two generations in one Elasticsearch with %s",
  async (security) => {
    const storage = {
      kind: "elasticsearch-external",
      version: "7.10.2",
      urls: ["https://a:9200"],
      password: "secret",
      admin: {
        user: "administrator",
        password: "secret",
        createUser: security,
        snapshots: {
          type: "s3",
          settings: { bucket: "backups" },
          lifecycle: { schedule: "0 30 1 * * ?", expireAfter: "30d" },
        },
      },
    };
    const raw = changed(fixtureConfig("snapshots"), {
      stage: "provision",
      services: {},
      "generations.v8.storage": { ...storage, user: "oap-v8" },
      "generations.v9.storage": { ...storage, user: "oap-v9" },
    });
    const base = {
      name: "snapshots/provision",
      declared: await once("snapshots/provision", () => snapshots("provision")),
    };
    expectGolden(`external/shared-${security}`, await declared(raw, new Map()), base);
  },
);
