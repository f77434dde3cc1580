import { X509Certificate } from "node:crypto";

import { newSecrets, readSecrets, secretKeys } from "../../components/storage/elasticsearch/secrets";
import { nodeSettings, readinessScript } from "../../components/storage/elasticsearch/settings";
import { changed, type RawConfig } from "../example";
import { storageExamples } from "../storage-page";
import { declared } from "./declared";

type Inputs = Record<string, unknown>;

interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly command?: readonly string[];
  readonly volumeMounts?: readonly { readonly mountPath: string; readonly subPath?: string }[];
}

/** The pod spec of what has a type and a name. */
async function podSpecOf(config: RawConfig, resource: string) {
  const { resources } = await declared(config, new Map());
  const found = resources.find(({ type, name }) => `${type} ${name}` === resource);
  const inputs = found?.inputs as { spec: { template: { spec: Inputs } } } | undefined;
  return inputs?.spec.template.spec as
    { readonly initContainers?: readonly Container[]; readonly containers: readonly Container[] } | undefined;
}

const servers = "kubernetes:apps/v1:Deployment new-oap";
const initJob = "kubernetes:batch/v1:Job new-oap-init";

/** An example of docs/storage.md with changes of its generation. */
function example(name: string, changes: Record<string, unknown> = {}): RawConfig {
  const found = storageExamples().find((each) => each.name === name);
  if (found === undefined) throw new Error(`docs/storage.md has no example ${name}`);
  return changed(
    found.config,
    Object.fromEntries(Object.entries(changes).map(([key, value]) => [`generations.new.${key}`, value])),
  );
}

/** The variables of a container that have to do with storage, from a Secret as NAME/KEY. */
function storageVariables(container: Container | undefined): Record<string, string | undefined> {
  const ours = /^SW_(STORAGE|NAMESPACE|ES_|JDBC|DATA_SOURCE|SW_STORAGE)/;
  return Object.fromEntries(
    (container?.env ?? [])
      .filter(({ name }) => ours.test(name))
      .map(({ name, value, valueFrom }) => {
        const key = (valueFrom as { secretKeyRef?: { name: string; key: string } } | undefined)?.secretKeyRef;
        return [name, key === undefined ? value : `${key.name}/${key.key}`];
      }),
  );
}

// For an Elasticsearch that the program runs itself, test/golden/baseline.yaml shows the same.
test("an OAP that makes too many shards for one node of the operator's makes one of each index", async () => {
  const storage = { kind: "elasticsearch-eck", version: "7.17.29" };
  const spec = await podSpecOf(example("elasticsearch-eck", { version: "7.0.0", storage }), servers);
  expect(storageVariables(spec?.containers[0])).toMatchObject({ SW_STORAGE_ES_INDEX_SHARDS_NUMBER: "1" });
});

const elsewhere = {
  "storage.urls": ["https://a:9200", "https://b:9200"],
  "storage.caSecret": { name: "ca", key: "ca.crt" },
  "storage.credentialsSecret": { name: "user" },
};
const credentials = { SW_ES_USER: "user/user", SW_ES_PASSWORD: "user/password" };
const trusted = (path: string, pass: string) => ({
  [path]: "/skywalking/trust-store/storage.jks",
  [pass]: "changeit",
});

