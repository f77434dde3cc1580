import { valueAt, type Timeline } from "../release";
import { storageFamilies, type StorageFamily, type StorageProduct } from "../storage";
import type { OapRelease } from "./releases";

/** A variable that sets how long a kind of data is kept. */
export interface TtlSetting {
  readonly name: string;
  readonly unit: "minute" | "hour" | "day" | "month";
  /** The value if the variable is not set, in `unit`. */
  readonly default: number;
}

export interface DataTtl {
  /** Traces, logs, alarms. */
  readonly record: readonly TtlSetting[];
  readonly metrics: readonly TtlSetting[];
}

const minutesToMonths: DataTtl = {
  record: [{ name: "SW_CORE_RECORD_DATA_TTL", unit: "minute", default: 90 }],
  metrics: [
    { name: "SW_CORE_MINUTE_METRIC_DATA_TTL", unit: "minute", default: 90 },
    { name: "SW_CORE_HOUR_METRIC_DATA_TTL", unit: "hour", default: 36 },
    { name: "SW_CORE_DAY_METRIC_DATA_TTL", unit: "day", default: 45 },
    { name: "SW_CORE_MONTH_METRIC_DATA_TTL", unit: "month", default: 18 },
  ],
};

/**
 * The TTL variables of the core module. In 8.0.0 and 8.0.1 one variable sets both, because the line for metrics reads
 * `${SW_CORE_RECORD_DATA_TTL:7}`.
 */
export const coreTtl: Timeline<OapRelease, DataTtl> = [
  {
    since: "6.0.0-GA",
    value: minutesToMonths,
    source: "apache/skywalking@v6.0.0-GA:oap-server/server-starter/src/main/assembly/application.yml",
  },
  {
    since: "8.0.0",
    value: {
      record: [{ name: "SW_CORE_RECORD_DATA_TTL", unit: "day", default: 3 }],
      metrics: [{ name: "SW_CORE_RECORD_DATA_TTL", unit: "day", default: 7 }],
    },
    source: "apache/skywalking@v8.0.0:oap-server/server-bootstrap/src/main/resources/application.yml:69",
  },
  {
    since: "8.1.0",
    value: {
      record: [{ name: "SW_CORE_RECORD_DATA_TTL", unit: "day", default: 3 }],
      metrics: [{ name: "SW_CORE_METRICS_DATA_TTL", unit: "day", default: 7 }],
    },
    source: "apache/skywalking@v8.1.0:oap-server/server-bootstrap/src/main/resources/application.yml:77",
  },
];

/** The Elasticsearch storage's own TTL variables, in the releases that have them. They override those of the core. */
export const elasticsearchTtl: Timeline<OapRelease, DataTtl | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source: "apache/skywalking@v6.1.0:oap-server/server-starter/src/main/assembly/application.yml",
  },
  {
    since: "6.2.0",
    value: {
      record: [{ name: "SW_STORAGE_ES_RECORD_DATA_TTL", unit: "day", default: 7 }],
      metrics: [
        { name: "SW_STORAGE_ES_OTHER_METRIC_DATA_TTL", unit: "day", default: 45 },
        { name: "SW_STORAGE_ES_MONTH_METRIC_DATA_TTL", unit: "month", default: 18 },
      ],
    },
    source: "apache/skywalking@v6.2.0:oap-server/server-starter/src/main/assembly/application.yml:74",
  },
  {
    since: "8.0.0",
    value: undefined,
    source: "apache/skywalking@v8.0.0:oap-server/server-bootstrap/src/main/resources/application.yml",
  },
];

function days(...settings: readonly (readonly [name: string, days: number])[]): readonly TtlSetting[] {
  return settings.map(([name, default_]) => ({
    name: `SW_STORAGE_BANYANDB_${name}_TTL_DAYS`,
    unit: "day" as const,
    default: default_,
  }));
}

/**
 * From 10.2.0, BanyanDB's TTLs are set in `bydb.yml`, and the core's are not used with it. These are those
 * of the hot stage.
 */
