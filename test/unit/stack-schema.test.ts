import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import Ajv from "ajv";
import { parse } from "yaml";

import { changed, everyKeyConfig, exampleConfig, type RawConfig } from "../example";

const root = join(__dirname, "..", "..");
const read = (...path: string[]): unknown => parse(readFileSync(join(root, ...path), "utf8"));

const schema = JSON.parse(readFileSync(join(root, "Pulumi.schema.json"), "utf8")) as Node;
const validate = new Ajv({ allErrors: true, logger: false }).compile(schema);

/** Where a stack file is wrong, and what. */
function errors(file: unknown): string[] {
  return validate(file) ? [] : (validate.errors ?? []).map((error) => JSON.stringify(error));
}

const stack = (config: RawConfig): unknown => ({
  config: Object.fromEntries(Object.entries(config).map(([key, value]) => [`skywalking-canary:${key}`, value])),
});

/** Those of test/fixtures that are stack files: the others are manifests, or a config without the namespace. */
const fixtures = readdirSync(join(root, "test", "fixtures"), { recursive: true, encoding: "utf8" })
  .filter(
    (file) => file.endsWith(".yaml") && /^config:/m.test(readFileSync(join(root, "test", "fixtures", file), "utf8")),
  )
  .sort();

test("there are fixtures", () => {
  expect(fixtures).toContain("agents.yaml");
  expect(fixtures).toContain(join("storage", "elasticsearch.yaml"));
});

test.each([["Pulumi.staging.yaml"], ...fixtures.map((file) => [join("test", "fixtures", file)])])(
  "%s is legal",
  (file) => {
    expect(errors(read(file))).toEqual([]);
  },
);

test("test/fixtures/every-key.yaml is legal", () => {
  expect(errors(stack(everyKeyConfig()))).toEqual([]);
});

test.each<[string, Record<string, unknown>]>([
  ["stage canary, short for canary-1", { stage: "canary" }],
  ["stage canary-12", { stage: "canary-12" }],
  ["gates: off, short for a map with that mode", { gates: "off" }],
  ["gates as a map", { gates: { mode: "warn", arrived: { share: "80%" } } }],
  ["a service that says nothing of itself", { "services.catalog": null }],
  ["a service that leaves its namespace to serviceDefaults", { "services.catalog": { kind: "StatefulSet" } }],
  ["a section that is left empty", { "generations.v9.oap": null }],
  ["a generation that says that it is managed", { "generations.v9.managed": true }],
  ["an adopted generation", { "generations.v6": { managed: false, version: "6.0.0-GA", address: "a:11800" } }],
  [
    "a release that is not known",
    {
      "generations.v9.version": "99.0.0",
      "generations.v9.behavesLike": "9.7.0",
      "generations.v9.inPlace": { version: "99.0.1", behavesLike: "9.7.0" },
      "generations.v9.agents.java": { release: "99.0.0", behavesLike: "9.7.0" },
      "services.catalog.agent": { language: "java", release: "99.0.0", behavesLike: "9.7.0" },
    },
  ],
  ["a token in plain text", { "generations.v9.token": "t0ken" }],
  ["a secret token", { "generations.v9.token": { secure: "v1:abc" } }],
  ["a secret variable", { "generations.v9.oap.env": { SW_QUERY_TOKEN: { secure: "v1:abc" } } }],
  [
    "a secret password",
    {
      "generations.v9.storage": {
        kind: "elasticsearch-external",
        version: "7.17.29",
        urls: ["https://a:9200"],
        user: "oap",
        password: { secure: "v1:abc" },
      },
    },
  ],
  [
    "a field of a security context that is left to the cluster",
    { "generations.v9.oap.podSecurityContext": { runAsUser: null } },
  ],
  ["waves of every kind", { waves: [["catalog"], "10%", { selector: "tier=backend" }] }],
])("%s is legal", (_, changes) => {
  expect(errors(stack(changed(exampleConfig(), changes)))).toEqual([]);
});

