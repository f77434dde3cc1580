import { stageFlags } from "../../upgrade/stage";
import { changed, everyKeyConfig, exampleConfig, exampleWorkloads, fixtureConfig } from "../example";
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

test.each(storageExamples().map(({ name, config }) => [name, config] as const))(
  "every resource of the storage example %s",
  async (name, config) => {
    expectGolden(`storage/${name}.yaml`, await declared(config, new Map()));
  },
);
