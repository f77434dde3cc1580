import fc from "fast-check";
import { oapProfile, oapReleases, type OapRelease } from "../../../skywalking/oap";
import { storageProducts, type StorageRef } from "../../../skywalking/storage";

const es6: StorageRef = { kind: "elasticsearch", version: "6.8.23" };
const es7: StorageRef = { kind: "elasticsearch", version: "7.17.3" };
const openSearch: StorageRef = { kind: "opensearch", version: "1.3.10" };
const mysql: StorageRef = { kind: "mysql" };

test("every tag of apache/skywalking from 6.0.0-GA on has a profile", () => {
  expect(oapReleases.map((release) => oapProfile(release).release)).toEqual(oapReleases);
  expect(oapReleases).toHaveLength(36);
});

test.each<[OapRelease, "v2" | "v3"]>([
  ["6.0.0-GA", "v2"],
  ["7.0.0", "v2"],
  ["8.0.0", "v3"],
  ["10.4.0", "v3"],
])("OAP %s speaks %s", (release, expected) => {
  expect(oapProfile(release).protocol).toBe(expected);
});

describe("images", () => {
  test.each<[OapRelease, StorageRef, 11 | 17 | 21 | undefined, string]>([
    ["6.0.0-GA", es6, undefined, "apache/skywalking-oap-server:6.0.0-GA"],
    ["6.5.0", es6, undefined, "apache/skywalking-oap-server:6.5.0"],
    ["6.6.0", es6, undefined, "apache/skywalking-oap-server:6.6.0-es6"],
    ["6.6.0", es7, undefined, "apache/skywalking-oap-server:6.6.0-es7"],
    ["7.0.0", es7, undefined, "apache/skywalking-oap-server:7.0.0-es7"],
    ["8.0.1", { kind: "elasticsearch", version: "7" }, undefined, "apache/skywalking-oap-server:8.0.1-es7"],
    ["8.7.0", es6, undefined, "apache/skywalking-oap-server:8.7.0-es6"],
    ["8.7.0", openSearch, undefined, "apache/skywalking-oap-server:8.7.0-es7"],
    ["8.7.0", mysql, undefined, "apache/skywalking-oap-server:8.7.0-es7"],
    ["8.8.0", es7, undefined, "apache/skywalking-oap-server:8.8.0"],
    ["9.7.0", es7, 17, "apache/skywalking-oap-server:9.7.0-java17"],
    ["10.0.0", es7, 21, "apache/skywalking-oap-server:10.0.0-java21"],
    ["10.4.0", { kind: "banyandb" }, 11, "apache/skywalking-oap-server:10.4.0-java11"],
  ])("OAP %s with %j, Java %s: %s", (release, storage, jdk, expected) => {
    expect(oapProfile(release).image(storage, jdk)).toBe(expected);
  });

  test.each<[OapRelease, 11 | 17 | 21]>([
    ["9.4.0", 17],
    ["9.7.0", 21],
    ["10.3.0", 11],
  ])("OAP %s has no image for Java %d", (release, jdk) => {
    expect(() => oapProfile(release).image(es7, jdk)).toThrow(
      new RangeError(`there is no image of OAP ${release} for Java ${String(jdk)}`),
    );
  });

  test("an image for a storage that the release does not know is an error that names those it does", () => {
    expect(() => oapProfile("8.9.1").image({ kind: "banyandb" })).toThrow(
      "OAP 8.9.1 has no banyandb storage; it works with: elasticsearch, opensearch, mysql, tidb, postgresql, h2",
    );
  });

  test.each<[OapRelease, string]>([
    ["6.0.0-GA", "apache/skywalking-ui:6.0.0-GA"],
    ["7.0.0", "apache/skywalking-ui:7.0.0"],
    ["10.4.0", "apache/skywalking-ui:10.4.0"],
    ["11.0.0", "apache/skywalking-ui:horizon-1.0.1"],
  ])("the UI of %s is %s, whatever the storage", (release, expected) => {
    expect(oapProfile(release).uiImage).toBe(expected);
  });

  test.each<[string, OapRelease, string]>([
    ["99.0.0", "10.4.0", "99.0.0"],
    ["8.7.1", "8.7.0", "8.7.1-es7"],
  ])("%s, which is not known and behaves like %s, has tag %s", (tag, release, expected) => {
    const profile = oapProfile(release, tag);
    expect(profile.release).toBe(tag);
    expect(profile.image(es7)).toBe(`apache/skywalking-oap-server:${expected}`);
    expect(profile.uiImage).toBe(`apache/skywalking-ui:${tag}`);
    expect(profile.supportsStorage({ kind: "elasticsearch", version: "5.6.0" })).toMatchObject({
      reason: `OAP ${tag} does not work with elasticsearch 5.6.0`,
    });
    expect(oapProfile(release).release).toBe(release);
  });
});

