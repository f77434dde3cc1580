import { readConfig } from "../../../upgrade/read-config";
import { retentionOf, type Retention } from "../../../upgrade/storage/retention";
import { changed, exampleConfig, fixtureConfig } from "../../example";

function retention(changes: Record<string, unknown>, since?: string): Record<string, Retention> {
  const config = readConfig(changed(exampleConfig(), { services: {}, waves: [], ...changes }));
  return retentionOf(config, since === undefined ? undefined : new Date(since));
}

const es = { kind: "elasticsearch", version: "7.17.29" };

test.each<[version: string, storage: object, env: Record<string, string>, expected: Retention]>([
  ["6.1.0", { ...es, version: "6.8.23" }, {}, { records: "90 minutes", metrics: "18 months" }],
  ["6.6.0", es, {}, { records: "7 days", metrics: "18 months" }],
  ["6.6.0", es, { SW_STORAGE_ES_MONTH_METRIC_DATA_TTL: "1" }, { records: "7 days", metrics: "45 days" }],
  ["8.9.1", es, {}, { records: "3 days", metrics: "7 days" }],
  ["8.9.1", es, { SW_CORE_RECORD_DATA_TTL: "1" }, { records: "1 day", metrics: "7 days" }],
  ["8.9.1", es, { SW_CORE_RECORD_DATA_TTL: "a week" }, { records: "3 days", metrics: "7 days" }],
  ["10.3.0", { kind: "banyandb" }, {}, { records: "3 days", metrics: "15 days" }],
])("OAP %s on %j with %j keeps %j", (version, storage, env, expected) => {
  const changes = {
    "generations.v9.version": version,
    "generations.v9.agents": undefined,
    "generations.v9.storage": storage,
    "generations.v9.oap": { env },
  };
  expect(retention(changes).v9).toEqual(expected);
});

test("what is in the memory of an OAP is kept until it stops", () => {
  const changes = { "generations.v9.storage": { kind: "h2" }, "generations.v9.oap": { replicas: 1 } };
  expect(retention(changes).v9).toEqual({ records: "until its OAP stops", metrics: "until its OAP stops" });
});

test("the old one is needed until the new one has collected for as long as the old one keeps anything", () => {
  const changes = { "generations.v6.oap": { env: { SW_STORAGE_ES_MONTH_METRIC_DATA_TTL: "2" } } };
  expect(retention(changes, "2026-11-01T12:00:00Z")).toEqual({
    v6: {
      records: "7 days",
      metrics: "2 months",
      neededUntil: { records: "2026-11-08", metrics: "2026-12-31" },
    },
    v9: { records: "3 days", metrics: "7 days" },
  });
});

test("what an adopted generation keeps is not known", () => {
  const adopted = { managed: false, version: "6.6.0", address: "oap:11800" };
  expect(Object.keys(retention({ "generations.v6": adopted }))).toEqual(["v9"]);
});

test("in place, one generation goes on with what it has", () => {
  const config = readConfig(fixtureConfig("in-place"));
  expect(Object.values(retentionOf(config, new Date()))).toEqual([{ records: "3 days", metrics: "7 days" }]);
});
