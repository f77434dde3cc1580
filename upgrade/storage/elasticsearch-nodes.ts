import type * as z from "zod";

import { isAtLeast } from "../../skywalking/release";
import { strict } from "../schema/object";
import { cpu, memory, replicas } from "../schema/scalars";
import type { Checked, NodeGroup } from "./kind";
import { pods } from "./pods";
import { indexPrefix, serverVersion, volumeSize } from "./scalars";

export const elasticsearchVersion = serverVersion("Elasticsearch", "7.17.29");

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

/** Keys of an Elasticsearch that runs in the generation's Kubernetes namespace. */
export const elasticsearchNodes = {
  version: elasticsearchVersion,
  /** Nodes that hold data. Without `masters` all of them are master-eligible too. Defaults to 1. */
  replicas: replicas(1).default(1),
  /** Dedicated master nodes. Defaults to none. */
  masters: masters.optional(),
  /** Prefix of the indices (`SW_NAMESPACE`). Defaults to the generation's name. */
  namespace: indexPrefix.optional(),
  ...pods,
};

type ElasticsearchNodes = z.output<z.ZodObject<typeof elasticsearchNodes>>;

/** Its StatefulSets: that of the dedicated masters, where there are any, is the last. */
export function nodeGroups({ replicas, volumeSize, masters }: ElasticsearchNodes): NodeGroup[] {
  return [
    { role: "data", replicas, volumeSize },
    ...(masters === undefined
      ? []
      : [{ role: "masters" as const, replicas: masters.replicas, volumeSize: masters.volumeSize }]),
  ];
}

/** Whether it is one node that refuses indices when it has `cluster.max_shards_per_node`: 1000 shards, from 7.0 on. */
export function isOneNodeWithLimit({ version, replicas }: Pick<ElasticsearchNodes, "version" | "replicas">): boolean {
  return replicas === 1 && isAtLeast(version, "7.0.0");
}

/** Checks that it is a release whose settings the program knows (components/storage/elasticsearch/settings.ts). */
export function checkRelease({ storage, report }: Checked<ElasticsearchNodes>): void {
  const { version } = storage;
  if (isAtLeast(version, "6.8.0") && !isAtLeast(version, "10.0.0")) return;
  report({
    key: "version",
    value: version,
    wrong: "is not a release that the program can run itself; allowed: 6.8.x, 7.x, 8.x, 9.x",
    fix: "use one of these, or run that Elasticsearch yourself and name it with kind elasticsearch-external",
  });
}
