import { setTimeout as sleep } from "node:timers/promises";

import type { Snapshot } from "../../upgrade/storage/snapshot";
import { indexPattern } from "../../upgrade/storage/elasticsearch-objects";
import { ElasticsearchError, type ElasticsearchClient } from "./elasticsearch-client";

export interface SnapshotRequest {
  readonly generation: string;
  readonly repository: string;
  /** What the names of the indices begin with. */
  readonly prefix: string;
  /** In milliseconds. */
  readonly timeout: number;
  /** When it is taken; part of its name. */
  readonly at: Date;
}

/** `GET /_cat/indices?format=json&h=index,docs.count` */
interface ListedIndex {
  readonly index: string;
  readonly "docs.count": string | null;
}

/** `GET /_snapshot/REPOSITORY/NAME` */
interface SnapshotState {
  readonly state: "IN_PROGRESS" | "SUCCESS" | "PARTIAL" | "FAILED" | "INCOMPATIBLE";
  readonly indices: readonly string[];
  readonly shards?: { readonly total: number; readonly failed: number; readonly successful: number };
  readonly failures?: readonly { readonly index?: string; readonly reason?: string }[];
}

const pollMilliseconds = 1_000;

/**
 * Takes a snapshot of a generation's indices, and waits for it. The cluster's own state (templates, other generations)
 * is not in it.
 *
 * @param onProgress - told how far it is, whenever that changes
 * @throws ElasticsearchError unless it succeeded with every index and every shard
 */
export async function takeSnapshot(
  client: ElasticsearchClient,
  { generation, repository, prefix, timeout, at }: SnapshotRequest,
  onProgress: (text: string) => void,
): Promise<Snapshot> {
  const what = `take a snapshot of ${generation}`;
  const pattern = indexPattern(prefix);
  // The answers are of the form that Elasticsearch documents, 6.8 to 8.
  const listed = (await client.ask(
    what,
    "GET",
    `/_cat/indices/${pattern}?format=json&h=index,docs.count`,
  )) as readonly ListedIndex[];
  const stamp = at.toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "").toLowerCase();
  const name = `${generation}-${stamp}`;
  const path = `/_snapshot/${repository}/${name}`;
  await client.ask(what, "PUT", path, { indices: pattern, include_global_state: false, partial: false });

  const deadline = Date.now() + timeout;
  const fail = (why: string): never => {
    throw new ElasticsearchError(
      `Snapshot ${name} of ${generation} in repository ${repository} ${why}; nothing of ${generation} is deleted -> look at GET ${path}, fix the cause, and run \`pulumi up\` again`,
    );
  };
  for (;;) {
    const { snapshots } = (await client.ask(what, "GET", path)) as { readonly snapshots: readonly SnapshotState[] };
    const [taken] = snapshots;
    if (taken === undefined) return fail("is not in it");
    if (taken.state !== "IN_PROGRESS") {
      const { failed = 0, total = 0 } = taken.shards ?? {};
      const { index = "", reason = "" } = taken.failures?.[0] ?? {};
      if (taken.state !== "SUCCESS" || failed > 0) {
        return fail(
          `is ${taken.state}, with ${String(failed)} of ${String(total)} shards failed: ${index} ${reason}`.trim(),
        );
      }
      const missing = listed.filter(({ index }) => !taken.indices.includes(index)).map(({ index }) => index);
      if (missing.length > 0) return fail(`lacks ${missing.join(", ")}`);
      const documents = listed.reduce((sum, { "docs.count": count }) => sum + Number(count ?? 0), 0);
      return { repository, name, indices: taken.indices.length, documents };
    }
    if (Date.now() > deadline) return fail(`has not finished in ${String(timeout / 1000)} s`);
    onProgress(`snapshot ${name} of ${generation}: in progress`);
    await sleep(pollMilliseconds);
  }
}
