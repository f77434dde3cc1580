import { changed, exampleConfig, fixtureConfig, type RawConfig } from "../example";
import { problemsOf } from "./problems-of";

/** The problems of the example with changes in its generation v9. */
function problems(version: string, oap: object): string[] {
  const changes = { version, "ui.replicas": 0, oap };
  return problemsOf(changed(exampleConfig(), ofGeneration("v9", changes)));
}

const ofGeneration = (name: string, changes: RawConfig): RawConfig =>
  Object.fromEntries(Object.entries(changes).map(([path, value]) => [`generations.${name}.${path}`, value]));

test("no Service leads to the administration, whatever its port is called, but to the same number before 11", () => {
  const ports = { ports: { admin: 17128, peers: 17129 } };
  const reason = "is a port of the OAP's administration, which asks nobody who they are, so no Service leads to it";
  expect(problems("11.0.0", ports)).toEqual([
    `generations.v9.oap.ports.admin: 17128 ${reason} -> remove it; ui.admin lets the UI reach it`,
    `generations.v9.oap.ports.peers: 17129 ${reason} -> remove it; ui.admin lets the UI reach it`,
  ]);
  expect(problems("10.4.0", ports)).toEqual([]);
});

test.each(["SW_ADMIN_SERVER_HOST", "SW_ADMIN_SERVER_PORT", "SW_ADMIN_SERVER_GRPC_HOST", "SW_ADMIN_SERVER_GRPC_PORT"])(
  "where the administration listens is the program's to say: %s",
  (variable) => {
    expect(problems("11.0.0", { env: { [variable]: "0.0.0.0" } })).toEqual([
      `generations.v9.oap.env.${variable}: is set by the program -> remove it`,
    ]);
  },
);

const active = (files: string, more: object = {}) => ({ env: { SW_METER_ANALYZER_ACTIVE_FILES: files }, ...more });
const missing = (files: string, first: string) =>
  `generations.v9.oap.env.SW_METER_ANALYZER_ACTIVE_FILES: "${files}" is not in the image of OAP 11.0.0, which does not start without it; allowed: go-agent, java-agent, satellite, go-runtime, nodejs-runtime, php-runtime, python-runtime, ruby-runtime, continuous-profiling, network-profiling, datasource, spring-micrometer, threadpool, and files of oap.config -> remove it, or add meter-analyzer-config/${first}.yaml to oap.config`;

test.each<[name: string, version: string, oap: object, problems: string[]]>([
  ["those of the image", "11.0.0", active("datasource, /threadpool.yaml,java-agent"), []],
  ["none", "11.0.0", active(""), []],
  ["one that is not there", "11.0.0", active("datasource,gone"), [missing("gone", "gone")]],
  ["two that are not there", "11.0.0", active("a/gone.yml,datasource,b"), [missing("a/gone,b", "a/gone")]],
  ["one that is not there, before 11", "10.4.0", active("gone"), []],
  ["the user's own", "11.0.0", active("own,deep/er", { config: files("own.yaml", "deep/er.yml") }), []],
  ["what a pattern matches", "11.0.0", active("go-*"), []],
  ["what another image may have", "11.0.0", active("gone", { image: "registry.example.com/oap:1" }), []],
  ["what a Secret may bring", "11.0.0", active("gone", { secretMounts: [{ secretName: "a", mountPath: "/a" }] }), []],
])("files of meters: %s, OAP %s", (_, version, oap, told) => {
  expect(problems(version, oap)).toEqual(told);
});

function files(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`meter-analyzer-config/${name}`, "metricPrefix: own"]));
}

test("an OAP that becomes 11.0.0 in place is asked for its files of meters before it does", () => {
  const changes = { version: "10.4.0", "inPlace.version": "11.0.0", "ui.replicas": 0, oap: active("gone") };
  const told = problemsOf(changed(fixtureConfig("in-place"), ofGeneration("main", changes)));
  expect(told).toEqual([missing("gone", "gone").replace("v9", "main")]);
});
