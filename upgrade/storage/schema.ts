import * as z from "zod";

import { strict } from "../schema/object";
import { placement, spreading } from "../schema/placement";
import { absolutePath, atMost, cpu, image, memory, objectName, replicas } from "../schema/scalars";
import { security } from "../schema/security";
import { adminElsewhere, adminInCluster } from "./admin-schema";

/*
 * Where a generation keeps its data. The kinds are named by what the storage is and who runs it: `elasticsearch` and
 * `banyandb` are run by this program, `elasticsearch-eck` by the ECK operator, those that end in `-external` by somebody else.
 */

const volumeSize = z
  .string()
  .regex(/^[1-9]\d*(Gi|Ti)$/, 'is not a volume size; allowed: a whole number with Gi or Ti -> write e.g. "50Gi"');

/** Index prefix: OAP lower-cases it (`StorageModuleElasticsearchProvider`, 6.5 to 10.4), so we ask for it in lower case. */
const storageNamespace = z
  .string()
  .max(50, atMost(50))
  .regex(
    /^([a-z0-9][a-z0-9_-]*)?$/,
    "is not an index prefix; allowed: lower-case letters, digits, '_' and '-' -> choose e.g. the generation's name",
  );

const host = "[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?";

const nodeUrl = z
  .string()
  .regex(
    new RegExp(`^https?://${host}:\\d{1,5}$`),
    "is not the URL of a node; allowed: http://host:port or https://host:port, no path, no user -> write it in that form",
  );

const target = z
  .string()
  .regex(
    new RegExp(`^${host}:\\d{1,5}$`),
    'is not an address; allowed: host:port -> write e.g. "banyandb.tracing:17912"',
  );

const serverVersion = (server: string, example: string) =>
  z.string().regex(/^\d+\.\d+\.\d+$/, `is not a release of ${server} -> write all three numbers, e.g. "${example}"`);
const elasticsearchVersion = serverVersion("Elasticsearch", "7.17.29");

/** A key of a Secret that somebody else makes, in the generation's Kubernetes namespace. */
const secretKey = (key: string) =>
  strict({
    name: objectName,
    /** Defaults to the usual name of such a key. */
    key: z.string().min(1, "is empty -> name a key of the Secret").default(key),
  });

const credentials = {
  user: z.string().min(1, "is empty -> write the user's name or leave the key out").optional(),
  /** Set it with `pulumi config set --secret --path`. It reaches the pods through a Secret. */
  password: z.string().min(1, "is empty -> set the password or leave the key out").optional(),
  /** Instead of `user` and `password`: a Secret of the generation's Kubernetes namespace that has both. */
  credentialsSecret: strict({
    name: objectName,
    /** Defaults to `user`. */
    userKey: z.string().min(1, "is empty -> name a key of the Secret").default("user"),
    /** Defaults to `password`. */
    passwordKey: z.string().min(1, "is empty -> name a key of the Secret").default("password"),
  }).optional(),
};

const authority = {
  /** The certificate authority of the server, one certificate as PEM. Defaults to those that the OAP's Java trusts. */
  ca: z
    .string()
    .regex(
      /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/,
      "is not a certificate; allowed: one certificate as PEM -> pulumi config set --path ... < ca.crt",
    )
    .optional(),
  /** Instead of `ca`: a Secret of the generation's Kubernetes namespace that has it. `key` defaults to `ca.crt`. */
  caSecret: secretKey("ca.crt").optional(),
};

/** What is said of the pods of a storage that runs in the generation's Kubernetes namespace. */
const pods = {
  /** Memory limit of a node. Defaults to 2Gi. */
  memory: memory.default("2Gi"),
  /** CPU request of a node. Defaults to 500m. */
  cpu: cpu.default("500m"),
  /** CPU limit of a node. Defaults to none. */
  cpuLimit: cpu.optional(),
  /** Size of a node's volume. It can grow; see docs/storage.md. Defaults to 50Gi. */
  volumeSize: volumeSize.default("50Gi"),
  /** Storage class of the volumes. Defaults to the cluster's default class. */
  storageClass: objectName.optional(),
  /**
   * Whether `retire` deletes the volumes with the rest. Prepared at `drain`, where it can still be taken back; no other
   * stage heeds it. Defaults to false.
   */
  dropVolumes: z.boolean().default(false),
  /** Defaults to the official image. */
  image: image.optional(),
  ...security,
  ...placement,
  ...spreading,
};

/** Nodes of an Elasticsearch that hold no data and elect one of them. */
const masters = strict({
  /** Defaults to 3, of which one may be lost. */
  replicas: replicas(1).default(3),
  /** Memory limit of a node; half of it is heap. Defaults to 1Gi. */
  memory: memory.default("1Gi"),
  /** CPU request of a node. Defaults to 250m. */
  cpu: cpu.default("250m"),
  /** CPU limit of a node. Defaults to none. */
  cpuLimit: cpu.optional(),
  /** Size of a node's volume, which holds the state of the cluster. Defaults to 5Gi. */
  volumeSize: volumeSize.default("5Gi"),
});

