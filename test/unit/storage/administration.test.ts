import { readConfig } from "../../../upgrade/read-config";
import type { ManagedGeneration } from "../../../upgrade/config";
import { administersStorage, storageAdmin } from "../../../upgrade/storage/administration";
import type { StorageAdmin } from "../../../upgrade/storage/elasticsearch-objects";
import { plan } from "../../../upgrade/plan";
import type { LiveStorage } from "../../../upgrade/observed";
import { changed, exampleConfig, type RawConfig } from "../../example";
import { storageExamples } from "../../storage-page";
import { problemsOf } from "../problems-of";

/** The example's v9 on an Elasticsearch of somebody else, with these keys of `admin`. */
function elsewhere(admin: object | undefined, storage: object = {}): RawConfig {
  return changed(exampleConfig(), {
    "generations.v9.storage": {
      kind: "elasticsearch-external",
      version: "7.17.29",
      urls: ["https://a:9200", "https://b:9200"],
      ...(admin === undefined ? {} : { admin }),
      ...storage,
    },
  });
}

/** The example's v6 on an Elasticsearch of its own, with these keys of `admin`. */
function inCluster(admin: object, version = "7.10.2"): RawConfig {
  return changed(exampleConfig(), { "generations.v6.storage": { kind: "elasticsearch", version, admin } });
}

function adminOf(raw: RawConfig, name: string): StorageAdmin | undefined {
  const generation = readConfig(raw).generations[name] as ManagedGeneration; // None of these is adopted.
  return storageAdmin(name, generation);
}

test.each(storageExamples("snapshots.md").map(({ name, config }) => [name, config] as const))(
  "the example of docs/snapshots.md under %s is legal, and has something declared",
  (_, config) => {
    expect(adminOf(config, "new")).toMatchObject({ repository: { registered: {} } });
  },
);

describe("what is declared in a storage", () => {
  test("nothing where nothing is asked for", () => {
    expect(adminOf(exampleConfig(), "v9")).toBeUndefined();
    expect(administersStorage(readConfig(exampleConfig()))).toBe(false);
    expect(administersStorage(readConfig(inCluster({})))).toBe(true);
  });

  test("nothing in a storage that is no Elasticsearch", () => {
    const raw = changed(exampleConfig(), {
      "generations.v9.storage": { kind: "h2" },
      "generations.v9.oap.replicas": 1,
    });
    const { generations } = readConfig(raw);
    expect(storageAdmin("v9", generations.v9 as ManagedGeneration)).toBeUndefined();
  });

  test("in the cluster: through a port of loopback that is the same at every update", () => {
    expect(adminOf(inCluster({}), "v6")).toEqual({
      generation: "v6",
      reach: {
        kind: "forward",
        url: "http://127.0.0.1:26101",
        localPort: 26101,
        cluster: "default",
        namespace: "skywalking-v6",
        secretName: undefined,
      },
      version: "7.10.2",
      prefix: "v6_",
      grantedUser: undefined,
      indexTemplate: undefined,
      repository: undefined,
      lifecycle: undefined,
    });
    expect(adminOf(inCluster({ localPort: 19200 }), "v6")?.reach).toMatchObject({ url: "http://127.0.0.1:19200" });
  });

  test("in the cluster with security: as its administrator, by the name that its certificate has", () => {
    const raw = changed(exampleConfig(), {
      "generations.v9.storage": { kind: "elasticsearch", version: "8.13.4", admin: { localPort: 19201 } },
    });
    expect(adminOf(raw, "v9")?.reach).toEqual({
      kind: "forward",
      url: "https://localhost:19201",
      localPort: 19201,
      cluster: "default",
      namespace: "skywalking-v9",
      secretName: "elasticsearch-v9-security",
    });
  });

  test("elsewhere: at the first node, or where the administrator says", () => {
    const reach = { kind: "url", ca: undefined, user: undefined, password: undefined };
    expect(adminOf(elsewhere({}), "v9")?.reach).toEqual({ ...reach, url: "https://a:9200" });
    const named = { url: "https://admin:9200", user: "elastic", password: "secret", ca: "-----BEGIN CERTIFICATE-----" };
    expect(adminOf(elsewhere(named), "v9")?.reach).toEqual({ ...reach, ...named });
  });

  test("the index template of a prefix says what the OAP's own do not", () => {
    const indices = {
      shards: 2,
      replicas: 0,
      allocation: { require: { box: "hot" }, exclude: { zone: "a" } },
    };
    expect(adminOf(inCluster({ indices }), "v6")?.indexTemplate).toEqual({
      index_patterns: ["v6_*"],
      order: 100,
      settings: {
        index: {
          number_of_shards: "2",
          number_of_replicas: "0",
          "routing.allocation.require.box": "hot",
          "routing.allocation.exclude.zone": "a",
        },
      },
    });
    expect(adminOf(inCluster({ indices: {} }), "v6")?.indexTemplate).toMatchObject({ settings: { index: {} } });
  });

  test("a repository that is there already is not registered", () => {
    expect(adminOf(elsewhere({ snapshots: {} }), "v9")?.repository).toEqual({
      name: "skywalking",
      registered: undefined,
    });
  });

  test("a repository is registered with its settings, and the lifecycle takes the prefix alone", () => {
    const snapshots = {
      repository: "backups",
      type: "s3",
      settings: { bucket: "b" },
      lifecycle: { schedule: "0 30 1 * * ?", expireAfter: "30d", minCount: 5, maxCount: 50 },
    };
    expect(adminOf(elsewhere({ snapshots }), "v9")).toMatchObject({
      repository: { name: "backups", registered: { type: "s3", settings: { bucket: "b" } } },
      lifecycle: {
        schedule: "0 30 1 * * ?",
        name: "<v9_{now/d}>",
        repository: "backups",
        config: { indices: ["v9_*"], include_global_state: false },
        retention: { expire_after: "30d", min_count: 5, max_count: 50 },
      },
    });
    const plain = { lifecycle: { schedule: "0 30 1 * * ?" } };
    expect(adminOf(elsewhere({ snapshots: plain }), "v9")?.lifecycle).toMatchObject({ retention: {} });
  });

  test("the user of the storage is created where that is asked for", () => {
    const storage = { user: "oap", password: "secret" };
    const admin = { user: "elastic", password: "secret", createUser: "x-pack" };
    expect(adminOf(elsewhere(admin, storage), "v9")?.grantedUser).toEqual({ security: "x-pack", ...storage });
  });

  test("OpenSearch has the API of the Elasticsearch that it was made of, and the OAP's own prefix is known", () => {
    const storage = { kind: "opensearch-external", version: "2.4.0", namespace: "" };
    expect(adminOf(elsewhere({}, storage), "v9")).toMatchObject({ version: "7.10.2", prefix: "sw_" });
  });
});

