import * as fc from "fast-check";

import { readConfig } from "../../upgrade/read-config";
import { secretsInClear } from "../../upgrade/warnings/generations";
import { changed, exampleConfig, fixtureConfig, type RawConfig } from "../example";
import { problemsOf } from "./problems-of";

const secret = "hunter2";
const elasticsearch = (urls: string[]) => ({ kind: "elasticsearch-external", version: "7.17.29", urls });
const database = (url: string) => ({ kind: "postgresql-external", url, user: "sw", password: "x" });
const adopted = { version: "6.6.0", managed: false, podLabels: { app: "oap" } };
/** JSON has such a key, and a literal sets the prototype. */
const prototype = (value: string): unknown => JSON.parse(`{"__proto__": ${value}}`) as unknown;

/** What is changed in the example, and a part of what is told. */
const refused: [name: string, changes: RawConfig, told: string][] = [
  ["no generations, so none is near", { generations: {} }, 'from: "v6" is not a declared generation; allowed:  ->'],
  ["no services, so none is near", { services: {} }, "waves.0.0:"],
  ["services that are a list", { services: [] }, "services: a list is not a map -> write a map"],
  ["services that are a text", { services: "web" }, "services: a text is not a map"],
  ["a generation named as what every object has", { from: "constructor" }, 'from: "constructor" is not a declared'],
  [
    "a key that schemas leave out",
    { services: prototype("{}") },
    "services.__proto__: is not a known key -> remove it",
  ],
  ["a key that schemas leave out, deep", { "generations.v9.oap": prototype("1") }, "generations.v9.oap.__proto__: is"],
  ["a generation that is a list", { "generations.v9": [] }, "generations.v9: a list is not a map -> write a map"],
  ["gates that are on", { gates: true }, "gates.mode: true is not allowed; allowed: enforce, warn, off"],
  [
    "a selector with another key",
    { waves: [{ selector: "a=b", x: 1 }] },
    "waves.0.x: is not a known key; allowed: selector -> remove it",
  ],
  [
    "a wave where all agents move at once",
    { strategy: "hot-reboot", stage: "canary-1" },
    'stage: "canary-1" is not a stage of strategy hot-reboot; allowed: baseline, provision, shift',
  ],
  [
    "a port above 65535",
    { "generations.v9.storage": elasticsearch(["http://es:70000"]) },
    'storage.urls.0: "http://es:70000" is not the URL of a node',
  ],
  [
    "an IPv4 address that is none",
    { "generations.v9.storage": elasticsearch(["http://999.999.999.999:9200"]) },
    "storage.urls.0:",
  ],
  ["a host with two dots", { "generations.v9.storage": elasticsearch(["http://es..data:9200"]) }, "storage.urls.0:"],
  [
    "a port above 65535 of a database",
    { "generations.v9.storage": database("jdbc:postgresql://db:70000/sw") },
    "storage.url:",
  ],
  [
    "a password among the parameters of a database",
    { "generations.v9.storage": database(`jdbc:postgresql://db/sw?password=${secret}`) },
    "storage.url: ",
  ],
  [
    "a port above 65535 of a BanyanDB",
    { "generations.v9.storage": { kind: "banyandb-external", targets: ["banyandb:99999"] } },
    "storage.targets.0:",
  ],
  ["a port above 65535 of an OAP", { "generations.v6": { ...adopted, address: "oap:70000" } }, "v6.address:"],
  ["the second address", { "generations.v6": { ...adopted, address: "oap:11800,oap:0" } }, "v6.address:"],
  ["a URL", { "generations.v6": { ...adopted, address: "a:1", restUrl: "http://oap:70000" } }, "v6.restUrl:"],
  ["a registry", { "generations.v9.images": { registry: "mirror:70000/x" } }, "images.registry:"],
  [
    "a URL of a check",
    { "gates.checks": { own: { before: ["shift"], url: "http://999.1.1.1:1" } } },
    "checks.own.url:",
  ],
  ["a command as an image", { "generations.v9.oap.image": "a;$(rm):1" }, 'oap.image: "a;$(rm):1" is not an image'],
  [
    "a command as the agent's directory",
    { "generations.v9.agents": { java: { release: "9.4.0", directory: "/a; rm -rf $HOME" } } },
    "java.directory:",
  ],
  [
    "a line break in the agent's directory",
    { "generations.v9.agents": { java: { release: "9.4.0", directory: "/a\n/b" } } },
    "java.directory:",
  ],
  [
    "/ by another name",
    { "generations.v9.agents": { java: { release: "9.4.0", directory: "/a/.." } } },
    "java.directory:",
  ],
  [
    "a host that ends in a dot",
    { "generations.v9.storage": elasticsearch(["http://es.data.:9200"]) },
    "storage.urls.0:",
  ],
  ["a registry's port in an image", { "generations.v9.oap.image": "reg:70000/a:1" }, "oap.image:"],
  ["a NUL in a variable", { "generations.v9.oap.env": { A: "a\u0000" } }, "oap.env.A: has a NUL character"],
  [
    "a password among the parameters of a database, encoded",
    { "generations.v9.storage": database(`jdbc:postgresql://db/sw?ssl%70assword=${secret}`) },
    "storage.url: ",
  ],
  ["/", { "generations.v9.agents": { java: { release: "9.4.0", directory: "/" } } }, "java.directory:"],
  ["a control character in a token", { "generations.v9.token": "a\u001bb" }, "v9.token: is not a token"],
  ["no CPU at all", { "generations.v9.oap.cpu": "0.0" }, 'oap.cpu: "0.0" is not an amount of CPU'],
  ["hardly any memory", { "generations.v9.oap.memory": "1Mi" }, 'oap.memory: "1Mi" is too little; allowed: 64Mi'],
  ["a timeout of centuries", { "timeouts.oap": "99999999h" }, 'timeouts.oap: "99999999h" is too long; allowed: up to'],
  ["a control character in a key", { "a\u001b[31mb": 1 }, "a\\u{1b}[31mb: is not a known key"],
];

