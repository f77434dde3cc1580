import { changed, exampleConfig } from "../../example";
import { problemsOf } from "../problems-of";

const nodes = { kind: "elasticsearch-external", version: "7.17.29", urls: ["https://es:9200"] };
const user = { user: "oap", password: "x" };
const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const banyandb = { kind: "banyandb-external", targets: ["banyandb:17912"] };
const mysql = { kind: "mysql-external", url: "jdbc:mysql://db:3306/sw", ...user };
const driver = { image: "registry.example.com/driver:1", path: "/driver.jar" };
const postgresql = { kind: "postgresql-external", url: "jdbc:postgresql://db/sw", ...user };

/** The example with v9 in another release and with another storage; v6 is adopted, so that it takes any agent. */
function v9(version: string, storage: object, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    "generations.v6": { managed: false, version: "6.6.0", address: "oap:11800" },
    "generations.v9.version": version,
    "generations.v9.agents": undefined,
    "generations.v9.storage": storage,
    services: {},
    waves: [],
    ...more,
  };
}

/**
 * What is changed in the example (a path of keys and its new value, undefined to remove it), and every
 * problem that is told.
 */
const illegal: [name: string, changes: Record<string, unknown>, problems: string[]][] = [
  [
    "no storage",
    { "generations.v9.storage": undefined },
    ["generations.v9.storage: is missing; a map is needed -> set it"],
  ],
  [
    "unknown kind of storage",
    { "generations.v9.storage": { kind: "mysql" } },
    [
      'generations.v9.storage.kind: "mysql" is not a kind of storage; allowed: elasticsearch, elasticsearch-eck, elasticsearch-external, opensearch-external, banyandb, banyandb-external, postgresql-external, mysql-external, tidb-external, h2 -> choose one of them',
    ],
  ],
  [
    "Elasticsearch that the OAP does not support",
    { "generations.v9.storage.version": "9.0.0" },
    [
      'generations.v9.storage.version: "9.0.0" cannot be used: OAP 9.7.0 does not work with elasticsearch 9.0.0; allowed: elasticsearch >=6.0.0 <9 -> choose another release of the storage or of the OAP',
    ],
  ],
  [
    "Elasticsearch that the program cannot run",
    { "generations.v6.storage.version": "6.7.2" },
    [
      'generations.v6.storage.version: "6.7.2" is not a release that the program can run itself; allowed: 6.8.x, 7.x, 8.x, 9.x -> use one of these, or run that Elasticsearch yourself and name it with kind elasticsearch-external',
    ],
  ],
  [
    "Elasticsearch version with two numbers",
    { "generations.v9.storage.version": "7.17" },
    [
      'generations.v9.storage.version: "7.17" is not a release of Elasticsearch -> write all three numbers, e.g. "7.17.29"',
    ],
  ],
  [
    "volume size without unit",
    { "generations.v9.storage.volumeSize": "20" },
    [
      'generations.v9.storage.volumeSize: "20" is not a volume size; allowed: a whole number with Gi or Ti -> write e.g. "50Gi"',
    ],
  ],
  [
    "storage namespace in capitals",
    { "generations.v9.storage.namespace": "V9" },
    [
      "generations.v9.storage.namespace: \"V9\" is not an index prefix; allowed: lower-case letters, digits, '_' and '-' -> choose e.g. the generation's name",
    ],
  ],
  [
    "external Elasticsearch without URLs",
    { "generations.v9.storage": { kind: "elasticsearch-external", version: "7.17.29", urls: [] } },
    ["generations.v9.storage.urls: [] is empty -> write the URL of at least one node"],
  ],
  [
    "external Elasticsearch with a path",
    { "generations.v9.storage": { kind: "elasticsearch-external", version: "7.17.29", urls: ["http://es:9200/x"] } },
    [
      'generations.v9.storage.urls.0: "http://es:9200/x" is not the URL of a node; allowed: http://host:port or https://host:port, a port up to 65535, no path, no user -> write it in that form',
    ],
  ],
  [
    "external Elasticsearch with two protocols",
    {
      "generations.v9.storage": {
        kind: "elasticsearch-external",
        version: "7.17.29",
        urls: ["http://a:9200", "https://b:9200"],
      },
    },
    [
      'generations.v9.storage.urls: ["http://a:9200","https://b:9200"] mixes http and https; the OAP has one protocol for all nodes -> use one of them for all nodes',
    ],
  ],
  [
    "password without user",
    {
      "generations.v9.storage": {
        kind: "elasticsearch-external",
        version: "7.17.29",
        urls: ["http://es:9200"],
        password: "hunter2",
      },
    },
    ["generations.v9.storage.user: is missing, but a password is set -> set both or none"],
  ],
  [
    "user without password",
    {
      "generations.v9.storage": {
        kind: "elasticsearch-external",
        version: "7.17.29",
        urls: ["http://es:9200"],
        user: "oap",
      },
    },
    [
      "generations.v9.storage.password: is missing, but a user is set -> pulumi config set --secret --path 'generations.v9.storage.password'",
    ],
  ],
  [
    "password that is a number is not shown",
    {
      "generations.v9.storage": {
        kind: "elasticsearch-external",
        version: "7.17.29",
        urls: ["http://es:9200"],
        user: "oap",
        password: 12345,
      },
    },
    ["generations.v9.storage.password: is not a string -> write a string"],
  ],
  [
    "one Elasticsearch with one prefix",
    {
      "generations.v6.storage": {
        kind: "elasticsearch-external",
        version: "7.10.2",
        urls: ["http://es:9200"],
        namespace: "sw",
      },
      "generations.v9.storage": {
        kind: "elasticsearch-external",
        version: "7.10.2",
        urls: ["http://es:9200"],
        namespace: "sw",
      },
    },
    [
      'generations.v9.storage.namespace: "sw" is the prefix of v6 too, on the same server (es:9200) -> choose another prefix',
    ],
  ],
  [
    "kind that the OAP does not have",
    v9("8.9.1", banyandb),
    [
      'generations.v9.storage.kind: "banyandb-external" cannot be used: OAP 8.9.1 has no banyandb storage; allowed: elasticsearch, opensearch, mysql, tidb, postgresql, h2 -> choose another kind of storage or another release of the OAP',
    ],
  ],
  [
    "BanyanDB of another OAP",
    v9("10.3.0", { ...banyandb, version: "0.8.0" }),
    [
      'generations.v9.storage.version: "0.8.0" cannot be used: OAP 10.3.0 does not work with banyandb 0.8.0; allowed: banyandb 0.9.x -> choose another release of the storage or of the OAP',
    ],
  ],
  [
    "credentials twice",
    v9("9.7.0", { ...nodes, ...user, credentialsSecret: { name: "es" } }),
    [
      'generations.v9.storage.credentialsSecret: "es" cannot be combined with user or password -> set either credentialsSecret, or user and password',
    ],
  ],
  [
    "authority twice",
    v9("9.7.0", { ...nodes, ca, caSecret: { name: "es" } }),
    ['generations.v9.storage.caSecret: "es" cannot be combined with ca -> set one of them'],
  ],
  [
    "authority that is none",
    v9("9.7.0", { ...nodes, ca: "MIIB" }),
    [
      "generations.v9.storage.ca: is not a certificate; allowed: one certificate as PEM -> pulumi config set --path ... < ca.crt",
    ],
  ],
  [
    "authority without TLS",
    v9("9.7.0", { ...nodes, urls: ["http://es:9200"], ca }),
    ["generations.v9.storage.ca: is for https, but the urls are http -> remove it, or use https"],
  ],
  [
    "authority for an OAP that reads none",
    v9("6.6.0", { ...nodes, caSecret: { name: "es" } }),
    [
      "generations.v9.storage.caSecret: cannot be used: the image of OAP 6.6.0 reads no trust store from its environment; allowed: OAP 7.0.0 or newer -> remove it, and give the OAP an application.yml with a trust store (oap.config, oap.secretMounts)",
    ],
  ],
  [
    "authority without user, to OAP 8.7",
    v9("8.7.0", { ...nodes, ca }),
    [
      "generations.v9.storage.user: is missing: OAP 8.7.0 uses `ca` only together with a user -> set user and password, or credentialsSecret",
    ],
  ],
  [
    "https for an OAP that speaks only http",
    v9("6.2.0", { ...nodes, version: "6.8.23" }),
    [
      'generations.v9.storage.urls: ["https://es:9200"] cannot be https: the image of OAP 6.2.0 speaks only http -> use http, or an OAP 6.3.0 or newer',
    ],
  ],
  [
    "BanyanDB in the cluster for an OAP that no release is named for",
    v9("9.5.0", { kind: "banyandb" }),
    [
      "generations.v9.storage.version: is missing: the documentation names no BanyanDB release for OAP 9.5.0 -> name the release that you have tested, or use an OAP whose documentation names one: 9.3.0, 9.7.0 or newer",
    ],
  ],
  [
    "several BanyanDB nodes for an OAP that knows one",
    v9("9.3.0", { ...banyandb, targets: ["a:1", "b:1"] }),
    [
      'generations.v9.storage.targets: ["a:1","b:1"] names several nodes, but OAP 9.3.0 supports only one; allowed: one node, or OAP 9.7.0 or newer -> name one of them',
    ],
  ],
  [
    "what an old OAP does not read for BanyanDB",
    v9("10.0.0", { ...banyandb, ...user, ca, namespace: "v10" }),
    [
      "generations.v9.storage.user: cannot be used: OAP 10.0.0 has no such setting for BanyanDB; allowed: OAP 10.3.0 or newer -> remove it",
      "generations.v9.storage.ca: cannot be used: OAP 10.0.0 has no such setting for BanyanDB; allowed: OAP 10.1.0 or newer -> remove it",
      "generations.v9.storage.namespace: cannot be used: OAP 10.0.0 has no such setting for BanyanDB; allowed: OAP 10.3.0 or newer -> remove it",
    ],
  ],
  [
    "a Secret with credentials that an old OAP does not read for BanyanDB",
    v9("10.2.0", { ...banyandb, credentialsSecret: { name: "x" } }),
    [
      "generations.v9.storage.credentialsSecret: cannot be used: OAP 10.2.0 has no such setting for BanyanDB; allowed: OAP 10.3.0 or newer -> remove it",
    ],
  ],
  [
    "a database for an OAP whose connection stands in a file",
    v9("6.4.0", { ...mysql, driver }),
    [
      'generations.v9.storage.kind: "mysql-external" cannot be used: the image of OAP 6.4.0 reads no connection from its environment; allowed: OAP 6.5.0 or newer -> choose another kind of storage or another release of the OAP',
    ],
  ],
  [
    "a database without user and driver",
    v9("9.7.0", { kind: "mysql-external", url: "jdbc:mysql://db:3306/sw" }),
    [
      "generations.v9.storage.user: is missing: without it the OAP uses the user of its own default -> set it and pulumi config set --secret --path 'generations.v9.storage.password', or name a credentialsSecret",
      "generations.v9.storage.driver: is missing: the image of OAP 9.7.0 contains no JDBC driver for it -> set driver.image and driver.path to an image that holds the jar, or oap.image to one of your own with the jar in /skywalking/ext-libs",
    ],
  ],
  [
    "a driver that the image brings",
    v9("9.7.0", { ...postgresql, driver }),
    ["generations.v9.storage.driver: is not needed: the image of OAP 9.7.0 contains a JDBC driver for it -> remove it"],
  ],
  [
    "the URL of another database",
    v9("9.7.0", { ...postgresql, url: "jdbc:mysql://db/sw" }),
    [
      'generations.v9.storage.url: "jdbc:mysql://db/sw" is not the URL of a database; allowed: jdbc:postgresql://host:port/database, a port up to 65535, parameters after it, no user -> write it in that form',
    ],
  ],
  [
    "H2 with several servers",
    v9("9.7.0", { kind: "h2" }, { "generations.v9.oap": { autoscaling: { maxReplicas: 3 } } }),
    [
      "generations.v9.oap.replicas: 2 is not 1: every server has its own H2, so there can be only one server -> set it to 1, or choose another kind of storage",
      "generations.v9.oap.autoscaling: cannot be used with storage h2: every server has its own H2, so there can be only one server -> remove it, or choose another kind of storage",
    ],
  ],
  [
    "H2 for an OAP that has none any more",
    v9("10.2.0", { kind: "h2" }),
    [
      'generations.v9.storage.kind: "h2" cannot be used: OAP 10.2.0 has no h2 storage; allowed: elasticsearch, opensearch, banyandb, mysql, tidb, postgresql -> choose another kind of storage or another release of the OAP',
    ],
  ],
  [
    "what the program sets for a storage",
    v9("9.7.0", postgresql, { "generations.v9.oap.env": { SW_JDBC_URL: "x" } }),
    ["generations.v9.oap.env.SW_JDBC_URL: is set by the program -> remove it"],
  ],
  ["leave to replace that is no list", { allowReplace: "v9" }, ['allowReplace: "v9" is not a list -> write a list']],
  [
    "leave to replace what is not declared",
    { allowReplace: ["v10"] },
    ['allowReplace.0: "v10" is not a declared generation; allowed: v6, v9 -> did you mean "v6"?'],
  ],
];

