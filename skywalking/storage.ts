import { intersects } from "semver";
import type { OapRelease } from "./oap/releases";
import { isVersion, rowAt, valueAt, versionOf, type Timeline } from "./release";

/**
 * The storages that this program supports. OAPs support more: InfluxDB (7.0-9.0), IoTDB (8.9-9.0), sharded MySQL
 * (9.3-9.4) and the zipkin-elasticsearch variants (up to 9.0).
 */
export const storageProducts = [
  "elasticsearch",
  "opensearch",
  "banyandb",
  "mysql",
  "tidb",
  "postgresql",
  "h2",
] as const;
export type StorageProduct = (typeof storageProducts)[number];

/** Display names. */
export const storageNames: Readonly<Record<StorageProduct, string>> = {
  elasticsearch: "Elasticsearch",
  opensearch: "OpenSearch",
  banyandb: "BanyanDB",
  mysql: "MySQL",
  tidb: "TiDB",
  postgresql: "PostgreSQL",
  h2: "H2",
};

/** Storages of one family share the OAP's variables and TTLs, and the changes to what is stored. */
export type StorageFamily = "elasticsearch" | "banyandb" | "jdbc" | "h2";

export const storageFamilies: Readonly<Record<StorageProduct, StorageFamily>> = {
  elasticsearch: "elasticsearch",
  opensearch: "elasticsearch",
  banyandb: "banyandb",
  mysql: "jdbc",
  tidb: "jdbc",
  postgresql: "jdbc",
  h2: "h2",
};

/**
 * The storages that keep their data in the OAP's memory and lose it when the OAP stops
 * (`docs/en/setup/backend/backend-storage.md`, 6.0 to 10.1).
 */
export const inMemoryOfOap: ReadonlySet<StorageProduct> = new Set(["h2"]);

/** A storage server as the user names it. */
export interface StorageRef {
  readonly kind: StorageProduct;
  /**
   * The server's version, `7.17.3`, or as much of it as is known, `7.17` or `7`. From 6.6.0 to 8.7.0 the OAP's image
   * depends on the major version of Elasticsearch, so it is required there.
   */
  readonly version?: string | undefined;
}

export type StorageSupport =
  | {
      readonly supported: true;
      /** The image contains no JDBC driver for it: the jar must be added to `OapProfile.libraryDirectory`. */
      readonly needsDriverJar: boolean;
      /** Why the project's own documents advise against the choice, though it works. */
      readonly caution?: string;
    }
  | {
      readonly supported: false;
      /** `version`: another version of the server would work; `kind`: none would. */
      readonly because: "version" | "kind";
      readonly reason: string;
      /** What this OAP release accepts instead, as text for the user. */
      readonly allowed: string;
      /** Where the public repositories say so. */
      readonly source: string;
    };

interface Caution {
  readonly versions: string;
  readonly text: string;
}

/** What consecutive OAP releases accept of one kind of storage. */
export interface StorageOffer {
  /** Server versions as a semver range; undefined if neither documents nor code name any. */
  readonly versions?: string;
  /** The newest release within `versions`, where the program runs such a server itself unless it is told which. */
  readonly newest?: string;
  /** Parts of `versions` that the project's documents accept with reservations, or that lose data. */
  readonly cautions?: readonly Caution[];
  /** Versions that the documents say were tested. */
  readonly tested?: readonly string[];
  /** The image depends on the server's version. */
  readonly versionDecidesImage?: true;
  readonly needsDriverJar?: true;
}

type Offers = Timeline<OapRelease, StorageOffer | undefined>;

const elasticsearch6Tolerated: Caution = {
  versions: "<7.0.0",
  text: "the documents of OAP 9.6.0 and later say that Elasticsearch 6 worked but is not guaranteed to",
};