export const banyandbTtl: Timeline<OapRelease, DataTtl | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source: "apache/skywalking@v10.1.0:oap-server/server-starter/src/main/resources/application.yml",
  },
  {
    since: "10.2.0",
    value: {
      record: days(["GR_NORMAL", 3], ["GR_SUPER", 3]),
      metrics: days(["GM_MINUTE", 7], ["GM_HOUR", 15], ["GM_DAY", 15], ["GM_INDEX", 15]),
    },
    source: "apache/skywalking@v10.2.0:oap-server/server-starter/src/main/resources/bydb.yml:57",
  },
  {
    since: "10.3.0",
    value: {
      record: days(["RECORDS", 3], ["TRACE", 3], ["ZIPKIN_TRACE", 3], ["LOG", 3], ["BROWSER_ERROR_LOG", 3]),
      metrics: days(["METRICS_MINUTE", 7], ["METRICS_HOUR", 15], ["METRICS_DAY", 15], ["METADATA", 15]),
    },
    source: "apache/skywalking@v10.3.0:oap-server/server-starter/src/main/resources/bydb.yml:73",
  },
];

const ttlOfFamily: Readonly<Record<StorageFamily, Timeline<OapRelease, DataTtl | undefined>>> = {
  elasticsearch: elasticsearchTtl,
  banyandb: banyandbTtl,
  jdbc: coreTtl,
  h2: coreTtl,
};

/** The TTL variables that apply to a kind of storage. */
export function dataTtl(release: OapRelease, storage: StorageProduct): DataTtl {
  return valueAt(ttlOfFamily[storageFamilies[storage]], release) ?? valueAt(coreTtl, release);
}

/** Names of the Elasticsearch storage's variables; undefined if the release's image does not read one. */
export interface ElasticsearchEnv {
  readonly clusterNodes: string;
  /** Prefix of every index. */
  readonly namespace: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly protocol: string | undefined;
  /** A Java key store and its password. The 6.x images read neither; mount an application.yml there. */
  readonly trustStorePath: string | undefined;
  readonly trustStorePass: string | undefined;
  /** Whether the trust store is read only if user and password are set too. */
  readonly trustStoreNeedsUser: boolean;
  /** The client's own certificate, for mutual TLS. */
  readonly keyStorePath: string | undefined;
  readonly keyStorePass: string | undefined;
  /** A properties file with user, password and trust store password, which the OAP watches for changes. */
  readonly secretsFile: string | undefined;
}

const elasticsearch6_0 = {
  clusterNodes: "SW_STORAGE_ES_CLUSTER_NODES",
  namespace: undefined,
  user: undefined,
  password: undefined,
  protocol: undefined,
  trustStorePath: undefined,
  trustStorePass: undefined,
  trustStoreNeedsUser: false,
  keyStorePath: undefined,
  keyStorePass: undefined,
  secretsFile: undefined,
} as const satisfies ElasticsearchEnv;

const elasticsearch6_1 = {
  ...elasticsearch6_0,
  namespace: "SW_NAMESPACE",
  user: "SW_ES_USER",
  password: "SW_ES_PASSWORD",
} as const satisfies ElasticsearchEnv;

const elasticsearch6_3 = {
  ...elasticsearch6_1,
  protocol: "SW_STORAGE_ES_HTTP_PROTOCOL",
} as const satisfies ElasticsearchEnv;

const elasticsearch8 = {
  ...elasticsearch6_3,
  trustStorePath: "SW_STORAGE_ES_SSL_JKS_PATH",
  trustStorePass: "SW_STORAGE_ES_SSL_JKS_PASS",
  trustStoreNeedsUser: true,
  secretsFile: "SW_ES_SECRETS_MANAGEMENT_FILE",
} as const satisfies ElasticsearchEnv;