describe("SW_STORAGE", () => {
  test.each<[OapRelease, StorageRef, string]>([
    ["6.5.0", es6, "elasticsearch"],
    ["6.6.0", es7, "elasticsearch"],
    ["7.0.0", es6, "elasticsearch"],
    ["7.0.0", es7, "elasticsearch7"],
    ["8.7.0", es7, "elasticsearch7"],
    ["8.7.0", openSearch, "elasticsearch7"],
    ["8.8.0", es7, "elasticsearch"],
    ["8.8.0", openSearch, "elasticsearch"],
    ["8.8.0", { kind: "elasticsearch" }, "elasticsearch"],
    ["10.4.0", { kind: "elasticsearch", version: "8.18.8" }, "elasticsearch"],
    ["6.1.0", { kind: "h2" }, "h2"],
    ["9.7.0", mysql, "mysql"],
    ["8.2.0", { kind: "tidb" }, "mysql"],
    ["8.3.0", { kind: "tidb" }, "tidb"],
    ["9.4.0", { kind: "tidb" }, "tidb"],
    ["9.5.0", { kind: "tidb" }, "mysql"],
    ["8.5.0", { kind: "postgresql" }, "postgresql"],
    ["9.1.0", { kind: "banyandb" }, "banyandb"],
  ])("OAP %s with %j wants %s", (release, storage, expected) => {
    expect(oapProfile(release).storageSelector(storage)).toBe(expected);
  });

  test("there is none for a storage that the release does not know", () => {
    expect(() => oapProfile("10.2.0").storageSelector({ kind: "h2" })).toThrow("OAP 10.2.0 has no h2 storage");
  });
});

describe("starting", () => {
  test.each<[OapRelease, boolean]>([
    ["6.0.0-GA", false],
    ["6.1.0", true],
    ["10.4.0", true],
  ])("OAP %s can be configured by its environment: %s", (release, expected) => {
    expect(oapProfile(release).configuredByEnv).toBe(expected);
  });

  test.each<[OapRelease, boolean, Record<string, string>]>([
    ["6.0.0-GA", false, {}],
    ["6.1.0", true, { SW_L0AD_CONFIG_FILE_FROM_VOLUME: "true" }],
    ["6.6.0", true, { SW_L0AD_CONFIG_FILE_FROM_VOLUME: "true" }],
    ["7.0.0", false, {}],
  ])("OAP %s generates its application.yml: %s, unless it is told %j", (release, generates, env) => {
    expect(oapProfile(release).generatesConfig).toBe(generates);
    expect(oapProfile(release).mountedConfigEnv).toEqual(env);
  });

  test.each<[OapRelease, object | undefined, string]>([
    ["6.6.0", undefined, "/skywalking/oap-libs"],
    ["7.0.0", { directory: "/skywalking/ext-config", followsLinks: false }, "/skywalking/ext-libs"],
    ["8.7.0", { directory: "/skywalking/ext-config", followsLinks: false }, "/skywalking/ext-libs"],
    ["8.8.0", { directory: "/skywalking/ext-config", followsLinks: true }, "/skywalking/ext-libs"],
  ])("OAP %s takes config files from %j and jars from %s", (release, override, libraries) => {
    expect(oapProfile(release).configOverride).toEqual(override);
    expect(oapProfile(release).libraryDirectory).toBe(libraries);
  });

  test.each<[OapRelease, boolean]>([
    ["6.6.0", false],
    ["7.0.0", true],
    ["8.9.1", true],
    ["9.2.0", true],
    ["9.3.0", false],
  ])("a no-init OAP %s on Elasticsearch waits for the indices of the day: %s", (release, expected) => {
    expect(oapProfile(release).noInitNeedsTodaysIndex).toBe(expected);
  });

  test.each<[OapRelease, boolean]>([
    ["6.2.0", false],
    ["6.3.0", true],
    ["7.0.0", true],
    ["8.0.0", false],
  ])("OAP %s resets agents that it does not know: %s", (release, expected) => {
    expect(oapProfile(release).resetsUnknownAgents).toBe(expected);
  });

  test.each<[OapRelease, boolean]>([
    ["6.6.0", true],
    ["8.0.1", true],
    ["8.1.0", false],
  ])("OAP %s needs the address of every pod of its cluster when it starts: %s", (release, expected) => {
    expect(oapProfile(release).needsAddressOfEveryPod).toBe(expected);
  });

  test.each<[OapRelease, "" | "sw"]>([
    ["8.4.0", ""],
    ["8.5.0", "sw"],
    ["10.4.0", "sw"],
  ])("OAP %s without a storage namespace writes under %j", (release, expected) => {
    expect(oapProfile(release).storageNamespaceDefault).toBe(expected);
  });
});