/** Which storages, and which versions of them, each OAP release accepts. */
export const storageOffers: Readonly<Record<StorageProduct, Offers>> = {
  elasticsearch: [
    {
      since: "6.0.0-GA",
      value: { versions: ">=6.3.0 <7" },
      source: "apache/skywalking@v6.0.0-GA:docs/en/setup/backend/backend-storage.md",
    },
    {
      since: "6.2.0",
      value: { versions: ">=6.3.2 <7" },
      source: "apache/skywalking@v6.2.0:docs/en/setup/backend/backend-storage.md",
    },
    {
      since: "6.6.0",
      value: { versions: ">=6.3.2 <8", versionDecidesImage: true },
      source: "apache/skywalking@v6.6.0:docs/en/setup/backend/backend-storage.md",
    },
    {
      since: "8.8.0",
      value: { versions: ">=6.0.0 <8" },
      source: "apache/skywalking@v8.8.0:docs/en/setup/backend/backend-storage.md",
    },
    {
      since: "9.0.0",
      value: {
        versions: ">=6.0.0 <9",
        cautions: [
          {
            versions: ">=8.1.0",
            text: "OAP 9.0-9.2 were tested with Elasticsearch 8.0.0; 9.3.0 was the first to stop using the APIs that 8.1 removed",
          },
        ],
      },
      source:
        "apache/skywalking@v9.0.0:docs/en/setup/backend/backend-storage.md:53, apache/skywalking@v9.0.0:.github/workflows/skywalking.yaml:287",
    },
    {
      since: "9.3.0",
      value: { versions: ">=6.0.0 <9" },
      source: "apache/skywalking@v9.3.0:docs/en/setup/backend/backend-storage.md",
    },
    {
      since: "9.6.0",
      value: { versions: ">=6.0.0 <9", cautions: [elasticsearch6Tolerated] },
      source: "apache/skywalking@v9.6.0:docs/en/setup/backend/backend-storage.md:70",
    },
    {
      since: "10.4.0",
      value: {
        versions: ">=6.0.0 <9",
        cautions: [
          elasticsearch6Tolerated,
          { versions: ">=7.0.0 <8.0.0", text: "OAP 10.4.0 is no longer tested with Elasticsearch 7" },
        ],
      },
      source:
        "apache/skywalking@v10.4.0:oap-server/server-library/library-elasticsearch-client/src/main/java/org/apache/skywalking/library/elasticsearch/ElasticSearchVersion.java:52, apache/skywalking@v10.4.0:docs/en/changes/changes.md:37",
    },
    {
      since: "11.0.0",
      value: {
        versions: ">=6.0.0 <10",
        cautions: [
          elasticsearch6Tolerated,
          { versions: ">=7.0.0 <8.0.0", text: "OAP 10.4.0 and later are not tested with Elasticsearch 7" },
        ],
      },
      source:
        "apache/skywalking@5839d2a:oap-server/server-library/library-elasticsearch-client/src/main/java/org/apache/skywalking/library/elasticsearch/ElasticSearchVersion.java:67, apache/skywalking@5839d2a:docs/en/setup/backend/storages/elasticsearch.md:40",
    },
  ],
  opensearch: [
    {
      since: "6.0.0-GA",
      value: undefined,
      source: "apache/skywalking@v8.5.0:docs/en/setup/backend/backend-storage.md",
    },
    {
      since: "8.6.0",
      value: {},
      source: "apache/skywalking@v8.6.0:docs/en/setup/backend/backend-storage.md",
    },
    {
      since: "8.8.0",
      value: { versions: "1.x" },
      source: "apache/skywalking@v8.8.0:docs/en/setup/backend/backend-storage.md",
    },
    {
      since: "9.3.0",
      value: { versions: "1.x || 2.x", tested: ["1.1.0", "1.3.6", "2.4.0"] },
      source: "apache/skywalking@v9.3.0:docs/en/setup/backend/backend-storage.md:44",
    },
    {
      since: "9.6.0",
      value: { versions: "1.x || 2.x", tested: ["1.1.0", "1.3.10", "2.4.0", "2.8.0"] },
      source: "apache/skywalking@v9.6.0:docs/en/setup/backend/backend-storage.md:42",
    },
    {
      since: "10.3.0",
      value: { versions: "1.x || 2.x || 3.x", tested: ["1.1.0", "1.3.10", "2.4.0", "2.8.0", "3.0.0"] },
      source: "apache/skywalking@v10.3.0:docs/en/setup/backend/storages/elasticsearch.md:12",
    },
    {
      since: "10.4.0",
      value: {
        versions: "1.x || 2.x || 3.x",
        tested: ["1.3.10", "2.4.0", "2.8.0", "3.0.0"],
        cautions: [{ versions: "1.x", text: "OAP 10.4.0 is no longer tested end to end with OpenSearch 1" }],
      },
      source:
        "apache/skywalking@v10.4.0:docs/en/setup/backend/storages/elasticsearch.md:12, apache/skywalking@v10.4.0:docs/en/changes/changes.md:37",
    },
  ],
  banyandb: [
    {
      since: "6.0.0-GA",
      value: undefined,
      source: "apache/skywalking@v9.0.0:oap-server/server-starter/src/main/resources/application.yml",
    },
    // No document of these releases names a server version; their clients are 0.1.0, and from 9.4.0 on 0.3.1 to 0.4.0.
    { since: "9.1.0", value: {}, source: "apache/skywalking@v9.1.0:docs/en/setup/backend/backend-storage.md:245" },
    {
      since: "9.3.0",
      value: { versions: "0.2.x", newest: "0.2.0" },
      source: "apache/skywalking@v9.3.0:docs/en/changes/changes.md:87",
    },
    { since: "9.4.0", value: {}, source: "apache/skywalking@v9.4.0:docs/en/setup/backend/backend-storage.md:358" },
    {
      since: "9.7.0",
      value: { versions: "0.5.x", newest: "0.5.0" },
      source: "apache/skywalking@v9.7.0:docs/en/setup/backend/storages/banyandb.md",
    },
    {
      since: "10.0.0",
      value: {
        versions: "0.6.x",
        newest: "0.6.1",
        cautions: [{ versions: "0.6.0", text: "BanyanDB 0.6.0 can store malformed data, which 0.6.1 mends" }],
      },
      source:
        "apache/skywalking@v10.0.0:docs/en/setup/backend/storages/banyandb.md, apache/skywalking-banyandb@v0.6.1:CHANGES.md",
    },
    {
      since: "10.1.0",
      value: {
        versions: "0.7.x",
        newest: "0.7.1",
        cautions: [{ versions: "0.7.0", text: "BanyanDB 0.7.0 adds up top-N results wrongly, which 0.7.1 mends" }],
      },
      source:
        "apache/skywalking@v10.1.0:docs/en/setup/backend/storages/banyandb.md, apache/skywalking-banyandb@v0.7.1:CHANGES.md",
    },
    {
      since: "10.2.0",
      value: { versions: "0.8.x", newest: "0.8.0" },
      source: "apache/skywalking@v10.2.0:oap-server/server-starter/src/main/resources/bydb.dependencies.properties",
    },
    {
      since: "10.3.0",
      value: { versions: "0.9.x", newest: "0.9.0" },
      source: "apache/skywalking@v10.3.0:oap-server/server-starter/src/main/resources/bydb.dependencies.properties",
    },
    {
      since: "10.4.0",
      value: {
        versions: "0.10.x",
        newest: "0.10.3",
        cautions: [
          { versions: "0.10.0", text: "BanyanDB 0.10.0 corrupts data, which 0.10.1 mends" },
          {
            versions: "<0.10.3",
            text: "BanyanDB before 0.10.3 loses traces whose spans come out of order, and tears files in a crash",
          },
        ],
      },
      source:
        "apache/skywalking@v10.4.0:oap-server/server-starter/src/main/resources/bydb.yml, apache/skywalking-banyandb@v0.10.1:CHANGES.md, apache/skywalking-banyandb@v0.10.3:CHANGES.md",
    },
    {
      // The commit of August still says 0.10.
      since: "11.0.0",
      value: { versions: "0.11.x", newest: "0.11.1" },
      source:
        "apache/skywalking-helm@v5.0.0:docs/readme.md, apache/skywalking-helm@v5.0.0:docs/changes/changes-5.0.0.md",
    },
  ],
  mysql: [
    {
      since: "6.0.0-GA",
      value: { needsDriverJar: true },
      source: "apache/skywalking@v6.0.0-GA:docs/en/setup/backend/backend-storage.md:55",
    },
  ],
  tidb: [
    {
      since: "6.0.0-GA",
      value: { needsDriverJar: true, tested: ["2.0.9"] },
      source: "apache/skywalking@v6.0.0-GA:docs/en/setup/backend/backend-storage.md:68",
    },
    {
      since: "8.3.0",
      value: { needsDriverJar: true, tested: ["4.0.8"] },
      source: "apache/skywalking@v8.3.0:docs/en/setup/backend/backend-storage.md:226",
    },
    {
      since: "9.5.0",
      value: { needsDriverJar: true },
      source: "apache/skywalking@v9.5.0:docs/en/setup/backend/backend-storage.md:277",
    },
  ],
  postgresql: [
    {
      since: "6.0.0-GA",
      value: undefined,
      source: "apache/skywalking@v8.4.0:docs/en/setup/backend/backend-storage.md",
    },
    {
      since: "8.5.0",
      value: { versions: ">=8.2" },
      source: "apache/skywalking@v8.5.0:docs/en/setup/backend/backend-storage.md",
    },
  ],
  h2: [
    { since: "6.0.0-GA", value: {}, source: "apache/skywalking@v6.0.0-GA:docs/en/setup/backend/backend-storage.md" },
    { since: "10.2.0", value: undefined, source: "apache/skywalking@v10.2.0:docs/en/changes/changes.md" },
  ],
};