test.each(illegal)("%s", (_, changes, problems) => {
  expect(problemsOf(changed(exampleConfig(), changes))).toEqual(problems);
});

describe("two generations on one server", () => {
  const shared = (from: [version: string, storage: object], to: [version: string, storage: object]): string[] =>
    problemsOf({
      from: "old",
      to: "new",
      origin: "old",
      generations: {
        old: { version: from[0], agentNamespace: "old", storage: from[1] },
        new: { version: to[0], agentNamespace: "new", storage: to[1] },
      },
    });
  const es = (namespace?: string) => ({
    ...nodes,
    urls: ["http://a:9200", "http://ES:9200"],
    ...(namespace === undefined ? {} : { namespace }),
  });
  const os = (namespace: string) => ({ ...es(namespace), kind: "opensearch-external", version: "1.3.10" });
  const isPrefixOf = (prefix: string) =>
    `generations.new.storage.namespace: ${JSON.stringify(prefix)} is the prefix of old too, on the same server (a:9200) -> choose another prefix`;
  const cannotBeTold = (after: string, before: string, shorter: string, longer: string) =>
    `generations.new.storage.namespace: ${JSON.stringify(after)} cannot be told apart from that of old (${JSON.stringify(before)}) on the same server (a:9200): a user with access to the indices of ${shorter} also reaches those of ${longer} -> choose a prefix that does not begin with the other one`;

  test.each<[string, [string, object], [string, object], string[]]>([
    ["each with its own name for prefix", ["8.9.1", es()], ["9.7.0", es()], []],
    ["equal prefixes", ["8.9.1", es("sw")], ["9.7.0", es("sw")], [isPrefixOf("sw")]],
    ["no prefix, which is sw since 8.5", ["8.9.1", es("sw")], ["9.7.0", es("")], [isPrefixOf("sw")]],
    ["no prefix at all up to 8.4", ["8.4.0", es("")], ["9.7.0", es("new")], [cannotBeTold("new", "", "old", "new")]],
    [
      "no prefix up to 8.4, and that of 8.5",
      ["8.4.0", es("")],
      ["9.7.0", es("")],
      [cannotBeTold("sw", "", "old", "new")],
    ],
    ["no prefix at all in the newer", ["8.3.0", es("old")], ["8.4.0", es("")], [cannotBeTold("", "old", "new", "old")]],
    [
      "a prefix that begins with the other",
      ["8.9.1", es("sw")],
      ["9.7.0", es("sw_9")],
      [cannotBeTold("sw_9", "sw", "old", "new")],
    ],
    [
      "a prefix that is the beginning of the other",
      ["8.9.1", es("sw_8")],
      ["9.7.0", es("sw")],
      [cannotBeTold("sw", "sw_8", "new", "old")],
    ],
    ["prefixes with a beginning in common", ["8.9.1", es("sw-8")], ["9.7.0", es("sw")], []],
    ["an Elasticsearch and an OpenSearch at one address", ["8.9.1", os("sw")], ["9.7.0", os("sw")], [isPrefixOf("sw")]],
    ["one BanyanDB with a prefix each", ["10.3.0", banyandb], ["10.3.0", banyandb], []],
    [
      "one BanyanDB, of which one OAP knows no prefix",
      ["10.2.0", banyandb],
      ["10.3.0", banyandb],
      [
        "generations.new.storage: is also that of old (banyandb:17912), and has no prefix to keep their data apart -> use another database, or another server",
      ],
    ],
    [
      "one database",
      ["9.4.0", postgresql],
      ["9.7.0", { ...postgresql, url: "jdbc:postgresql://DB:5432/sw?ssl=true" }],
      [
        "generations.new.storage: is also that of old (db:5432/sw), and has no prefix to keep their data apart -> use another database, or another server",
      ],
    ],
    [
      "two databases of one server",
      ["9.4.0", { ...mysql, driver }],
      ["9.7.0", { ...mysql, driver, url: "jdbc:mysql://db/sw9" }],
      [],
    ],
    [
      "a storage of its own each",
      ["9.4.0", { kind: "banyandb", version: "0.3.1" }],
      ["9.7.0", { kind: "banyandb" }],
      [],
    ],
  ])("%s", (_, from, to, problems) => {
    expect(shared(from, to)).toEqual(problems);
  });
});

