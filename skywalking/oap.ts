import { adminServer, type AdminServer } from "./oap/admin";
import { dataTtl, oapEnv, storageNamespaceDefault, type DataTtl, type OapEnv } from "./oap/environment";
import { queryFactsOf, type QueryFacts } from "./oap/query";
import { healthCheckerDefault, healthCheckerEnv, probe, probeEnv, telemetryDefault, type Probe } from "./oap/health";
import { imageJdks, oapImage, type Jdk } from "./oap/image";
import type { OapRelease } from "./oap/releases";
import { storageSelector } from "./oap/selector";
import {
  configOverride,
  configuredByEnv,
  generatesConfig,
  libraryDirectory,
  meterFiles,
  needsAddressOfEveryPod,
  noInitNeedsTodaysIndex,
  protocol,
  resetsUnknownAgents,
  type ConfigOverride,
  type MeterFiles,
} from "./oap/start";
import { ui, uiEnv, uiImage, type Ui } from "./oap/ui";
import { valueAt } from "./release";
import { supportsStorage, type StorageProduct, type StorageRef, type StorageSupport } from "./storage";

export { oapReleases, type OapRelease } from "./oap/releases";

/** What is known about one release of the OAP server and its UI. The sources are beside the data in `oap/`. */
export interface OapProfile {
  /** Its tag. */
  readonly release: string;
  /** The protocol that agents must speak. */
  readonly protocol: "v2" | "v3";
  /** False only for 6.0.0-GA, which can be adopted but not deployed. */
  readonly configuredByEnv: boolean;
  /** Whether the image writes `/skywalking/config/application.yml` when it starts. */
  readonly generatesConfig: boolean;
  /** The variable that makes such an image use a mounted `application.yml` as it is. */
  readonly mountedConfigEnv: Readonly<Record<string, string>>;
  readonly configOverride: ConfigOverride | undefined;
  /** What `SW_METER_ANALYZER_ACTIVE_FILES` may name of the files in the image; undefined: it starts anyway. */
  readonly meterFiles: MeterFiles | undefined;
  /** Jars in this directory are on the class path; a JDBC driver goes here. */
  readonly libraryDirectory: string;
  /** Full name of the OAP's image. Throws a RangeError for a storage or a Java release that it does not support. */
  readonly image: (storage: StorageRef, jdk?: Jdk) => string;
  /** Java releases for which the image has a variant. */
  readonly jdks: readonly Jdk[];
  readonly ui: Ui;
  /** Full name of its UI's image. */
  readonly uiImage: string;
  /** The value of `SW_STORAGE`. Throws a RangeError for a storage that the release does not support. */
  readonly storageSelector: (storage: StorageRef) => string;
  readonly supportsStorage: (storage: StorageRef) => StorageSupport;
  readonly env: OapEnv;
  /** The TTL variables that apply to a storage. */
  readonly dataTtl: (storage: StorageProduct) => DataTtl;
  /** The namespace used if the storage namespace is left empty. */
  readonly storageNamespaceDefault: "" | "sw";
  /** Whether a `no-init` OAP on Elasticsearch waits for the indices of the day on which it starts. */
  readonly noInitNeedsTodaysIndex: boolean;
  /** Whether it answers the ping of an unknown agent with a command to register again: 6.3.0 to 7.0.0. */
  readonly resetsUnknownAgents: boolean;
  /** Whether an OAP that starts beside a pod of its cluster without an address takes no data until that pod has one. */
  readonly needsAddressOfEveryPod: boolean;
  readonly probe: Probe;
  /** The environment that `probe` needs to answer. */
  readonly probeEnv: Readonly<Record<string, string>>;
  /**
   * The environment that the health checker, and with it GraphQL's `checkHealth`, needs to answer; undefined if there
   * is no health checker.
   */
  readonly healthCheckerEnv: Readonly<Record<string, string>> | undefined;
  readonly telemetryDefault: "none" | "prometheus";
  readonly healthCheckerDefault: "absent" | "-" | "default";
  /** The environment of the UI's container, for `host:port` of GraphQL and, where it may use it, the administration. */
  readonly uiEnv: (query: string, admin?: string) => Record<string, string>;
  /** The server of its administration, which must not be reached by everybody; undefined where there is none. */
  readonly admin: AdminServer | undefined;
  readonly graphql: QueryFacts;
}

/**
 * @param release - whose facts hold
 * @param tag - of the release itself, where it is not known and behaves like `release`
 */
export function oapProfile(release: OapRelease, tag: string = release): OapProfile {
  const key = `${tag} ${release}`;
  const profile = profiles.get(key) ?? makeProfile(release, tag);
  profiles.set(key, profile);
  return profile;
}

const profiles = new Map<string, OapProfile>();

function makeProfile(release: OapRelease, tag: string): OapProfile {
  return {
    release: tag,
    protocol: valueAt(protocol, release),
    configuredByEnv: valueAt(configuredByEnv, release),
    generatesConfig: valueAt(generatesConfig, release),
    mountedConfigEnv: valueAt(generatesConfig, release) ? { SW_L0AD_CONFIG_FILE_FROM_VOLUME: "true" } : {},
    configOverride: valueAt(configOverride, release),
    meterFiles: valueAt(meterFiles, release),
    libraryDirectory: valueAt(libraryDirectory, release),
    image: (storage, jdk) => oapImage(release, tag, storage, jdk),
    jdks: valueAt(imageJdks, release),
    ui: valueAt(ui, release),
    uiImage: uiImage(release, tag),
    storageSelector: (storage) => storageSelector(release, storage),
    supportsStorage: (storage) => supportsStorage(release, storage, tag),
    env: oapEnv(release),
    dataTtl: (storage) => dataTtl(release, storage),
    storageNamespaceDefault: valueAt(storageNamespaceDefault, release),
    noInitNeedsTodaysIndex: valueAt(noInitNeedsTodaysIndex, release),
    resetsUnknownAgents: valueAt(resetsUnknownAgents, release),
    needsAddressOfEveryPod: valueAt(needsAddressOfEveryPod, release),
    probe: valueAt(probe, release),
    probeEnv: probeEnv(release),
    healthCheckerEnv: healthCheckerEnv(release),
    telemetryDefault: valueAt(telemetryDefault, release),
    healthCheckerDefault: valueAt(healthCheckerDefault, release),
    uiEnv: (query, admin) => uiEnv(release, query, admin),
    admin: valueAt(adminServer, release),
    graphql: queryFactsOf(release),
  };
}
