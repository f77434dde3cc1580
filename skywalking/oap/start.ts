import type { Timeline } from "../release";
import type { OapRelease } from "./releases";

/** The protocol that agents must speak: agents 6.x and 7.x speak v2 (header `sw6`), agents 8.0 and later v3 (`sw8`). */
export const protocol: Timeline<OapRelease, "v2" | "v3"> = [
  { since: "6.0.0-GA", value: "v2", source: "apache/skywalking@v6.6.0:docs/en/protocols/README.md" },
  { since: "8.0.0", value: "v3", source: "apache/skywalking@v8.0.0:docs/en/FAQ/v8-version-upgrade.md" },
];

/**
 * Whether variables can select storage and cluster. In 6.0.0-GA they cannot: its application.yml must be edited, so
 * such an OAP can be adopted but not deployed.
 */
export const configuredByEnv: Timeline<OapRelease, boolean> = [
  {
    since: "6.0.0-GA",
    value: false,
    source: "apache/skywalking-docker@b817a03:archive/6/6.0-GA/oap/docker-entrypoint.sh:27",
  },
  {
    since: "6.1.0",
    value: true,
    source: "apache/skywalking-docker@b817a03:archive/6/6.1/oap/docker-entrypoint.sh:119",
  },
];

/**
 * Whether the image writes `config/application.yml` when it starts, so that `/skywalking/config` must be writable. With
 * `SW_L0AD_CONFIG_FILE_FROM_VOLUME=true` (a zero in its second word) it leaves a mounted file alone.
 */
export const generatesConfig: Timeline<OapRelease, boolean> = [
  {
    since: "6.0.0-GA",
    value: false,
    source: "apache/skywalking-docker@b817a03:archive/6/6.0-GA/oap/docker-entrypoint.sh",
  },
  {
    since: "6.1.0",
    value: true,
    source: "apache/skywalking-docker@b817a03:archive/6/6.1/oap/docker-entrypoint.sh:233",
  },
  {
    since: "7.0.0",
    value: false,
    source: "apache/skywalking-docker@b817a03:archive/7/7.0/oap/docker-entrypoint.sh",
  },
];

/**
 * Whether an OAP in `no-init` mode on Elasticsearch waits for the indices of the day on which it starts, which only a
 * writing OAP creates. If it restarts on a later day than its init Job ran, it may never serve.
 */
export const noInitNeedsTodaysIndex: Timeline<OapRelease, boolean> = [
  {
    since: "6.0.0-GA",
    value: false,
    source:
      "apache/skywalking@v6.5.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/base/StorageEsInstaller.java:55",
  },
  {
    since: "7.0.0",
    value: true,
    source:
      "apache/skywalking@v7.0.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/base/StorageEsInstaller.java:55",
  },
  {
    since: "9.3.0",
    value: false,
    source:
      "apache/skywalking@v9.7.0:oap-server/server-storage-plugin/storage-elasticsearch-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/elasticsearch/base/StorageEsInstaller.java:108",
  },
];

/** A directory whose files the image copies over those in `/skywalking/config`, which must then be writable. */
export interface ConfigOverride {
  readonly directory: "/skywalking/ext-config";
  /**
   * Whether it copies the targets of links. If not, a ConfigMap mounted there leaves broken links, because its files
   * are links: mount each file by `subPath`.
   */
  readonly followsLinks: boolean;
}

export const configOverride: Timeline<OapRelease, ConfigOverride | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source: "apache/skywalking-docker@b817a03:archive/6/6.6/oap/docker-entrypoint.sh",
  },
  {
    since: "7.0.0",
    value: { directory: "/skywalking/ext-config", followsLinks: false },
    source:
      "apache/skywalking-docker@b817a03:archive/7/7.0/oap/docker-entrypoint.sh:34, apache/skywalking-docker@b817a03:oap-server/docker-entrypoint.sh",
  },
  {
    since: "8.8.0",
    value: { directory: "/skywalking/ext-config", followsLinks: true },
    source: "apache/skywalking@v8.8.0:docker/oap/docker-entrypoint.sh",
  },
];

/** The files of `config/meter-analyzer-config` in an image, without `.yaml`, by what they are about. */
export interface MeterFiles {
  readonly agents: readonly string[];
  readonly runtimes: readonly string[];
  readonly profiling: readonly string[];
  readonly others: readonly string[];
}

/**
 * What `SW_METER_ANALYZER_ACTIVE_FILES` may name in the releases that do not start if it names another; undefined: they
 * start, whatever it names.
 */
export const meterFiles: Timeline<OapRelease, MeterFiles | undefined> = [
  {
    since: "6.0.0-GA",
    value: undefined,
    source: "apache/skywalking@v10.4.0:oap-server/server-starter/src/main/resources/application.yml",
  },
  {
    since: "11.0.0",
    value: {
      agents: ["go-agent", "java-agent", "satellite"],
      runtimes: ["go-runtime", "nodejs-runtime", "php-runtime", "python-runtime", "ruby-runtime"],
      profiling: ["continuous-profiling", "network-profiling"],
      others: ["datasource", "spring-micrometer", "threadpool"],
    },
    source:
      "apache/skywalking@5839d2a:docs/en/changes/changes.md:281, apache/skywalking@5839d2a:oap-server/server-starter/src/main/resources/meter-analyzer-config",
  },
];

export const libraryDirectory: Timeline<OapRelease, string> = [
  {
    since: "6.0.0-GA",
    value: "/skywalking/oap-libs",
    source: "apache/skywalking-docker@b817a03:archive/6/6.0-GA/oap/docker-entrypoint.sh",
  },
  {
    since: "7.0.0",
    value: "/skywalking/ext-libs",
    source: "apache/skywalking-docker@b817a03:archive/7/7.0/oap/docker-entrypoint.sh:33",
  },
];

/**
 * Whether it answers the ping of an unknown agent with a reset; a hot reboot of v2 agents needs this and an
 * agent that obeys.
 */
export const resetsUnknownAgents: Timeline<OapRelease, boolean> = [
  { since: "6.0.0-GA", value: false, source: "apache/skywalking@v6.3.0:CHANGES.md:18" },
  {
    since: "6.3.0",
    value: true,
    source: "apache/skywalking@v6.3.0:docs/en/setup/backend/backend-setup.md:92",
  },
  { since: "8.0.0", value: false, source: "apache/skywalking@v8.0.0:docs/en/FAQ/v8-version-upgrade.md" },
];

/**
 * Whether an OAP that starts while a pod with the label of its cluster has no address gets no clients, not even of
 * itself, until that pod has one or is gone: the watch takes every pod for a node, and a client without a host cannot
 * be made. Its ports are open, and no agent can register (measured with 6.6.0).
 */
export const needsAddressOfEveryPod: Timeline<OapRelease, boolean> = [
  {
    since: "6.0.0-GA",
    value: true,
    source:
      "apache/skywalking@v6.6.0:oap-server/server-cluster-plugin/cluster-kubernetes-plugin/src/main/java/org/apache/skywalking/oap/server/cluster/plugin/kubernetes/dependencies/NamespacedPodListWatch.java:95, apache/skywalking@v6.6.0:oap-server/server-library/library-client/src/main/java/org/apache/skywalking/oap/server/library/client/grpc/GRPCClient.java:45",
  },
  {
    since: "8.1.0",
    value: false,
    source:
      "apache/skywalking@v8.1.0:oap-server/server-cluster-plugin/cluster-kubernetes-plugin/src/main/java/org/apache/skywalking/oap/server/cluster/plugin/kubernetes/NamespacedPodListInformer.java:100",
  },
];
