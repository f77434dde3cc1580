import type { Capacity, CapacityQuestion, CapacityReading } from "../../upgrade/storage/capacity";
import { indexPattern } from "../../upgrade/storage/elasticsearch-objects";
import { ElasticsearchClient, ElasticsearchError } from "./elasticsearch-client";

/** `GET /_cluster/health`, of all indices or of some */
interface Health {
  readonly number_of_data_nodes: number;
  readonly active_shards: number;
  readonly initializing_shards: number;
  readonly unassigned_shards: number;
}

/** `GET /_cluster/settings?include_defaults=true&flat_settings=true` */
type Settings = Readonly<Record<"transient" | "persistent" | "defaults", Readonly<Record<string, unknown>>>>;

/** `GET /_cat/allocation?format=json&bytes=b`; a row of what is unassigned has no disk. */
interface Allocation {
  readonly node: string;
  readonly "disk.total": string | null;
  readonly "disk.avail": string | null;
}

/** A preview must not wait long for what this machine may not reach: it is asked once. */
const briefly = { attempts: 1, answerMilliseconds: 5_000 };

/** Asks each storage how much room it has. One that cannot be asked is no error: its OAP may reach it all the same. */
export function readCapacities(questions: readonly CapacityQuestion[]): Promise<CapacityReading[]> {
  return Promise.all(
    questions.map(async (question) => {
      try {
        return { question, answer: await readCapacity(question) };
      } catch (error) {
        if (!(error instanceof ElasticsearchError)) throw error;
        return { question, answer: { unknown: error.message } };
      }
    }),
  );
}

async function readCapacity({ name, reach, shared }: CapacityQuestion): Promise<Capacity> {
  const client = new ElasticsearchClient({ generation: name, ...reach }, briefly);
  const ask = (path: string): Promise<unknown> => client.ask("ask for the room that is left", "GET", path);
  // The answers are of the form that Elasticsearch documents, 6.8 to 8, and OpenSearch.
  const [health, healthOfShared, settings, allocation] = (await Promise.all([
    ask("/_cluster/health"),
    shared && ask(`/_cluster/health/${indexPattern(shared.prefix)}`),
    ask("/_cluster/settings?include_defaults=true&flat_settings=true"),
    ask("/_cat/allocation?format=json&bytes=b&h=node,disk.total,disk.avail"),
  ])) as [Health, Health | undefined, Settings, readonly Allocation[]];
  const setting = (key: string): string => {
    const { transient, persistent, defaults } = settings;
    return String(transient[key] ?? persistent[key] ?? defaults[key]);
  };
  const disk = (key: string): string => setting(`cluster.routing.allocation.disk.${key}`);
  return {
    openShards: openShards(health),
    dataNodes: health.number_of_data_nodes,
    maxShardsPerNode: Number(setting("cluster.max_shards_per_node")),
    sharedShards: healthOfShared === undefined ? 0 : openShards(healthOfShared),
    disks: allocation.flatMap(({ node, "disk.total": total, "disk.avail": available }) =>
      total === null || available === null ? [] : [{ node, total: Number(total), available: Number(available) }],
    ),
    lowWatermark:
      disk("threshold_enabled") === "false"
        ? undefined
        : { low: disk("watermark.low"), maxHeadroom: disk("watermark.low.max_headroom") },
  };
}

/** Those without a node count too: Elasticsearch limits what an index asks for. */
function openShards({ active_shards, initializing_shards, unassigned_shards }: Health): number {
  return active_shards + initializing_shards + unassigned_shards;
}
