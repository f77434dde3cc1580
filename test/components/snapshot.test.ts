import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { ElasticsearchClient } from "../../components/storage/elasticsearch-client";
import { takeSnapshot } from "../../components/storage/snapshot";

/** What an Elasticsearch answers: status and body by method and path, without what follows a `?`. */
type Answers = Readonly<Record<string, readonly [status: number, body: unknown]>>;

let server: Server;
let answers: Answers;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const key = `${request.method ?? ""} ${request.url?.split("?")[0] ?? ""}`;
    asked.push(key, request.headers.authorization ?? "");
    const [status, body] = answers[key] ?? [500, { error: { type: "test", reason: `asked for ${key}` } }];
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(async () => {
  server.close();
  await once(server, "close");
});

const snapshot = "/_snapshot/backups/v8-20260101t120000z";
const indices = [
  { index: "v8_a", "docs.count": "3" },
  { index: "v8_b", "docs.count": null },
];
const good: Answers = {
  "GET /_cat/indices/v8_*": [200, indices],
  [`PUT ${snapshot}`]: [200, { accepted: true }],
  [`GET ${snapshot}`]: [
    200,
    { snapshots: [{ state: "SUCCESS", indices: ["v8_a", "v8_b"], shards: { total: 2, failed: 0, successful: 2 } }] },
  ],
};

/** An answer about the snapshot that differs in these fields. */
const state = (fields: object): Answers => ({
  ...good,
  [`GET ${snapshot}`]: [200, { snapshots: [{ state: "SUCCESS", indices: ["v8_a", "v8_b"], ...fields }] }],
});

const take = (timeout = 60_000): Promise<unknown> =>
  takeSnapshot(
    new ElasticsearchClient({
      generation: "v8",
      url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      user: "elastic",
      password: "secret",
    }),
    { generation: "v8", repository: "backups", prefix: "v8_", timeout, at: new Date("2026-01-01T12:00:00.123Z") },
    () => undefined,
  );

test("says what is in it, and asks as the administrator", async () => {
  answers = good;
  expect(await take()).toEqual({ repository: "backups", name: "v8-20260101t120000z", indices: 2, documents: 3 });
  expect(asked[1]).toBe(`Basic ${Buffer.from("elastic:secret").toString("base64")}`);
});

const nothingLost =
  "nothing of v8 is deleted -> look at GET /_snapshot/backups/v8-20260101t120000z, fix the cause, and run `pulumi up` again";

test.each<[string, Answers, string]>([
  [
    "a failed shard",
    state({
      state: "PARTIAL",
      shards: { total: 2, failed: 1, successful: 1 },
      failures: [{ index: "v8_b", reason: "node left" }],
    }),
    `Snapshot v8-20260101t120000z of v8 in repository backups is PARTIAL, with 1 of 2 shards failed: v8_b node left; ${nothingLost}`,
  ],
  [
    "a failed shard of a success",
    state({ shards: { total: 2, failed: 1, successful: 1 } }),
    "with 1 of 2 shards failed",
  ],
  ["a failure as a whole", state({ state: "FAILED" }), "is FAILED, with 0 of 0 shards failed"],
  ["an index that is not in it", state({ indices: ["v8_a"] }), `lacks v8_b; ${nothingLost}`],
  ["a snapshot that is not there", { ...good, [`GET ${snapshot}`]: [200, { snapshots: [] }] }, "is not in it"],
  [
    "no repository",
    { ...good, [`PUT ${snapshot}`]: [404, { error: { type: "missing_exception", reason: "[backups] missing" } }] },
    "it answers 404: missing_exception [backups] missing -> fix it there or correct generations.v8.storage.admin, and run `pulumi up` again",
  ],
  [
    "the wrong password",
    { ...good, "GET /_cat/indices/v8_*": [401, {}] },
    "it answers 401 -> set generations.v8.storage.admin.user and .password to those of an administrator",
  ],
  ["a proxy's page", { ...good, [`PUT ${snapshot}`]: [503, "<html>"] }, "it answers 503: <html> -> "],
])("%s fails it, with the next step", async (_, given, message) => {
  answers = given;
  await expect(take()).rejects.toThrow(message);
});

test("one that does not end fails", async () => {
  answers = state({ state: "IN_PROGRESS" });
  await expect(take(-1)).rejects.toThrow(/has not finished in .* s; nothing of v8 is deleted/);
});