describe("health", () => {
  const tcp = { kind: "tcp", port: 12800 } as const;
  const healthcheck = { kind: "http", port: 12800, path: "/healthcheck" } as const;

  test.each<[OapRelease, object, Record<string, string>]>([
    ["6.0.0-GA", tcp, {}],
    ["8.1.0", tcp, {}],
    ["9.2.0", tcp, {}],
    // Their /internal/l7check answers HEAD alone, and a kubelet sends GET.
    ["9.3.0", tcp, {}],
    ["9.6.0", tcp, {}],
    ["10.0.1", tcp, {}],
    ["10.1.0", healthcheck, { SW_HEALTH_CHECKER: "default", SW_TELEMETRY: "prometheus" }],
    ["10.2.0", healthcheck, { SW_HEALTH_CHECKER: "default" }],
    ["10.3.0", healthcheck, {}],
    ["10.4.0", healthcheck, {}],
  ])("OAP %s is probed by %j, switched on by %j", (release, probe, env) => {
    expect(oapProfile(release).probe).toEqual(probe);
    expect(oapProfile(release).probeEnv).toEqual(env);
  });

  test.each<[OapRelease, Record<string, string> | undefined]>([
    ["8.0.1", undefined],
    ["8.1.0", { SW_HEALTH_CHECKER: "default", SW_TELEMETRY: "prometheus" }],
    ["10.1.0", { SW_HEALTH_CHECKER: "default", SW_TELEMETRY: "prometheus" }],
    ["10.2.0", { SW_HEALTH_CHECKER: "default" }],
    ["10.3.0", {}],
  ])("the health checker of OAP %s is switched on by %j", (release, expected) => {
    expect(oapProfile(release).healthCheckerEnv).toEqual(expected);
  });

  test.each<[OapRelease, string, string]>([
    ["6.0.0-GA", "none", "absent"],
    ["6.1.0", "prometheus", "absent"],
    ["6.2.0", "prometheus", "absent"],
    ["6.3.0", "none", "absent"],
    ["8.1.0", "none", "-"],
    ["10.1.0", "none", "-"],
    ["10.2.0", "prometheus", "-"],
    ["10.3.0", "prometheus", "default"],
  ])("OAP %s has telemetry %s and health checker %s by default", (release, telemetry, healthChecker) => {
    expect(oapProfile(release).telemetryDefault).toBe(telemetry);
    expect(oapProfile(release).healthCheckerDefault).toBe(healthChecker);
  });
});

describe("UI", () => {
  test.each<[OapRelease, Record<string, string>]>([
    ["6.0.0-GA", { "collector.ribbon.listOfServers": "oap:12800" }],
    ["6.1.0", { SW_OAP_ADDRESS: "oap:12800" }],
    ["8.6.0", { SW_OAP_ADDRESS: "oap:12800" }],
    ["8.7.0", { SW_OAP_ADDRESS: "http://oap:12800" }],
    ["10.4.0", { SW_OAP_ADDRESS: "http://oap:12800" }],
  ])("the UI of %s finds its OAP by %j", (release, expected) => {
    expect(oapProfile(release).uiEnv("oap:12800")).toEqual(expected);
  });

  test("Horizon shows the dashboards of its image unless it is told where the administration is", () => {
    const { uiEnv } = oapProfile("11.0.0");
    expect(uiEnv("oap:12800")).toEqual({
      HORIZON_OAP_QUERY_URL: "http://oap:12800",
      HORIZON_TEMPLATES_MODE: "readonly",
    });
    expect(uiEnv("oap:12800", "oap-admin:17128")).toEqual({
      HORIZON_OAP_QUERY_URL: "http://oap:12800",
      HORIZON_OAP_ADMIN_URL: "http://oap-admin:17128",
    });
  });

  test("the UI before it is told nothing of an administration", () => {
    expect(oapProfile("10.4.0").uiEnv("oap:12800", "oap-admin:17128")).toEqual({ SW_OAP_ADDRESS: "http://oap:12800" });
  });
});