export const elasticsearchEnv: Timeline<OapRelease, ElasticsearchEnv> = [
  {
    since: "6.0.0-GA",
    value: elasticsearch6_0,
    source: "apache/skywalking@v6.0.0-GA:oap-server/server-starter/src/main/assembly/application.yml:59",
  },
  {
    since: "6.1.0",
    value: elasticsearch6_1,
    source: "apache/skywalking-docker@b817a03:archive/6/6.1/oap/docker-entrypoint.sh",
  },
  {
    since: "6.3.0",
    value: elasticsearch6_3,
    source: "apache/skywalking-docker@b817a03:archive/6/6.3/oap/docker-entrypoint.sh:104",
  },
  {
    since: "7.0.0",
    value: {
      ...elasticsearch8,
      // The doubled prefix is what 7.0.0 reads.
      trustStorePath: "SW_SW_STORAGE_ES_SSL_JKS_PATH",
      trustStorePass: "SW_SW_STORAGE_ES_SSL_JKS_PASS",
    },
    source: "apache/skywalking@v7.0.0:dist-material/application.yml:95",
  },
  {
    since: "8.0.0",
    value: elasticsearch8,
    source: "apache/skywalking@v8.0.0:oap-server/server-bootstrap/src/main/resources/application.yml:90",
  },
  {
    since: "8.8.0",
    value: { ...elasticsearch8, trustStoreNeedsUser: false },
    source:
      "apache/skywalking@v8.7.0:oap-server/server-library/library-client/src/main/java/org/apache/skywalking/oap/server/library/client/elasticsearch/ElasticSearchClient.java:166, apache/skywalking@v8.8.0:oap-server/server-library/library-elasticsearch-client/src/main/java/org/apache/skywalking/library/elasticsearch/ElasticSearchBuilder.java:156",
  },
  {
    since: "10.4.0",
    value: {
      ...elasticsearch8,
      trustStoreNeedsUser: false,
      keyStorePath: "SW_STORAGE_ES_SSL_KEY_STORE_PATH",
      keyStorePass: "SW_STORAGE_ES_SSL_KEY_STORE_PASS",
    },
    source: "apache/skywalking@v10.4.0:oap-server/server-starter/src/main/resources/application.yml:163",
  },
];

/** Names of the variables that the JDBC storages (MySQL, TiDB and PostgreSQL) share. */
export interface JdbcEnv {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** Up to 6.4.0, the connection is set in `config/datasource-settings.properties`, which no variable reaches. */
export const jdbcEnv: Timeline<OapRelease, JdbcEnv | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source: "apache/skywalking@v6.1.0:docs/en/setup/backend/backend-storage.md",
  },
  {
    since: "6.5.0",
    value: { url: "SW_JDBC_URL", user: "SW_DATA_SOURCE_USER", password: "SW_DATA_SOURCE_PASSWORD" },
    source: "apache/skywalking-docker@b817a03:archive/6/6.5/oap/docker-entrypoint.sh",
  },
];

/** Names of the BanyanDB storage's variables. */
export type BanyandbEnv =
  | { readonly kind: "host and port"; readonly host: string; readonly port: string }
  | {
      readonly kind: "targets";
      /** `host:port`, comma-separated. */
      readonly targets: string;
      /** Prefix of every group. */
      readonly namespace: string | undefined;
      readonly user: string | undefined;
      readonly password: string | undefined;
      readonly trustedCaPath: string | undefined;
      /** The API versions of the server that the OAP accepts. */
      readonly compatibleServerApiVersions: string | undefined;
    };

const banyandb9_7 = {
  kind: "targets",
  targets: "SW_STORAGE_BANYANDB_TARGETS",
  namespace: undefined,
  user: undefined,
  password: undefined,
  trustedCaPath: undefined,
  compatibleServerApiVersions: undefined,
} as const satisfies BanyandbEnv;

const banyandb10_1 = {
  ...banyandb9_7,
  trustedCaPath: "SW_STORAGE_BANYANDB_SSL_TRUST_CA_PATH",
} as const satisfies BanyandbEnv;