const perRelease: [
  example: string,
  version: string,
  changes: Record<string, unknown>,
  variables: Record<string, string>,
][] = [
  [
    "elasticsearch-external-2",
    "6.2.0",
    { ...elsewhere, "storage.urls": ["http://a:9200"], "storage.caSecret": undefined, "storage.version": "6.8.23" },
    { SW_STORAGE: "elasticsearch", SW_STORAGE_ES_CLUSTER_NODES: "a:9200", SW_NAMESPACE: "new", ...credentials },
  ],
  [
    "elasticsearch-external-2",
    "6.6.0",
    { ...elsewhere, "storage.caSecret": undefined, "storage.version": "7.10.2" },
    {
      SW_STORAGE: "elasticsearch",
      SW_STORAGE_ES_CLUSTER_NODES: "a:9200,b:9200",
      SW_NAMESPACE: "new",
      SW_STORAGE_ES_HTTP_PROTOCOL: "https",
      ...credentials,
    },
  ],
  [
    "elasticsearch-external-2",
    "7.0.0",
    { ...elsewhere, "storage.version": "7.10.2" },
    {
      SW_STORAGE: "elasticsearch7",
      SW_STORAGE_ES_CLUSTER_NODES: "a:9200,b:9200",
      SW_NAMESPACE: "new",
      SW_STORAGE_ES_HTTP_PROTOCOL: "https",
      ...credentials,
      ...trusted("SW_SW_STORAGE_ES_SSL_JKS_PATH", "SW_SW_STORAGE_ES_SSL_JKS_PASS"),
    },
  ],
  [
    "elasticsearch-external-2",
    "9.7.0",
    elsewhere,
    {
      SW_STORAGE: "elasticsearch",
      SW_STORAGE_ES_CLUSTER_NODES: "a:9200,b:9200",
      SW_NAMESPACE: "new",
      SW_STORAGE_ES_HTTP_PROTOCOL: "https",
      ...credentials,
      ...trusted("SW_STORAGE_ES_SSL_JKS_PATH", "SW_STORAGE_ES_SSL_JKS_PASS"),
    },
  ],
  [
    "elasticsearch-3",
    "10.4.0",
    {},
    {
      SW_STORAGE: "elasticsearch",
      SW_STORAGE_ES_CLUSTER_NODES: "elasticsearch-new:9200",
      SW_NAMESPACE: "new",
      SW_STORAGE_ES_HTTP_PROTOCOL: "https",
      SW_ES_USER: "elastic",
      SW_ES_PASSWORD: "elasticsearch-new-security/password",
      ...trusted("SW_STORAGE_ES_SSL_JKS_PATH", "SW_STORAGE_ES_SSL_JKS_PASS"),
    },
  ],
  [
    "elasticsearch-eck",
    "6.6.0",
    { "storage.version": "7.17.29" },
    {
      SW_STORAGE: "elasticsearch",
      SW_STORAGE_ES_CLUSTER_NODES: "elasticsearch-new-es-http:9200",
      SW_NAMESPACE: "new",
      SW_STORAGE_ES_HTTP_PROTOCOL: "http",
      SW_ES_USER: "elastic",
      SW_ES_PASSWORD: "elasticsearch-new-es-elastic-user/elastic",
    },
  ],
  [
    "opensearch-external",
    "8.7.0",
    { "storage.version": "1.3.10" },
    {
      SW_STORAGE: "elasticsearch7",
      SW_STORAGE_ES_CLUSTER_NODES: "opensearch.example.com:9200",
      SW_NAMESPACE: "new",
      SW_STORAGE_ES_HTTP_PROTOCOL: "https",
      SW_ES_USER: "opensearch-new-credentials/user",
      SW_ES_PASSWORD: "opensearch-new-credentials/password",
    },
  ],
  [
    "banyandb",
    "9.3.0",
    {},
    { SW_STORAGE: "banyandb", SW_STORAGE_BANYANDB_HOST: "banyandb-new", SW_STORAGE_BANYANDB_PORT: "17912" },
  ],
  ["banyandb", "9.7.0", {}, { SW_STORAGE: "banyandb", SW_STORAGE_BANYANDB_TARGETS: "banyandb-new:17912" }],
  [
    "banyandb-external",
    "10.4.0",
    { "storage.caSecret": { name: "ca", key: "root.pem" } },
    {
      SW_STORAGE: "banyandb",
      SW_STORAGE_BANYANDB_TARGETS: "banyandb-0.example.com:17912,banyandb-1.example.com:17912",
      SW_NAMESPACE: "v10",
      SW_STORAGE_BANYANDB_USER: "banyandb-new-credentials/user",
      SW_STORAGE_BANYANDB_PASSWORD: "banyandb-new-credentials/password",
      SW_STORAGE_BANYANDB_SSL_TRUST_CA_PATH: "/skywalking/storage-ca/root.pem",
    },
  ],
  [
    "postgresql-external",
    "9.7.0",
    {},
    {
      SW_STORAGE: "postgresql",
      SW_JDBC_URL: "jdbc:postgresql://db.example.com:5432/skywalking_v9",
      SW_DATA_SOURCE_USER: "postgresql-new-credentials/user",
      SW_DATA_SOURCE_PASSWORD: "postgresql-new-credentials/password",
    },
  ],
  [
    "tidb-external",
    "9.4.0",
    {},
    {
      SW_STORAGE: "tidb",
      SW_JDBC_URL: "jdbc:mysql://tidb.example.com:4000/skywalking_v9?rewriteBatchedStatements=true",
      SW_DATA_SOURCE_USER: "tidb/user",
      SW_DATA_SOURCE_PASSWORD: "tidb/password",
    },
  ],
  [
    "tidb-external",
    "9.5.0",
    {},
    {
      SW_STORAGE: "mysql",
      SW_JDBC_URL: "jdbc:mysql://tidb.example.com:4000/skywalking_v9?rewriteBatchedStatements=true",
      SW_DATA_SOURCE_USER: "tidb/user",
      SW_DATA_SOURCE_PASSWORD: "tidb/password",
    },
  ],
];

