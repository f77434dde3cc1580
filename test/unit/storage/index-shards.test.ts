import { plan, type Facts } from "../../../upgrade/plan";
import { readConfig } from "../../../upgrade/read-config";
import { changed, exampleConfig, type RawConfig } from "../../example";

const one = { kind: "elasticsearch", version: "7.17.29", replicas: 1 };

/** What OAP v9 of the example is told, in this release and with other changes. */
function shardsOf(version: string, changes: RawConfig, facts: Partial<Facts> = {}): string | undefined {
  const config = readConfig(
    changed(exampleConfig(), {
      stage: "provision",
      services: {},
      waves: [],
      "generations.v9.version": version,
      "generations.v9.storage": one,
      ...changes,
    }),
  );
  const { generations } = plan(config, { present: new Map(), labelsOf: new Map(), ...facts });
  return generations.find(({ name }) => name === "v9")?.storage.indexShards;
}

const variable = "SW_STORAGE_ES_INDEX_SHARDS_NUMBER";

test.each<[string, string, RawConfig, string | undefined]>([
  ["one node", "7.0.0", {}, "1"],
  ["6.6.0 too", "6.6.0", {}, "1"],
  ["8.0.0 makes one by itself", "8.0.1", {}, undefined],
  ["by the operator", "7.0.0", { "generations.v9.storage": { ...one, kind: "elasticsearch-eck" } }, "1"],
  ["several nodes", "7.0.0", { "generations.v9.storage": { ...one, replicas: 2 } }, undefined],
  [
    "Elasticsearch 6 does not refuse them",
    "7.0.0",
    { "generations.v9.storage": { ...one, version: "6.8.23" } },
    undefined,
  ],
  [
    "one that somebody else runs",
    "7.0.0",
    { "generations.v9.storage": { kind: "elasticsearch-external", version: "7.17.29", urls: ["http://es:9200"] } },
    undefined,
  ],
  ["the user says it for the OAP", "7.0.0", { "generations.v9.oap.env": { [variable]: "3" } }, undefined],
  ["the user says it for the init Job", "7.0.0", { "generations.v9.init.env": { [variable]: "3" } }, undefined],
  [
    "the user says it in a template",
    "7.0.0",
    { "generations.v9.storage": { ...one, admin: { indices: { shards: 3 } } } },
    undefined,
  ],
  ["a template that does not say it", "7.0.0", { "generations.v9.storage": { ...one, admin: {} } }, "1"],
])("%s", (_, version, changes, expected) => {
  expect(shardsOf(version, changes)).toBe(expected);
});

test.each([
  ["keeps what it was told", "1", "1"],
  ["is told nothing new", undefined, undefined],
  ["is not held to what the user had said", "3", undefined],
])("an OAP that is there already %s", (_, shards, expected) => {
  const indexShards = new Map(shards === undefined ? [] : [["v9", shards]]);
  expect(shardsOf("7.0.0", {}, { present: new Map([["v9", 1]]), indexShards })).toBe(expected);
});

test("an adopted OAP is told nothing", () => {
  const adopted = { managed: false, version: "7.0.0", address: "oap:11800", agentNamespace: "v9" };
  expect(shardsOf("7.0.0", { "generations.v9": adopted })).toBeUndefined();
});