const banyandb10_3 = {
  ...banyandb10_1,
  namespace: "SW_NAMESPACE",
  user: "SW_STORAGE_BANYANDB_USER",
  password: "SW_STORAGE_BANYANDB_PASSWORD",
} as const satisfies BanyandbEnv;

export const banyandbEnv: Timeline<OapRelease, BanyandbEnv | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source: "apache/skywalking@v9.0.0:oap-server/server-starter/src/main/resources/application.yml",
  },
  {
    since: "9.1.0",
    value: { kind: "host and port", host: "SW_STORAGE_BANYANDB_HOST", port: "SW_STORAGE_BANYANDB_PORT" },
    source: "apache/skywalking@v9.1.0:oap-server/server-starter/src/main/resources/application.yml:214",
  },
  {
    since: "9.7.0",
    value: banyandb9_7,
    source: "apache/skywalking@v9.7.0:oap-server/server-starter/src/main/resources/application.yml:216",
  },
  {
    since: "10.1.0",
    value: banyandb10_1,
    source: "apache/skywalking@v10.1.0:oap-server/server-starter/src/main/resources/application.yml:261",
  },
  {
    since: "10.3.0",
    value: banyandb10_3,
    source: "apache/skywalking@v10.3.0:oap-server/server-starter/src/main/resources/bydb.yml:47",
  },
  {
    since: "10.4.0",
    value: {
      ...banyandb10_3,
      compatibleServerApiVersions: "SW_STORAGE_BANYANDB_COMPATIBLE_SERVER_API_VERSIONS",
    },
    source: "apache/skywalking@v10.4.0:oap-server/server-starter/src/main/resources/bydb.yml:58",
  },
];

/**
 * The prefix of an OAP's indices if the namespace is left empty: none, or the server's own default `sw`. BanyanDB
 * groups have the same default since 10.3.0, when they gained a namespace.
 */
export const storageNamespaceDefault: Timeline<OapRelease, "" | "sw"> = [
  {
    since: "6.0.0-GA",
    value: "",
    source:
      "apache/skywalking@v8.4.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/StorageModuleElasticsearchProvider.java:115",
  },
  {
    since: "8.5.0",
    value: "sw",
    source:
      "apache/skywalking@v8.5.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/StorageModuleElasticsearchProvider.java:121",
  },
];

/** The variable for the token that agents must send, since 7.0.0. Earlier releases set it only in application.yml. */
export const tokenEnv: Timeline<OapRelease, string | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source: "apache/skywalking@v6.5.0:docs/en/setup/backend/backend-token-auth.md",
  },
  { since: "7.0.0", value: "SW_AUTHENTICATION", source: "apache/skywalking@v7.0.0:dist-material/application.yml:187" },
];

/** Names of the variables that configure a gRPC server's certificate. */
export interface GrpcTlsEnv {
  readonly enabled: string;
  readonly keyPath: string;
  readonly certChainPath: string;
  /** Certificate authorities of the clients; the core's also verify the other OAP nodes. */
  readonly trustedCaPath: string | undefined;
}

/**
 * TLS of the core's gRPC port, 11800, which OAP nodes use among themselves, as do agents unless there is a receiver.
 */
export const grpcTlsEnv: Timeline<OapRelease, GrpcTlsEnv | undefined> = [
  { since: "6.0.0-GA", value: undefined, source: "apache/skywalking@v6.6.0:dist-material/application.yml" },
  {
    since: "7.0.0",
    value: {
      enabled: "SW_CORE_GRPC_SSL_ENABLED",
      keyPath: "SW_CORE_GRPC_SSL_KEY_PATH",
      certChainPath: "SW_CORE_GRPC_SSL_CERT_CHAIN_PATH",
      trustedCaPath: "SW_CORE_GRPC_SSL_TRUSTED_CA_PATH",
    },
    source: "apache/skywalking@v7.0.0:dist-material/application.yml:64",
  },
];