test.each(perRelease)("the variables of %s for OAP %s", async (name, version, changes, variables) => {
  const config = example(name, { version, ...changes });
  for (const owner of [servers, initJob]) {
    const spec = await podSpecOf(config, owner);
    expect(storageVariables(spec?.containers[0])).toEqual(variables);
  }
});

test("an H2 is in the memory of its server: no init Job, and the server installs it", async () => {
  expect(await podSpecOf(example("h2"), initJob)).toBeUndefined();
  const spec = await podSpecOf(example("h2"), servers);
  const java = spec?.containers[0]?.env?.find(({ name }) => name === "JAVA_OPTS")?.value;
  expect(java).not.toContain("-Dmode");
  expect(storageVariables(spec?.containers[0])).toEqual({ SW_STORAGE: "h2" });
});

describe("files", () => {
  test.each([
    ["6.5.0", "/skywalking/oap-libs/jdbc-driver.jar"],
    ["9.7.0", "/skywalking/ext-libs/jdbc-driver.jar"],
  ])("the JDBC driver of OAP %s is mounted as %s", async (version, path) => {
    for (const owner of [servers, initJob]) {
      const spec = await podSpecOf(example("mysql-external", { version }), owner);
      const copies = spec?.initContainers?.find(({ name }) => name === "jdbc-driver");
      expect(copies?.command).toEqual(["cp", "/mysql-connector-j.jar", "/jdbc-driver/driver.jar"]);
      expect(spec?.containers[0]?.volumeMounts).toContainEqual({
        name: "jdbc-driver",
        mountPath: path,
        subPath: "driver.jar",
        readOnly: true,
      });
    }
  });

  test("an authority becomes a key store before servers and init Job start", async () => {
    for (const owner of [servers, initJob]) {
      const spec = await podSpecOf(example("elasticsearch-external-2", elsewhere), owner);
      const [keytool] = spec?.initContainers ?? [];
      expect(keytool?.command?.join(" ")).toBe(
        "keytool -importcert -noprompt -alias storage -file /skywalking/storage-ca/ca.crt -keystore /skywalking/trust-store/storage.jks -storetype jks -storepass changeit",
      );
    }
  });
});