test.each(refused)("%s is refused", (_, changes, told) => {
  const problems = problemsOf(changed(exampleConfig(), changes));
  expect(problems.filter((problem) => problem.includes(told))).not.toEqual([]);
});

test.each([false, "false", "off"])("gates: %s is their mode", (gates) => {
  expect(readConfig({ ...exampleConfig(), gates }).gates.mode).toBe("off");
});

test.each(["a:9200", "10.0.0.1:9200", "ES.data.svc.cluster.local:65535", "0xcafe.example:1"])(
  "%s is an address",
  (it) => {
    expect(problemsOf(changed(exampleConfig(), { "generations.v9.storage": elasticsearch([`http://${it}`]) }))).toEqual(
      [],
    );
  },
);

test.each(["es.data:9200", "ES.data.svc:9200", "es.data.svc.cluster.local:9200"])(
  "an Elasticsearch at %s is the one at es.data:9200",
  (address) => {
    const problems = problemsOf(
      changed(exampleConfig(), {
        "generations.v6": {
          version: "6.6.0",
          storage: { ...elasticsearch(["http://es.data:9200"]), version: "7.10.2", namespace: "sw" },
        },
        "generations.v9.storage": { ...elasticsearch([`http://${address}`]), namespace: "sw" },
      }),
    );
    expect(problems.join("\n")).toContain("on the same server");
  },
);

describe("what is secret is not told", () => {
  test.each<[string, RawConfig]>([
    ["the user of a URL", { "generations.v9.storage": elasticsearch([`http://u:${secret}@es:9200`]) }],
    ["the user of a URL, with a slash", { "generations.v9.storage": elasticsearch([`http://u:a/${secret}@es:9200`]) }],
    ["the user of a URL, with a blank", { "generations.v9.storage": elasticsearch([`http://u:a ${secret}@es:9200`]) }],
    ["the user of a URL, with a quote", { "generations.v9.storage": elasticsearch([`http://u:a"${secret}@es:9200`]) }],
    ["a user without a scheme", { "generations.v6": { ...adopted, address: `u:${secret}@oap:11800` } }],
    ["a user in an image", { "generations.v9.oap.image": `u:${secret}@reg/a:1` }],
    ["a text in place of a generation", { "generations.v9": `password: ${secret}` }],
    ["a text in place of generations", { generations: `{"v9": {"password": "${secret}"` }],
    ["a text in place of a storage", { "generations.v9.storage": `password: ${secret}` }],
    ["a list in place of a storage", { "generations.v9.storage": [`password=${secret}`] }],
    ["a list in place of a generation", { "generations.v9": [`password: ${secret}`] }],
    ["another parameter of a database", { "generations.v9.storage": database(`jdbc:mysql://db/sw?pwd=${secret}`) }],
    ["the user of a restUrl", { "generations.v6": { ...adopted, address: "a:1", restUrl: `http://u:${secret}@oap` } }],
    ["the user of an address", { "generations.v6": { ...adopted, address: `http://u:${secret}@oap` } }],
    ["the user of a database", { "generations.v9.storage": database(`jdbc:postgresql://u:${secret}@db/sw`) }],
    ["a parameter of a database", { "generations.v9.storage": database(`jdbc:mysql://db/sw?password=${secret}`) }],
    [
      "a key in place of a certificate",
      {
        "generations.v9.storage": { ...elasticsearch(["https://es:9200"]), ca: `-----BEGIN PRIVATE KEY-----${secret}` },
      },
    ],
    ["a key where no key is expected", { from: `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----` }],
    ["variables as a list", { "generations.v9.oap.env": [{ name: "SW_ES_PASSWORD", value: secret }] }],
    ["a list in place of a map", { "generations.v9.storage": [{ password: secret }] }],
    ["a map in place of a list", { waves: { password: secret } }],
    ["a map in place of a text", { "generations.v9.version": { password: secret } }],
    ["maps in place of a text", { "generations.v9.version": [{ password: secret }] }],
    [
      "a number in place of a password",
      { "generations.v9.storage": { ...elasticsearch([]), password: { a: secret } } },
    ],
    ["arguments of a check", { "gates.checks": { own: { before: ["shift"], command: `curl -u ${secret}` } } }],
  ])("%s", (_, changes) => {
    const problems = problemsOf(changed(exampleConfig(), changes));
    expect(problems).not.toEqual([]);
    expect(problems.join("\n")).not.toContain(secret);
  });
});