/** A gRPC port only for agents, with its own TLS. The default, port 0, means none. */
export type ReceiverEnv = GrpcTlsEnv & { readonly port: string };

const receiver8_2 = {
  port: "SW_RECEIVER_GRPC_PORT",
  enabled: "SW_RECEIVER_GRPC_SSL_ENABLED",
  keyPath: "SW_RECEIVER_GRPC_SSL_KEY_PATH",
  certChainPath: "SW_RECEIVER_GRPC_SSL_CERT_CHAIN_PATH",
  trustedCaPath: undefined,
} as const satisfies ReceiverEnv;

export const receiverEnv: Timeline<OapRelease, ReceiverEnv | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source: "apache/skywalking@v8.1.0:oap-server/server-bootstrap/src/main/resources/application.yml",
  },
  {
    since: "8.2.0",
    value: receiver8_2,
    source: "apache/skywalking@v8.2.0:oap-server/server-bootstrap/src/main/resources/application.yml:208",
  },
  {
    since: "8.8.0",
    value: { ...receiver8_2, trustedCaPath: "SW_RECEIVER_GRPC_SSL_TRUSTED_CAS_PATH" },
    source: "apache/skywalking@v8.8.0:oap-server/server-starter/src/main/resources/application.yml:292",
  },
];

/** Names of the variables for the directories in which receivers keep what they have not processed yet. */
export interface BufferEnv {
  readonly traces: "SW_RECEIVER_BUFFER_PATH";
  readonly mesh: "SW_SERVICE_MESH_BUFFER_PATH";
}

/**
 * By default these directories are beside `/skywalking`, where only root may create them, and an OAP that cannot do so
 * ends (measured with 6.5.0). Releases without them buffer nothing.
 */
export const bufferEnv: Timeline<OapRelease, BufferEnv | undefined> = [
  {
    since: "6.0.0-GA",
    value: { traces: "SW_RECEIVER_BUFFER_PATH", mesh: "SW_SERVICE_MESH_BUFFER_PATH" },
    source:
      "apache/skywalking@v6.0.0-GA:oap-server/server-starter/src/main/assembly/application.yml:73, apache/skywalking-docker@b817a03:archive/6/6.5/oap/docker-entrypoint.sh:320, apache/skywalking@v7.0.0:dist-material/application.yml:195",
  },
  {
    since: "8.0.0",
    value: undefined,
    source: "apache/skywalking@v8.0.0:oap-server/server-bootstrap/src/main/resources/application.yml",
  },
];

/** Names of the variables that let OAP nodes find each other in Kubernetes. */
export interface ClusterEnv {
  /** `SW_CLUSTER=kubernetes`; undefined if only application.yml can select it. */
  readonly selector: string | undefined;
  readonly namespace: "SW_CLUSTER_K8S_NAMESPACE";
  /** `k=v`, comma-separated; no other syntax. OAP nodes that it matches join one cluster, whatever their release. */
  readonly labelSelector: "SW_CLUSTER_K8S_LABEL";
  /** The variable that names the variable with the pod's uid. */
  readonly uidName: "SW_CLUSTER_K8S_UID";
  /** The default value of `uidName`; the variable of that name must be `metadata.uid`. */
  readonly uid: "SKYWALKING_COLLECTOR_UID";
}

const kubernetes = {
  namespace: "SW_CLUSTER_K8S_NAMESPACE",
  labelSelector: "SW_CLUSTER_K8S_LABEL",
  uidName: "SW_CLUSTER_K8S_UID",
  uid: "SKYWALKING_COLLECTOR_UID",
} as const;

export const clusterEnv: Timeline<OapRelease, ClusterEnv> = [
  {
    since: "6.0.0-GA",
    value: { selector: undefined, ...kubernetes },
    source: "apache/skywalking@v6.0.0-GA:oap-server/server-starter/src/main/assembly/application.yml:29",
  },
  {
    since: "6.1.0",
    value: { selector: "SW_CLUSTER", ...kubernetes },
    source: "apache/skywalking-docker@b817a03:archive/6/6.1/oap/docker-entrypoint.sh:119",
  },
];