const key = "generations.v9.storage";

test.each<[string, RawConfig, string[]]>([
  [
    "indices that the OAP's own templates would hide",
    elsewhere({ indices: { shards: 1 } }),
    [
      `${key}.admin.indices: would have no effect: OAP 9.7.0 writes composable index templates into Elasticsearch 7.17.29, and of those only one applies -> set shards and replicas in generations.v9.oap.env (SW_STORAGE_ES_INDEX_SHARDS_NUMBER, SW_STORAGE_ES_INDEX_REPLICAS_NUMBER) and remove it`,
    ],
  ],
  [
    "no prefix at all",
    changed(elsewhere({}, { namespace: "" }), {
      "generations.v9.version": "8.4.0",
      "generations.v9.storage.version": "7.10.2",
      "generations.v9.agents.java.release": "8.4.0",
    }),
    [
      `${key}.namespace: "" is no prefix, so the indices of this generation cannot be told apart from others -> set it to the prefix that they have, or remove admin`,
    ],
  ],
  [
    "a lifecycle before there was one",
    changed(elsewhere({ snapshots: { lifecycle: { schedule: "0 30 1 * * ?" } } }), { [`${key}.version`]: "7.3.2" }),
    [
      `${key}.admin.snapshots.lifecycle: is not available in Elasticsearch 7.3.2; it requires x-pack 7.4 or newer -> remove it`,
    ],
  ],
  [
    "a lifecycle of x-pack in OpenSearch",
    elsewhere(
      { snapshots: { lifecycle: { schedule: "0 30 1 * * ?" } } },
      { kind: "opensearch-external", version: "2.4.0" },
    ),
    [
      `${key}.admin.snapshots.lifecycle: is not available in OpenSearch 2.4.0; it requires x-pack 7.4 or newer -> remove it`,
    ],
  ],
  [
    "settings of a repository without a type",
    elsewhere({ snapshots: { settings: { location: "a" } } }),
    [
      `${key}.admin.snapshots.type: is missing, but the repository has settings -> set it, or remove the settings if the repository already exists`,
    ],
  ],
  [
    "an administrator without a password",
    elsewhere({ user: "elastic" }),
    [
      `${key}.admin.password: is missing, but a user is set -> pulumi config set --secret --path 'generations.v9.storage.admin.password'`,
    ],
  ],
  [
    "a password without an administrator",
    elsewhere({ password: "secret" }),
    [`${key}.admin.user: is missing, but a password is set -> set both or none`],
  ],
  [
    "a user to create, and nobody to do it",
    elsewhere({ createUser: "x-pack" }),
    [
      `${key}.admin.user: is missing; only an administrator can create a user -> set it`,
      `${key}.user: is missing; \`createUser\` creates this user -> set it and its password`,
    ],
  ],
  [
    "a repository in files, and no volume for them",
    inCluster({ snapshots: { type: "fs" } }),
    [
      "generations.v6.storage.admin.snapshots.claim: is missing; a repository of type fs needs a volume that all nodes mount -> name a claim in the generation's Kubernetes namespace (ReadWriteMany if there are several nodes)",
    ],
  ],
  [
    "a volume for a repository that is elsewhere",
    inCluster({ snapshots: { type: "s3", claim: "backups" } }),
    [
      'generations.v6.storage.admin.snapshots.claim: "backups" is only used for a repository of type fs -> set type to fs, or remove it',
    ],
  ],
  ["a repository in files with a volume", inCluster({ snapshots: { type: "fs", claim: "backups" } }), []],
])("%s", (_, raw, problems) => {
  expect(problemsOf(raw)).toEqual(problems);
});