const nodes = {
  version: elasticsearchVersion,
  /** Nodes that hold data. Without `masters` all of them are master-eligible too. Defaults to 1. */
  replicas: replicas(1).default(1),
  /** Dedicated master nodes. Defaults to none. */
  masters: masters.optional(),
  /** Prefix of the indices (`SW_NAMESPACE`). Defaults to the generation's name. */
  namespace: storageNamespace.optional(),
  ...pods,
};

const externalNodes = {
  urls: z.array(nodeUrl).min(1, "is empty -> write the URL of at least one node"),
  /** Prefix of the indices (`SW_NAMESPACE`). "" is the OAP's own: none to 8.4, `sw` since 8.5. Defaults to the generation's name. */
  namespace: storageNamespace.optional(),
  ...credentials,
  ...authority,
  /** What the program declares in it, and the snapshot before `retire`. Defaults to nothing. */
  admin: adminElsewhere,
};

const jdbcSchemes = { mysql: "mysql", tidb: "mysql", postgresql: "postgresql" } as const;

/** A database that the OAP reaches by JDBC. It has no prefix: each generation has a database of its own. */
const database = <Kind extends keyof typeof jdbcSchemes>(kind: Kind) =>
  strict({
    kind: z.literal(`${kind}-external`),
    /** What is known of the server's version: `8`, `8.0`, `8.0.36`. Defaults to any that the OAP's release works with. */
    version: z
      .string()
      .regex(/^\d+(\.\d+){0,2}$/, 'is not a version; allowed: one to three numbers -> write e.g. "8.0"')
      .optional(),
    /** `SW_JDBC_URL`, without user and password. */
    url: z
      .string()
      .regex(
        new RegExp(`^jdbc:${jdbcSchemes[kind]}://${host}(:\\d{1,5})?/[^/?;@\\s]+(\\?[^@\\s]*)?$`),
        `is not the URL of a database; allowed: jdbc:${jdbcSchemes[kind]}://host:port/database, parameters after it, no user -> write it in that form`,
      ),
    ...credentials,
    /** An image that holds the JDBC driver, where the OAP's image brings none: a pod copies `path` out of it when it starts. */
    driver: strict({
      image,
      /** The jar in that image. */
      path: absolutePath("/mysql-connector-j.jar"),
    }).optional(),
  });

const options = [
  /** An Elasticsearch that this program runs: a StatefulSet, or two where there are dedicated masters. */
  strict({ kind: z.literal("elasticsearch"), ...nodes, admin: adminInCluster }),
  /** An Elasticsearch that the operator of Elastic (ECK) runs: this program declares its custom resource. */
  strict({ kind: z.literal("elasticsearch-eck"), ...nodes }),
  /** An Elasticsearch that runs elsewhere. The program never creates or deletes anything of it. */
  strict({ kind: z.literal("elasticsearch-external"), version: elasticsearchVersion, ...externalNodes }),
  strict({
    kind: z.literal("opensearch-external"),
    version: serverVersion("OpenSearch", "2.8.0"),
    ...externalNodes,
  }),
  /** A standalone BanyanDB that this program runs: one node, as its documents have it for this mode. */
  strict({
    kind: z.literal("banyandb"),
    /** Defaults to the release that the OAP's goes with, where its documents name one. */
    version: serverVersion("BanyanDB", "0.9.0").optional(),
    ...pods,
  }),
  strict({
    kind: z.literal("banyandb-external"),
    /** Defaults to the release that the OAP's goes with, where its documents name one. */
    version: serverVersion("BanyanDB", "0.9.0").optional(),
    targets: z.array(target).min(1, "is empty -> write the address of at least one node"),
    /** Prefix of the groups (`SW_NAMESPACE`), OAP 10.3.0 or newer. Defaults to the generation's name. */
    namespace: storageNamespace.optional(),
    ...credentials,
    ...authority,
  }),
  database("postgresql"),
  database("mysql"),
  database("tidb"),
  /** In the memory of the OAP, and gone with it: for a demo. */
  strict({ kind: z.literal("h2") }),
] as const;

const storageKinds = options.map(({ shape }) => shape.kind.value);

/** Where a generation keeps its data. */
export const storage = z.discriminatedUnion("kind", options, {
  error: `is not a kind of storage; allowed: ${storageKinds.join(", ")} -> choose one of them`,
});

export type Storage = z.output<typeof storage>;
export type StorageOf<Kind extends Storage["kind"]> = Extract<Storage, { kind: Kind }>;

/** A storage of nodes that speak the protocol of Elasticsearch and run elsewhere. */
export type ExternalNodes = StorageOf<"elasticsearch-external" | "opensearch-external">;
/** A database that the OAP reaches by JDBC. */
export type Database = StorageOf<"postgresql-external" | "mysql-external" | "tidb-external">;
/** A storage that is run in the generation's Kubernetes namespace, and so has volumes there. */
export type InCluster = StorageOf<"elasticsearch" | "elasticsearch-eck" | "banyandb">;
/** How the OAP proves who it is. */
export type Credentials = z.output<z.ZodObject<typeof credentials>>;
/** Whom the OAP believes that the server is. */
export type Authority = z.output<z.ZodObject<typeof authority>>;
