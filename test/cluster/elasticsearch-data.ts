import type { RunningElasticsearch } from "../../tools/elasticsearch/elasticsearch";

/** Asks a real Elasticsearch. */
export async function ask(es: RunningElasticsearch, method: string, path: string, body?: string): Promise<unknown> {
  const response = await fetch(`${es.url}${path}`, {
    method,
    ...(body === undefined ? {} : { body, headers: { "content-type": "application/json" } }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Writes that many documents into each index. */
export async function fill(es: RunningElasticsearch, counts: Readonly<Record<string, number>>): Promise<void> {
  const lines = Object.entries(counts).flatMap(([index, count]) =>
    Array.from({ length: count }, (_, id) => [
      JSON.stringify({ index: { _index: index, _type: "_doc", _id: String(id) } }),
      JSON.stringify({ trace_id: `${index}-${String(id)}` }),
    ]).flat(),
  );
  await ask(es, "POST", "/_bulk?refresh=true", `${lines.join("\n")}\n`);
}

/** The number of documents in each index, as counted by Elasticsearch. */
export async function count(es: RunningElasticsearch, pattern: string): Promise<Record<string, number>> {
  const indices = (await ask(es, "GET", `/_cat/indices/${pattern}?format=json&h=index`)) as { index: string }[];
  const counted = await Promise.all(
    indices.map(async ({ index }): Promise<[string, number]> => {
      const answer = (await ask(es, "GET", `/${index}/_count`)) as { count: number };
      return [index, answer.count];
    }),
  );
  return Object.fromEntries(counted);
}
