import { stageFlags } from "../../upgrade/stage";
import { agentsWorkloads, changed, everyKeyConfig, exampleConfig, exampleWorkloads, fixtureConfig } from "../example";
import { storageExamples } from "../storage-page";
import { declared } from "./declared";
import { expectGolden } from "./golden-file";

test.each(stageFlags("canary", 3))("every resource of the example at %s", async (stage) => {
  expectGolden(`${stage}.yaml`, await declared(changed(exampleConfig(), { stage }), exampleWorkloads()));
});

test.each(stageFlags("hot-reboot", 0))("every resource of a hot reboot at %s", async (stage) => {
  expectGolden(`hot-reboot/${stage}.yaml`, await declared(changed(fixtureConfig("hot-reboot"), { stage }), new Map()));
});

test.each(stageFlags("in-place", 0))("every resource of an upgrade in place at %s", async (stage) => {
  expectGolden(`in-place/${stage}.yaml`, await declared(changed(fixtureConfig("in-place"), { stage }), new Map()));
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
  expectGolden(`external/${name}-credentials.yaml`, await declared(stack, exampleWorkloads()));
});

test("every resource of a stack that sets every key", async () => {
  expectGolden("chart/every-key.yaml", await declared(changed(everyKeyConfig(), { stage: "provision" }), new Map()));
});

test.each(["baseline", "canary-1", "shift"])("every way to tell an agent at %s", async (stage) => {
  const { workloads, configMaps } = agentsWorkloads();
  const stack = changed(fixtureConfig("agents"), { stage });
  expectGolden(`agents/${stage}.yaml`, await declared(stack, workloads, configMaps));
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
  expectGolden("agents/hot-reboot-with-tls.yaml", await declared(stack, new Map()));
});

test.each(storageExamples().map(({ name, config }) => [name, config] as const))(
  "every resource of the storage example %s",
  async (name, config) => {
    expectGolden(`storage/${name}.yaml`, await declared(config, new Map()));
  },
);

test.each(["provision", "retire"])("every resource of a stack with snapshots at %s", async (stage) => {
  const present = new Map([["v8", 0]]);
  const raw = changed(fixtureConfig("snapshots"), { stage, services: {} });
  expectGolden(`snapshots/${stage}.yaml`, await declared(raw, new Map(), new Map(), present));
});

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
    expectGolden(`external/shared-${security}.yaml`, await declared(raw, new Map()));
  },
);