/**
 * Whether an OAP release can keep its data in a storage. Never throws.
 *
 * @param tag - of a release that is not known and behaves like `release`
 */
export function supportsStorage(release: OapRelease, storage: StorageRef, tag: string = release): StorageSupport {
  const { value: offer, source } = rowAt(storageOffers[storage.kind], release);
  if (offer === undefined) {
    return {
      supported: false,
      because: "kind",
      reason: `OAP ${tag} has no ${storage.kind} storage`,
      allowed: storageProducts.filter((kind) => rowAt(storageOffers[kind], release).value !== undefined).join(", "),
      source,
    };
  }
  const allowed = `${storage.kind} ${offer.versions ?? "(versions not stated)"}`;
  const refuse = (reason: string): StorageSupport => ({
    supported: false,
    because: "version",
    reason,
    allowed,
    source,
  });
  const needsDriverJar = offer.needsDriverJar ?? false;
  const { version } = storage;
  if (version === undefined) {
    return offer.versionDecidesImage === true
      ? refuse(`the image of OAP ${tag} depends on the version of ${storage.kind}, which is not given`)
      : { supported: true, needsDriverJar };
  }
  if (!isVersion(version)) return refuse(`${JSON.stringify(version)} is not a version`);
  // The missing parts of a version ("7.17", "7") may be anything, so it is read as a range.
  if (offer.versions !== undefined && !intersects(version, offer.versions)) {
    return refuse(`OAP ${tag} does not work with ${storage.kind} ${version}`);
  }
  const cautions = (offer.cautions ?? []).filter(({ versions }) => intersects(version, versions));
  return {
    supported: true,
    needsDriverJar,
    ...(cautions.length === 0 ? {} : { caution: cautions.map(({ text }) => text).join("; ") }),
  };
}

/**
 * The BanyanDB release for an OAP release: the newest of the series that its documents or its code name; undefined
 * if they name none.
 */
export function banyandbRelease(release: OapRelease): string | undefined {
  return valueAt(storageOffers.banyandb, release)?.newest;
}

/** Whether it is known to be Elasticsearch 6, for which some releases have their own image and selector. */
export function isElasticsearch6({ kind, version }: StorageRef): boolean {
  return kind === "elasticsearch" && version !== undefined && versionOf(version).major === 6;
}