describe("secrets in clear", () => {
  const config = changed(exampleConfig(), {
    "generations.v9.storage": { ...elasticsearch(["http://es:9200"]), user: "sw", password: secret },
    "generations.v9.oap.env": {
      SW_KAFKA_PASSWORD: secret,
      AWS_ACCESS_KEY_ID: secret,
      SW_ES_SECRETS_MANAGEMENT_FILE: "/secrets",
    },
    "generations.v9.storage.admin": { snapshots: { type: "s3", settings: { "s3.client.default.secret_key": secret } } },
    "generations.v9.images": { pullSecrets: ["registry"] },
    "generations.v9.oap.secretMounts": [{ secretName: "certs", mountPath: "/certs" }],
  });

  test("are named with the command that encrypts them, and not told", () => {
    const warnings = secretsInClear(readConfig(config, new Set()));
    expect(warnings).toEqual([
      {
        id: "secret-in-clear",
        severity: "warning",
        generation: "v9",
        text: expect.stringMatching(
          /^v9: oap.env.SW_KAFKA_PASSWORD, oap.env.AWS_ACCESS_KEY_ID, storage.password, storage.admin.snapshots.settings\["s3.client.default.secret_key"\]: .* --secret --path 'generations.v9.oap.env.SW_KAFKA_PASSWORD'$/,
        ) as string,
      },
    ]);
    expect(JSON.stringify(warnings)).not.toContain(secret);
  });

  test("are not looked for where something is encrypted, or it is not known", () => {
    expect(secretsInClear(readConfig(config, new Set(["generations"])))).toEqual([]);
    expect(secretsInClear(readConfig(config))).toEqual([]);
  });
});

describe("anything at any place", () => {
  /** Every place of the example, as the path that `changed` takes. */
  function placesIn(value: unknown, at: readonly string[] = []): string[] {
    const here = at.length === 0 ? [] : [at.join(".")];
    if (typeof value !== "object" || value === null) return here;
    return [...here, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...at, key]))];
  }
  const configs = [exampleConfig(), fixtureConfig("every-key")];
  const places = configs.flatMap((config) => placesIn(config).map((place) => [config, place] as const));
  const scalar = fc.oneof(
    fc.constantFrom(null, true, false, 0, -1, 1e21, "", "\u0000\u001b[31m", "constructor", "__proto__", "toString"),
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(`http://u:${secret}@es:9200`, `jdbc:mysql://u:${secret}@db/sw`),
  );
  const key = fc.constantFrom(
    "constructor",
    "toString",
    "__proto__",
    "password",
    "urls",
    "a b",
    "kind",
    "version",
    "selector",
  );
  const value = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc
      .tuple(fc.dictionary(key, fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })), { maxKeys: 3 }), fc.boolean())
      .map(([map, hasPassword]) => (hasPassword ? { ...map, password: secret } : map)),
  );

  test("is read, or refused with keys on lines of their own that tell no secret", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), value, ([config, place], what) => {
        for (const problem of problemsOf(changed(config, { [place]: what }))) {
          expect(problem).toMatch(/^\S.*?: .+ -> .+$/);
          expect(problem).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          expect(problem).not.toContain(secret);
        }
      }),
      { numRuns: 300 },
    );
  });
});