describe("the settings of an Elasticsearch node", () => {
  const common = { clusterName: "c", seeds: ["a", "b"], masterEligible: 3, firstMasters: "x,y" };
  const at = (version: string, role: "all" | "data" | "masters") => nodeSettings({ ...common, version, role });

  test("6.8 finds the others and counts a majority as it did then", () => {
    expect(at("6.8.23", "all")).toEqual({
      "cluster.name": "c",
      "discovery.zen.ping.unicast.hosts": "a,b",
      "discovery.zen.minimum_master_nodes": "2",
      "node.store.allow_mmap": "false",
      "xpack.security.enabled": "false",
    });
  });

  test.each([
    [1, "1"],
    [2, "2"],
    [3, "2"],
    [4, "3"],
    [5, "3"],
  ])("of %d masters of a 6.8, %s are a majority", (masterEligible, expected) => {
    const settings = nodeSettings({ ...common, version: "6.8.23", role: "all", masterEligible });
    expect(settings["discovery.zen.minimum_master_nodes"]).toBe(expected);
  });

  test("7.10 does not know the setting of 7.14, with which it would not start", () => {
    expect(at("7.10.2", "all")).toEqual({
      "cluster.name": "c",
      "discovery.seed_hosts": "a,b",
      "cluster.initial_master_nodes": "x,y",
      "node.store.allow_mmap": "false",
      "xpack.security.enabled": "false",
    });
    expect(at("7.14.0", "all")["ingest.geoip.downloader.enabled"]).toBe("false");
  });

  test.each([
    ["7.8.1", "masters", { "node.master": "true", "node.data": "false", "node.ingest": "false" }],
    ["7.8.1", "data", { "node.master": "false", "node.data": "true", "node.ingest": "true" }],
    ["7.9.0", "masters", { "node.roles": "master" }],
    ["7.9.0", "data", { "node.roles": "data,ingest" }],
  ] as const)("roles of %s: %s", (version, role, expected) => {
    const roles = Object.entries(at(version, role)).filter(([name]) => /^node\.(?!store)/.test(name));
    expect(Object.fromEntries(roles)).toEqual(expected);
  });

  test("8 has security on, between nodes and to clients", () => {
    expect(at("8.0.0", "all")).toMatchObject({
      "xpack.security.enabled": "true",
      "xpack.security.transport.ssl.enabled": "true",
      "xpack.security.http.ssl.enabled": "true",
    });
  });

  test.each([
    ["7.17.29", 1, "status=yellow", "http://localhost:9200"],
    ["7.17.29", 3, "status=green", "http://localhost:9200"],
    ["8.18.8", 3, "status=green", 'elastic:$ELASTIC_PASSWORD" https://localhost:9200'],
  ])("%s of %d nodes is ready with %s", (version, nodes, status, url) => {
    expect(readinessScript(version, nodes)).toContain(status);
    expect(readinessScript(version, nodes)).toContain(url);
  });
});

describe("the secrets of an Elasticsearch", () => {
  test("are a password, and a certificate that is signed by the authority and speaks for the hosts", async () => {
    const made = await newSecrets(["elasticsearch-v9", "*.elasticsearch-v9-nodes.tracing.svc"]);
    const [authority, certificate] = [new X509Certificate(made.ca), new X509Certificate(made.certificate)];
    expect(made.password).toMatch(/^[\w-]{32}$/);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(authority.ca).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkHost("elasticsearch-v9")).toBe("elasticsearch-v9");
    expect(certificate.checkHost("elasticsearch-v9-0.elasticsearch-v9-nodes.tracing.svc")).toBeDefined();
    expect(certificate.checkHost("elasticsearch-v8")).toBeUndefined();
    expect(made.key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(new Date(certificate.validTo).getFullYear()).toBe(new Date().getFullYear() + 10);
  });

  test("are read back from what the cluster keeps, if all of it is there", () => {
    const secrets = { password: "p", ca: "c", certificate: "t", key: "k" };
    const encoded = (key: keyof typeof secrets) => Buffer.from(secrets[key]).toString("base64");
    const data = Object.fromEntries(
      (["password", "ca", "certificate", "key"] as const).map((key) => [secretKeys[key], encoded(key)]),
    );
    expect(readSecrets(data)).toEqual(secrets);
    expect(readSecrets({ ...data, [secretKeys.key]: "" })).toBeUndefined();
    expect(readSecrets({})).toBeUndefined();
  });
});
