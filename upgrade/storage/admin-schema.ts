import * as z from "zod";

import { strict } from "../schema/object";
import { nodeUrl, objectName, portNumber, wholeNumber } from "../schema/scalars";

/*
 * What belongs to an Elasticsearch and not to the OAP that writes into it: declared there with the provider
 * `@pulumi/elasticsearch`, apart for each generation by its index prefix.
 */

const text = (what: string) => z.string().min(1, `is empty -> write ${what} or leave the key out`);

/**
 * Elasticsearch takes no other characters for repositories (`SnapshotsService.validate`: no blank, comma, `#`, in lower
 * case).
 */
const repositoryName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]*$/,
    "is not the name of a repository; allowed: lower-case letters, digits, '_' and '-' -> rename it",
  );

/** Node attributes with the values that shards of this generation are bound to. */
const attributes = z.record(z.string(), z.string());

const indices = strict({
  /** Primary shards of an index. Defaults to what the OAP asks for. */
  shards: wholeNumber(1).optional(),
  /** Copies of each shard. Defaults to what the OAP asks for. */
  replicas: wholeNumber(0).optional(),
  /** Nodes on which the shards lie (`index.routing.allocation.*`). Defaults to any. */
  allocation: strict({
    /** Nodes with all of these. */
    require: attributes.optional(),
    /** Nodes with one of these. */
    include: attributes.optional(),
    /** Nodes with none of these. */
    exclude: attributes.optional(),
  }).optional(),
});

const lifecycle = strict({
  /** When a snapshot is taken: six or seven fields of cron, in UTC, e.g. "0 30 1 * * ?". */
  schedule: z
    .string()
    .regex(
      /^\S+( \S+){5,6}$/,
      'is not a schedule of Elasticsearch; allowed: six or seven fields, the first is seconds -> write e.g. "0 30 1 * * ?"',
    ),
  /** After this a snapshot may be deleted. Defaults to never. */
  expireAfter: z
    .string()
    .regex(/^[1-9]\d*[hd]$/, 'is not an age; allowed: a whole number with h or d -> write e.g. "30d"')
    .optional(),
  /** At least this many snapshots are kept, however old. Defaults to none. */
  minCount: wholeNumber(1).optional(),
  /** At most this many snapshots are kept, however young. Defaults to any number. */
  maxCount: wholeNumber(1).optional(),
});

const snapshots = {
  /** Name of the snapshot repository. Defaults to `skywalking`. */
  repository: repositoryName.default("skywalking"),
  /**
   * Kind of the repository that the program registers: `fs`, `s3`, `gcs`, `azure`, ... Defaults to none: it already
   * exists.
   */
  type: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'is not a kind of repository -> write e.g. "fs" or "s3"')
    .optional(),
  /** Its settings, without secrets, which belong in Elasticsearch's keystore. Defaults to none. */
  settings: z.record(z.string(), z.string()).default({}),
  /** Snapshots at fixed times, by the lifecycle of x-pack. Defaults to none but the one before `retire`. */
  lifecycle: lifecycle.optional(),
};

/** Administration of an Elasticsearch or OpenSearch that runs elsewhere. */
export const adminElsewhere = strict({
  /** Defaults to the first of `urls`. */
  url: nodeUrl.optional(),
  /** The certificate authority of that address, as PEM. Defaults to the storage's `ca`. */
  ca: z
    .string()
    .regex(/^\s*-----BEGIN CERTIFICATE-----/, "is not a certificate; allowed: PEM -> write the authority's certificate")
    .optional(),
  /** Who may administer it. Defaults to nobody: an Elasticsearch without security. */
  user: text("the user's name").optional(),
  /** Set it with `pulumi config set --secret --path`. */
  password: text("the password").optional(),
  /**
   * Where the program creates `user` of the storage, limited to the generation's indices: by the security of x-pack or
   * that of Open Distro, which is also OpenSearch's to 2.x. Defaults to nowhere: the user already exists.
   */
  createUser: z.enum(["x-pack", "open-distro"]).optional(),
  indices: indices.optional(),
  snapshots: strict(snapshots).optional(),
}).optional();

/**
 * What the program declares in an Elasticsearch that it runs, and the snapshot before `retire`. Defaults to nothing.
 */
export const adminInCluster = strict({
  /**
   * The port of this machine's loopback from which the program forwards to a node: the same in every update, since it
   * is part of the provider's address. Defaults to one between 20000 and 29999 made of the generation's name and
   * namespace.
   */
  localPort: portNumber.optional(),
  indices: indices.optional(),
  snapshots: strict({
    ...snapshots,
    /**
     * Claim of a volume, in the generation's Kubernetes namespace, that all nodes mount for a repository of type `fs`.
     * Defaults to none.
     */
    claim: objectName.optional(),
  }).optional(),
}).optional();

export type AdminElsewhere = NonNullable<z.output<typeof adminElsewhere>>;
export type AdminInCluster = NonNullable<z.output<typeof adminInCluster>>;
export type IndexDefaults = z.output<typeof indices>;
export type SnapshotSettings = NonNullable<AdminElsewhere["snapshots"]>;