test.each<[string, Record<string, unknown>]>([
  ["a typo at the top", { wavs: [] }],
  ["a typo in a generation", { "generations.v9.agentNamspace": "v9" }],
  ["a typo in a section", { "generations.v9.oap.memroy": "2Gi" }],
  ["a typo in a storage", { "generations.v9.storage.volumesize": "20Gi" }],
  ["a typo in a service", { "services.catalog.contaner": "app" }],
  ["a typo in serviceDefaults", { "serviceDefaults.knd": "Deployment" }],
  ["a typo in a gate", { gates: { arrived: { sok: "1m" } } }],
  ["a typo in a probe", { "generations.v9.oap.readinessProbe": { periodSecond: 1 } }],
  ["a typo in an affinity", { "generations.v9.oap.affinity": { nodeAffinty: {} } }],
  ["a stage that there is not", { stage: "canary-0" }],
  ["a mode that there is not", { gates: "on" }],
  ["a strategy that there is not", { strategy: "blue-green" }],
  ["a release that there is not", { "generations.v9.version": "9.97.0" }],
  ["a next release that there is not", { "generations.v9.inPlace": { version: "9.97.0" } }],
  ["an adopted release that there is not", { "generations.v6": { managed: false, version: "9.97.0", address: "a:1" } }],
  ["a Java agent that there is not", { "generations.v9.agents.java.release": "9.97.0" }],
  ["a release of an unknown form", { "generations.v9.version": "next", "generations.v9.behavesLike": "9.7.0" }],
  [
    "a release that behaves like one that there is not",
    { "generations.v9.version": "99.0.0", "generations.v9.behavesLike": "9.97.0" },
  ],
  ["a kind of storage that there is not", { "generations.v9.storage.kind": "elastic" }],
  ["a kind of workload that there is not", { "services.catalog.kind": "CronJob" }],
  ["a number as text", { "generations.v9.oap.replicas": "2" }],
  ["too few replicas", { "generations.v9.oap.replicas": 0 }],
  ["half a replica", { "generations.v9.oap.replicas": 1.5 }],
  ["memory without a unit", { "generations.v9.oap.memory": "2" }],
  ["a duration without a unit", { "timeouts.oap": 15 }],
  ["a list in place of a map", { services: [] }],
  ["a map in place of a list", { waves: {} }],
  ["a share above 100%", { waves: ["120%"] }],
  ["a generation without a release", { "generations.v9.version": undefined }],
  ["a storage without a kind", { "generations.v9.storage.kind": undefined }],
  ["an adopted generation without an address", { "generations.v6": { managed: false, version: "6.6.0" } }],
  [
    "an adopted generation with an OAP",
    { "generations.v6": { managed: false, version: "6.6.0", address: "a:1", oap: {} } },
  ],
  ["an agent without a release", { "services.catalog.agent": { language: "java" } }],
  ["a name of a generation that is too long", { [`generations.${"v".repeat(21)}`]: { version: "9.7.0" } }],
  ["a secret where none may be", { "generations.v9.version": { secure: "v1:abc" } }],
  ["a secret that is none", { "generations.v9.token": { secret: "v1:abc" } }],
])("%s is refused", (_, changes) => {
  expect(errors(stack(changed(exampleConfig(), changes)))).not.toEqual([]);
});

test.each<[string, unknown]>([
  ["no config at all, as at the beginning", {}],
  [
    "Pulumi's own keys and the config of providers",
    {
      secretsprovider: "passphrase",
      encryptionsalt: "v1:abc",
      environment: ["production"],
      config: { "kubernetes:context": "kind", "pulumi:tags": { team: "tracing" } },
    },
  ],
])("%s is legal", (_, file) => {
  expect(errors(file)).toEqual([]);
});

test.each<[string, unknown]>([
  ["a key of the file", { confg: {} }],
  ["a key without a namespace", { config: { stage: "shift" } }],
  ["a key of the program", { config: { "skywalking-canary:stge": "shift" } }],
])("%s that is not known is refused", (_, file) => {
  expect(errors(file)).not.toEqual([]);
});