describe("queries", () => {
  test.each<[OapRelease, boolean, boolean, boolean, boolean]>([
    ["6.4.0", false, false, false, false],
    ["6.5.0", true, false, false, false],
    ["8.0.1", true, false, false, false],
    ["8.1.0", true, true, false, false],
    ["8.8.1", true, true, false, false],
    ["8.9.0", true, true, true, false],
    ["9.0.0", true, true, true, true],
    ["10.4.0", true, true, true, true],
  ])(
    "OAP %s: getTimeInfo %s, checkHealth %s, real version %s, listServices %s",
    (release, time, health, version, list) => {
      expect(oapProfile(release).graphql).toMatchObject({
        hasTimeInfo: time,
        hasCheckHealth: health,
        reportsRealVersion: version,
        hasListServices: list,
      });
    },
  );

  test.each<[OapRelease, boolean, string]>([
    ["7.0.0", true, "inclusive"],
    ["8.0.0", false, "ignored"],
    ["9.5.0", false, "ignored"],
    ["9.6.0", false, "exclusive"],
    ["10.2.0", false, "exclusive"],
    ["10.3.0", false, "inclusive"],
  ])("OAP %s: services within the duration %s, the end of that of instances is %s", (release, services, instances) => {
    expect(oapProfile(release).graphql.servicesWithinDuration).toBe(services);
    expect(oapProfile(release).graphql.instancesUntil).toBe(instances);
  });

  test.each<[OapRelease, string | undefined]>([
    ["6.2.0", undefined],
    ["6.3.0", "SkyWalking"],
    ["6.6.0", "SkyWalking"],
    ["7.0.0", undefined],
    ["10.4.0", undefined],
  ])("OAP %s reports itself as %s", (release, service) => {
    expect(oapProfile(release).graphql.reportsItselfAs).toBe(service);
  });

  test.each<[OapRelease, string | undefined, string | undefined]>([
    ["9.6.0", undefined, undefined],
    ["9.7.0", "rest", undefined],
    ["10.1.0", "rest", undefined],
    ["10.2.0", "rest", "rest"],
    ["10.4.0", "rest", "rest"],
    ["11.0.0", "admin", "admin"],
  ])("OAP %s: config dump on %s, cluster nodes on %s", (release, dump, nodes) => {
    expect(oapProfile(release).graphql.configDump?.port).toBe(dump);
    expect(oapProfile(release).graphql.clusterNodes?.port).toBe(nodes);
  });

  test("an OAP has a server of its administration from 11.0 on", () => {
    expect(oapProfile("10.4.0").admin).toBeUndefined();
    expect(oapProfile("11.0.0").admin).toMatchObject({ port: 17128, peerPort: 17129 });
  });
});

