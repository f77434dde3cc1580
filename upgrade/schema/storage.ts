import * as z from "zod";

import { strict } from "./object";
import { atMost, cpu, image, memory, objectName, replicas } from "./scalars";

const volumeSize = z
  .string()
  .regex(/^[1-9]\d*(Gi|Ti)$/, 'is not a volume size; allowed: a whole number with Gi or Ti -> write e.g. "50Gi"');

/** Index prefix: OAP lower-cases it (`StorageModuleElasticsearchProvider`, 6.5 to 10.4), so we ask for it in lower case. */
const storageNamespace = z
  .string()
  .max(50, atMost(50))
  .regex(
    /^[a-z0-9][a-z0-9_-]*$/,
    "is not an index prefix; allowed: lower-case letters, digits, '_' and '-' -> choose e.g. the generation's name",
  );

const elasticsearchUrl = z
  .string()
  .regex(
    /^https?:\/\/[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?:\d{1,5}$/,
    "is not the URL of an Elasticsearch node; allowed: http://host:port or https://host:port, no path, no user -> write it in that form",
  );

const elasticsearchVersion = z
  .string()
  .regex(/^\d+\.\d+\.\d+$/, 'is not an Elasticsearch version -> write all three numbers, e.g. "7.17.29"');

/** Where a generation keeps its data. */
export const storage = z.discriminatedUnion(
  "kind",
  [
    strict({
      /** An Elasticsearch that this program runs in the generation's Kubernetes namespace. */
      kind: z.literal("elasticsearch"),
      version: elasticsearchVersion,
      /** Nodes; all of them hold data and are master-eligible. Defaults to 1. */
      replicas: replicas(1).default(1),
      /** Memory limit of a node; half of it is heap. Defaults to 2Gi. */
      memory: memory.default("2Gi"),
      /** CPU request of a node. Defaults to 500m. */
      cpu: cpu.default("500m"),
      /** Size of a node's volume. Defaults to 50Gi. */
      volumeSize: volumeSize.default("50Gi"),
      /** Storage class of the volumes. Defaults to the cluster's default class. */
      storageClass: objectName.optional(),
      /** Prefix of the indices (`SW_NAMESPACE`). Defaults to the generation's name. */
      namespace: storageNamespace.optional(),
      /** Defaults to docker.elastic.co/elasticsearch/elasticsearch at `version`. */
      image: image.optional(),
    }),
    strict({
      /** An Elasticsearch that runs elsewhere. The program never creates or deletes anything of it. */
      kind: z.literal("elasticsearch-external"),
      version: elasticsearchVersion,
      urls: z.array(elasticsearchUrl).min(1, "is empty -> write the URL of at least one node"),
      namespace: storageNamespace.optional(),
      user: z.string().min(1, "is empty -> write the user's name or leave the key out").optional(),
      /** Set it with `pulumi config set --secret --path`. It reaches the pods through a Secret. */
      password: z.string().min(1, "is empty -> set the password or leave the key out").optional(),
    }),
  ],
  {
    error: "is not a kind of storage; allowed: elasticsearch, elasticsearch-external -> choose one of them",
  },
);

export type Storage = z.output<typeof storage>;