/** The variables that make an OAP follow the ConfigMaps selected by its cluster's label selector in its namespace. */
export interface DynamicConfigEnv {
  readonly selector: Readonly<Record<string, string>>;
  /** Seconds between two polls. */
  readonly period: "SW_CONFIG_CONFIGMAP_PERIOD";
}

/** Older releases have dynamic configuration too, but no provider that reads ConfigMaps. */
export const dynamicConfigEnv: Timeline<OapRelease, DynamicConfigEnv | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source: "apache/skywalking@v8.0.1:oap-server/server-bootstrap/src/main/resources/application.yml:229",
  },
  {
    since: "8.1.0",
    value: { selector: { SW_CONFIGURATION: "k8s-configmap" }, period: "SW_CONFIG_CONFIGMAP_PERIOD" },
    source: "apache/skywalking@v8.1.0:oap-server/server-bootstrap/src/main/resources/application.yml:304",
  },
];

/**
 * Variables that an earlier release reads and this one does not, each with the one in its place, if there is one. They
 * are silently ignored.
 */
export const replacedEnv: Timeline<OapRelease, Readonly<Record<string, string | undefined>>> = [
  {
    since: "6.0.0-GA",
    value: {},
    source: "apache/skywalking@v10.1.0:oap-server/server-starter/src/main/resources/application.yml:606",
  },
  {
    since: "10.2.0",
    value: { SW_DEBUGGING_QUERY: "SW_STATUS_QUERY" },
    source: "apache/skywalking@v10.2.0:oap-server/server-starter/src/main/resources/application.yml:577",
  },
  {
    since: "11.0.0",
    value: { SW_DEBUGGING_QUERY: "SW_STATUS", SW_STATUS_QUERY: "SW_STATUS", SW_ENABLE_UPDATE_UI_TEMPLATE: undefined },
    source:
      "apache/skywalking@5839d2a:docs/en/changes/changes.md:80, apache/skywalking@5839d2a:docs/en/changes/changes.md:252",
  },
];

/** The name of every variable that a release reads, as far as this program sets it. */
export interface OapEnv {
  /** Those of the core; `OapProfile.dataTtl` knows what a storage overrides. */
  readonly recordDataTtl: readonly TtlSetting[];
  readonly metricsDataTtl: readonly TtlSetting[];
  readonly elasticsearch: ElasticsearchEnv;
  readonly jdbc: JdbcEnv | undefined;
  readonly banyandb: BanyandbEnv | undefined;
  readonly token: string | undefined;
  readonly grpcTls: GrpcTlsEnv | undefined;
  readonly receiver: ReceiverEnv | undefined;
  readonly buffer: BufferEnv | undefined;
  readonly cluster: ClusterEnv;
  readonly dynamicConfig: DynamicConfigEnv | undefined;
  /** Variables of earlier releases that it does not read, each with the one in its place, if there is one. */
  readonly replaced: Readonly<Record<string, string | undefined>>;
}

export function oapEnv(release: OapRelease): OapEnv {
  const { record, metrics } = valueAt(coreTtl, release);
  return {
    recordDataTtl: record,
    metricsDataTtl: metrics,
    elasticsearch: valueAt(elasticsearchEnv, release),
    jdbc: valueAt(jdbcEnv, release),
    banyandb: valueAt(banyandbEnv, release),
    token: valueAt(tokenEnv, release),
    grpcTls: valueAt(grpcTlsEnv, release),
    receiver: valueAt(receiverEnv, release),
    buffer: valueAt(bufferEnv, release),
    cluster: valueAt(clusterEnv, release),
    dynamicConfig: valueAt(dynamicConfigEnv, release),
    replaced: valueAt(replacedEnv, release),
  };
}