describe("environment", () => {
  test.each<[OapRelease, object[], object[]]>([
    [
      "6.0.0-GA",
      [{ name: "SW_CORE_RECORD_DATA_TTL", unit: "minute", default: 90 }],
      [
        { name: "SW_CORE_MINUTE_METRIC_DATA_TTL", unit: "minute", default: 90 },
        { name: "SW_CORE_HOUR_METRIC_DATA_TTL", unit: "hour", default: 36 },
        { name: "SW_CORE_DAY_METRIC_DATA_TTL", unit: "day", default: 45 },
        { name: "SW_CORE_MONTH_METRIC_DATA_TTL", unit: "month", default: 18 },
      ],
    ],
    [
      "8.0.1",
      [{ name: "SW_CORE_RECORD_DATA_TTL", unit: "day", default: 3 }],
      [{ name: "SW_CORE_RECORD_DATA_TTL", unit: "day", default: 7 }],
    ],
    [
      "8.1.0",
      [{ name: "SW_CORE_RECORD_DATA_TTL", unit: "day", default: 3 }],
      [{ name: "SW_CORE_METRICS_DATA_TTL", unit: "day", default: 7 }],
    ],
  ])("the core of OAP %s keeps records as %j and metrics as %j say", (release, record, metrics) => {
    expect(oapProfile(release).env.recordDataTtl).toEqual(record);
    expect(oapProfile(release).env.metricsDataTtl).toEqual(metrics);
  });

  test.each<[OapRelease, StorageRef["kind"], string[]]>([
    ["6.1.0", "elasticsearch", ["SW_CORE_RECORD_DATA_TTL"]],
    ["6.2.0", "elasticsearch", ["SW_STORAGE_ES_RECORD_DATA_TTL"]],
    ["7.0.0", "elasticsearch", ["SW_STORAGE_ES_RECORD_DATA_TTL"]],
    ["7.0.0", "mysql", ["SW_CORE_RECORD_DATA_TTL"]],
    ["8.0.0", "elasticsearch", ["SW_CORE_RECORD_DATA_TTL"]],
    ["9.7.0", "opensearch", ["SW_CORE_RECORD_DATA_TTL"]],
    ["10.1.0", "banyandb", ["SW_CORE_RECORD_DATA_TTL"]],
    ["10.2.0", "banyandb", ["SW_STORAGE_BANYANDB_GR_NORMAL_TTL_DAYS", "SW_STORAGE_BANYANDB_GR_SUPER_TTL_DAYS"]],
    [
      "10.4.0",
      "banyandb",
      [
        "SW_STORAGE_BANYANDB_RECORDS_TTL_DAYS",
        "SW_STORAGE_BANYANDB_TRACE_TTL_DAYS",
        "SW_STORAGE_BANYANDB_ZIPKIN_TRACE_TTL_DAYS",
        "SW_STORAGE_BANYANDB_LOG_TTL_DAYS",
        "SW_STORAGE_BANYANDB_BROWSER_ERROR_LOG_TTL_DAYS",
      ],
    ],
  ])("OAP %s on %s keeps records as %j say", (release, storage, expected) => {
    expect(
      oapProfile(release)
        .dataTtl(storage)
        .record.map(({ name }) => name),
    ).toEqual(expected);
  });

  test.each<[OapRelease, object]>([
    ["6.0.0-GA", { clusterNodes: "SW_STORAGE_ES_CLUSTER_NODES", namespace: undefined, user: undefined }],
    ["6.1.0", { namespace: "SW_NAMESPACE", user: "SW_ES_USER", password: "SW_ES_PASSWORD", protocol: undefined }],
    ["6.3.0", { protocol: "SW_STORAGE_ES_HTTP_PROTOCOL", trustStorePath: undefined, trustStorePass: undefined }],
    ["6.6.0", { trustStorePath: undefined, trustStorePass: undefined, secretsFile: undefined }],
    [
      "7.0.0",
      {
        trustStorePath: "SW_SW_STORAGE_ES_SSL_JKS_PATH",
        trustStorePass: "SW_SW_STORAGE_ES_SSL_JKS_PASS",
        secretsFile: "SW_ES_SECRETS_MANAGEMENT_FILE",
      },
    ],
    ["8.0.0", { trustStorePath: "SW_STORAGE_ES_SSL_JKS_PATH", trustStorePass: "SW_STORAGE_ES_SSL_JKS_PASS" }],
    ["10.3.0", { keyStorePath: undefined, keyStorePass: undefined }],
    ["10.4.0", { keyStorePath: "SW_STORAGE_ES_SSL_KEY_STORE_PATH", keyStorePass: "SW_STORAGE_ES_SSL_KEY_STORE_PASS" }],
  ])("OAP %s reaches Elasticsearch by %j", (release, expected) => {
    expect(oapProfile(release).env.elasticsearch).toMatchObject(expected);
  });

  test.each<[OapRelease, object | undefined]>([
    ["6.4.0", undefined],
    ["6.5.0", { url: "SW_JDBC_URL", user: "SW_DATA_SOURCE_USER", password: "SW_DATA_SOURCE_PASSWORD" }],
    ["10.4.0", { url: "SW_JDBC_URL", user: "SW_DATA_SOURCE_USER", password: "SW_DATA_SOURCE_PASSWORD" }],
  ])("OAP %s reaches a database by %j", (release, expected) => {
    expect(oapProfile(release).env.jdbc).toEqual(expected);
  });

  const targets = { kind: "targets", targets: "SW_STORAGE_BANYANDB_TARGETS" };
  test.each<[OapRelease, object | undefined]>([
    ["9.0.0", undefined],
    ["9.1.0", { kind: "host and port", host: "SW_STORAGE_BANYANDB_HOST", port: "SW_STORAGE_BANYANDB_PORT" }],
    ["9.7.0", { ...targets, namespace: undefined, user: undefined, trustedCaPath: undefined }],
    ["10.1.0", { ...targets, namespace: undefined, trustedCaPath: "SW_STORAGE_BANYANDB_SSL_TRUST_CA_PATH" }],
    ["10.2.0", { ...targets, namespace: undefined, user: undefined }],
    ["10.3.0", { ...targets, namespace: "SW_NAMESPACE", user: "SW_STORAGE_BANYANDB_USER" }],
    ["10.4.0", { compatibleServerApiVersions: "SW_STORAGE_BANYANDB_COMPATIBLE_SERVER_API_VERSIONS" }],
  ])("OAP %s reaches BanyanDB by %j", (release, expected) => {
    if (expected === undefined) expect(oapProfile(release).env.banyandb).toBeUndefined();
    else expect(oapProfile(release).env.banyandb).toMatchObject(expected);
  });

  test.each<[OapRelease, string | undefined, boolean]>([
    ["6.6.0", undefined, false],
    ["7.0.0", "SW_AUTHENTICATION", true],
    ["10.4.0", "SW_AUTHENTICATION", true],
  ])("OAP %s takes its token from %s, and has gRPC TLS: %s", (release, token, tls) => {
    expect(oapProfile(release).env.token).toBe(token);
    expect(oapProfile(release).env.grpcTls).toEqual(
      tls
        ? {
            enabled: "SW_CORE_GRPC_SSL_ENABLED",
            keyPath: "SW_CORE_GRPC_SSL_KEY_PATH",
            certChainPath: "SW_CORE_GRPC_SSL_CERT_CHAIN_PATH",
            trustedCaPath: "SW_CORE_GRPC_SSL_TRUSTED_CA_PATH",
          }
        : undefined,
    );
  });

  test.each<[OapRelease, string | undefined, string | undefined]>([
    ["8.1.0", undefined, undefined],
    ["8.2.0", "SW_RECEIVER_GRPC_PORT", undefined],
    ["8.8.0", "SW_RECEIVER_GRPC_PORT", "SW_RECEIVER_GRPC_SSL_TRUSTED_CAS_PATH"],
  ])("OAP %s has a receiver at %s that trusts %s", (release, port, trusted) => {
    expect(oapProfile(release).env.receiver?.port).toBe(port);
    expect(oapProfile(release).env.receiver?.trustedCaPath).toBe(trusted);
  });

  test.each<[OapRelease, string | undefined]>([
    ["6.0.0-GA", undefined],
    ["6.1.0", "SW_CLUSTER"],
    ["10.4.0", "SW_CLUSTER"],
  ])("OAP %s is clustered by %s and the same Kubernetes names as every other", (release, selector) => {
    expect(oapProfile(release).env.cluster).toEqual({
      selector,
      namespace: "SW_CLUSTER_K8S_NAMESPACE",
      labelSelector: "SW_CLUSTER_K8S_LABEL",
      uidName: "SW_CLUSTER_K8S_UID",
      uid: "SKYWALKING_COLLECTOR_UID",
    });
  });

  test.each<[OapRelease, object | undefined]>([
    ["6.6.0", undefined],
    ["8.0.1", undefined],
    ["8.1.0", { selector: { SW_CONFIGURATION: "k8s-configmap" }, period: "SW_CONFIG_CONFIGMAP_PERIOD" }],
    ["10.4.0", { selector: { SW_CONFIGURATION: "k8s-configmap" }, period: "SW_CONFIG_CONFIGMAP_PERIOD" }],
  ])("OAP %s follows ConfigMaps by %j", (release, env) => {
    expect(oapProfile(release).env.dynamicConfig).toEqual(env);
  });
});

test("a storage that is supported has an image and a selector, and one that is not has neither", () => {
  const storage = fc.record({
    kind: fc.constantFrom(...storageProducts),
    version: fc.option(
      fc.oneof(
        fc.tuple(fc.nat(12), fc.nat(20), fc.nat(30)).map((parts) => parts.join(".")),
        fc.nat(12).map(String),
        fc.string({ maxLength: 6 }),
      ),
      { nil: undefined },
    ),
  });
  fc.assert(
    fc.property(fc.constantFrom(...oapReleases), storage, (release, ref) => {
      const profile = oapProfile(release);
      if (profile.supportsStorage(ref).supported) {
        expect(profile.image(ref)).toMatch(/^apache\/skywalking-oap-server:\d/);
        expect(profile.storageSelector(ref)).toMatch(/^[a-z0-9]+$/);
      } else {
        expect(() => profile.image(ref)).toThrow(RangeError);
        expect(() => profile.storageSelector(ref)).toThrow(RangeError);
      }
    }),
    { numRuns: 500 },
  );
});