interface Node {
  readonly $ref?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly definitions?: Readonly<Record<string, Node>>;
}

/** What may stand at a place: one schema, or several where it is one of some options. */
function options(node: Node): readonly Node[] {
  const name = node.$ref?.replace("#/definitions/", "");
  const shared = name === undefined ? undefined : schema.definitions?.[name];
  return [
    ...(shared === undefined ? [node] : options(shared)),
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(options),
  ];
}

const at = (nodes: readonly Node[], key: string): readonly Node[] =>
  nodes.flatMap(({ properties }) => (properties?.[key] === undefined ? [] : options(properties[key])));

const configNode = at(options(schema), "config");

describe("what an editor shows", () => {
  const generation = at(configNode, "skywalking-canary:generations").flatMap(({ additionalProperties }) =>
    typeof additionalProperties === "object" ? options(additionalProperties) : [],
  );
  const service = at(configNode, "skywalking-canary:services").flatMap(({ additionalProperties }) =>
    typeof additionalProperties === "object" ? options(additionalProperties) : [],
  );

  test.each<[string, readonly Node[], RegExp, unknown]>([
    ["stage", at(configNode, "skywalking-canary:stage"), /^The flag: /, "baseline"],
    [
      "from, which only Pulumi.yaml describes",
      at(configNode, "skywalking-canary:from"),
      /^The generation that the upgrade leaves$/,
      undefined,
    ],
    ["waves", at(configNode, "skywalking-canary:waves"), /^Lists of service keys/, []],
    ["oap", at(generation, "oap"), /^The OAP servers of a generation\./, undefined],
    ["oap.memory", at(at(generation, "oap"), "memory"), /^Memory request and limit; 60 percent of it is heap\./, "2Gi"],
    [
      "a docstring of several lines",
      at(at(generation, "oap"), "strategy"),
      /before it ends an old one; `Recreate` ends all first, where there/,
      "RollingUpdate",
    ],
    [
      "a key that was spread into its map",
      at(at(generation, "oap"), "priorityClassName"),
      /^Defaults to the cluster's default class\.$/,
      undefined,
    ],
    ["storage.volumeSize", at(at(generation, "storage"), "volumeSize"), /^Size of a node's volume/, "50Gi"],
    ["a key of some storages only", at(at(generation, "storage"), "targets"), /^$/, undefined],
    [
      "a key whose docstring is its schema's",
      at(at(generation, "storage"), "admin"),
      /^What the program declares in/,
      undefined,
    ],
    [
      "services.agent",
      at(service, "agent"),
      /^The agent that the workload's own manifest and image bring\.$/,
      undefined,
    ],
  ])("of %s", (_, nodes, description, byDefault) => {
    expect(nodes[0]).toBeDefined();
    expect(nodes[0]?.description ?? "").toMatch(description);
    expect(nodes[0]?.default).toEqual(byDefault);
  });
});

test("every key of test/fixtures/every-key.yaml is in the schema", () => {
  const missing: string[] = [];
  const look = (value: unknown, nodes: readonly Node[], path: string): void => {
    if (Array.isArray(value)) {
      for (const item of value)
        look(
          item,
          nodes.flatMap(({ items }) => (items === undefined ? [] : options(items))),
          path,
        );
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        const known = at(nodes, key);
        const free = nodes.flatMap(({ additionalProperties }) =>
          typeof additionalProperties === "object" ? options(additionalProperties) : [],
        );
        if (known.length + free.length === 0) missing.push(`${path}.${key}`);
        look(inner, known.length > 0 ? known : free, `${path}.${key}`);
      }
    }
  };
  for (const [key, value] of Object.entries(everyKeyConfig())) {
    look({ [`skywalking-canary:${key}`]: value }, configNode, "");
  }
  expect(missing).toEqual([]);
});