describe("two generations in one Elasticsearch", () => {
  const both = (v6: object | undefined, v9: object | undefined): RawConfig => {
    const storage = { kind: "elasticsearch-external", version: "7.17.29", urls: ["http://a:9200"] };
    return changed(exampleConfig(), {
      "generations.v6.storage": { ...storage, ...(v6 === undefined ? {} : { admin: { snapshots: v6 } }) },
      "generations.v9.storage": { ...storage, ...(v9 === undefined ? {} : { admin: { snapshots: v9 } }) },
    });
  };
  const fs = { type: "fs", settings: { location: "a" } };

  test.each<[string, object | undefined, object | undefined]>([
    ["with the same repository", fs, fs],
    ["with two repositories", fs, { ...fs, repository: "other", settings: { location: "b" } }],
    ["with one that only one of them registers", fs, {}],
    ["with snapshots of one", fs, undefined],
  ])("%s get along", (_, v6, v9) => {
    expect(problemsOf(both(v6, v9))).toEqual([]);
  });

  test("cannot give one repository two places", () => {
    expect(problemsOf(both(fs, { ...fs, settings: { location: "b" } }))).toEqual([
      `${key}.admin.snapshots.repository: "skywalking" is the repository of v6 too, on the same Elasticsearch (http://a:9200), with other settings -> choose another name, or give both the same settings`,
    ]);
  });

  test("two Elasticsearches have two repositories of one name", () => {
    const raw = changed(both(fs, { ...fs, settings: { location: "b" } }), {
      "generations.v9.storage.urls": ["http://b:9200"],
    });
    expect(problemsOf(raw)).toEqual([]);
  });
});

describe("the snapshot before retire", () => {
  const taken = { repository: "skywalking", name: "v6-20260101t000000z", indices: 3, documents: 198 };
  const node = { replicas: 1 } as never; // Only that there is one counts.
  const nodes: LiveStorage = { statefulSets: new Map([["elasticsearch-v6", node]]), claims: new Map() };
  const noNodes: LiveStorage = { statefulSets: new Map(), claims: new Map() };
  const planned = (
    raw: RawConfig,
    facts: { present?: boolean; live?: LiveStorage; recorded?: boolean } = {},
  ): unknown => {
    const { snapshot } = plan(readConfig(raw), {
      present: new Map(facts.present === true ? [["v6", 0]] : []),
      labelsOf: new Map(),
      ...(facts.live === undefined ? {} : { storage: new Map([["v6", facts.live]]) }),
      ...(facts.recorded === true ? { snapshots: new Map([["v6", taken]]) } : {}),
    });
    return snapshot === undefined ? "none" : (snapshot.taken ?? "taken now");
  };
  const asked = inCluster({ snapshots: { type: "fs", claim: "backups" } });
  const at = (stage: string, raw = asked): RawConfig => changed(raw, { stage });

  test.each<[string, RawConfig, Parameters<typeof planned>[1], unknown]>([
    ["not before retire", at("drain"), { present: true }, "none"],
    ["taken while the old backend is there", at("retire"), { present: true }, "taken now"],
    ["taken anew although there is one", at("retire"), { present: true, recorded: true }, "taken now"],
    ["taken while only its storage is there", at("retire"), { live: nodes, recorded: true }, "taken now"],
    ["the recorded one when all is gone", at("retire"), { live: noNodes, recorded: true }, taken],
    ["none of what never was", at("retire"), {}, "none"],
    ["none where no repository is named", at("retire", inCluster({})), { present: true }, "none"],
    ["none where nothing is asked for", at("retire", exampleConfig()), { present: true }, "none"],
    [
      "none of what is not the program's",
      at(
        "retire",
        changed(exampleConfig(), {
          "generations.v6": { managed: false, version: "6.6.0", address: "oap:11800", agentNamespace: "v6" },
        }),
      ),
      { present: true },
      "none",
    ],
  ])("%s", (_, raw, facts, expected) => {
    expect(planned(raw, facts)).toEqual(expected);
  });

  test("names where the indices are, and where it is recorded", () => {
    const facts = { present: new Map([["v6", 0]]), labelsOf: new Map() };
    expect(plan(readConfig(at("retire")), facts).snapshot).toMatchObject({
      generation: "v6",
      namespace: "skywalking-v6",
      repository: { name: "skywalking" },
      admin: { prefix: "v6_" },
      taken: undefined,
    });
  });
});