test.each<[string, string, object]>([
  ["9.7.0", "an Elasticsearch with an authority", { ...nodes, ca }],
  [
    "8.7.0",
    "an Elasticsearch with an authority and a user from Secrets",
    { ...nodes, caSecret: { name: "a" }, credentialsSecret: { name: "b" } },
  ],
  ["6.1.0", "an Elasticsearch without TLS", { ...nodes, version: "6.8.23", urls: ["http://es:9200"] }],
  ["9.7.0", "an OpenSearch", { ...nodes, kind: "opensearch-external", version: "2.4.0" }],
  ["10.3.0", "a BanyanDB with all there is", { ...banyandb, targets: ["a:1", "b:1"], ...user, ca, namespace: "x" }],
  ["9.3.0", "a BanyanDB of one node", banyandb],
  ["9.5.0", "a BanyanDB that the user has tried", { kind: "banyandb", version: "0.4.0" }],
  ["9.7.0", "a PostgreSQL", postgresql],
  ["9.7.0", "a MySQL with a driver", { ...mysql, driver }],
  ["9.4.0", "a TiDB with a driver", { ...mysql, kind: "tidb-external", version: "6", driver }],
  [
    "8.9.1",
    "a database whose user is in a Secret",
    { ...postgresql, user: undefined, password: undefined, credentialsSecret: { name: "db" } },
  ],
])("OAP %s on %s is legal", (version, _, storage) => {
  expect(problemsOf(changed(exampleConfig(), v9(version, storage)))).toEqual([]);
});

test("a MySQL whose driver is in the image of the OAP is legal", () => {
  const image = { "generations.v9.oap.image": "registry.example.com/oap-with-driver:9.7.0" };
  expect(problemsOf(changed(exampleConfig(), v9("9.7.0", mysql, image)))).toEqual([]);
});
