import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { readCapacities } from "../../components/storage/capacity";
import type { ManagedGeneration } from "../../upgrade/config";
import type { CapacityQuestion, CapacityReading } from "../../upgrade/storage/capacity";

/** What an Elasticsearch 7.10.2 answered, by path without what follows a `?`. */
type Answers = Readonly<Record<string, unknown>>;

let server: Server;
let answers: Answers;
let asked: Set<string>;

beforeEach(async () => {
  asked = new Set();
  server = createServer((request, response) => {
    const answer = answers[request.url?.split("?")[0] ?? ""];
    asked.add(request.headers.authorization ?? "");
    response.writeHead(answer === undefined ? 403 : 200).end(JSON.stringify(answer ?? {}));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(async () => {
  server.close();
  await once(server, "close");
});

const health = (active: number, unassigned: number) => ({
  status: "yellow",
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_shards: active,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: unassigned,
});
const disk = "cluster.routing.allocation.disk";
const settings = (transient: object, defaults: object) => ({
  persistent: {},
  transient,
  defaults: {
    "cluster.max_shards_per_node": "1000",
    [`${disk}.threshold_enabled`]: "true",
    [`${disk}.watermark.low`]: "85%",
    ...defaults,
  },
});
const allocation = [
  { node: "Node 1", "disk.total": "270553174016", "disk.avail": "59079884800" },
  { node: "UNASSIGNED", "disk.total": null, "disk.avail": null },
];
const disks = [{ node: "Node 1", total: 270553174016, available: 59079884800 }];
const good: Answers = {
  "/_cluster/health": health(5, 2),
  "/_cluster/health/v8_*": health(2, 2),
  "/_cluster/settings": settings({}, {}),
  "/_cat/allocation": allocation,
};

async function read(shared?: CapacityQuestion["shared"]): Promise<CapacityReading["answer"] | undefined> {
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const [reading] = await readCapacities([
    {
      name: "v9",
      generation: {} as ManagedGeneration, // Not read here.
      reach: { kind: "url", url, ca: undefined, user: "oap", password: "secret" },
      shared,
    },
  ]);
  return reading?.answer;
}

test("counts shards without a node too, since an index needs room for them, and asks as the user", async () => {
  answers = good;
  expect(await read({ name: "v8", prefix: "v8_" })).toEqual({
    openShards: 7,
    dataNodes: 1,
    maxShardsPerNode: 1000,
    sharedShards: 4,
    disks,
    lowWatermark: { low: "85%", maxHeadroom: "undefined" },
  });
  expect([...asked]).toEqual([`Basic ${Buffer.from("oap:secret").toString("base64")}`]);
});

test("what was set goes before what is the default", async () => {
  const changed = settings({ "cluster.max_shards_per_node": "9" }, { [`${disk}.watermark.low.max_headroom`]: "200GB" });
  answers = { ...good, "/_cluster/settings": changed };
  expect(await read()).toMatchObject({
    maxShardsPerNode: 9,
    sharedShards: 0,
    lowWatermark: { low: "85%", maxHeadroom: "200GB" },
  });
});

test("without a threshold there is no watermark", async () => {
  answers = { ...good, "/_cluster/settings": settings({}, { [`${disk}.threshold_enabled`]: "false" }) };
  expect(await read()).toMatchObject({ lowWatermark: undefined });
});

test("one that may not be asked is known to be unknown", async () => {
  answers = {};
  expect(await read()).toEqual({ unknown: expect.stringContaining("it answers 403 -> set") as unknown });
});

test("one that does not answer is asked once", async () => {
  answers = good;
  const before = Date.now();
  const [reading] = await readCapacities([
    {
      name: "v9",
      generation: {} as ManagedGeneration,
      reach: { kind: "url", url: "http://127.0.0.1:9", ca: undefined, user: undefined, password: undefined },
      shared: undefined,
    },
  ]);
  expect(reading?.answer).toEqual({ unknown: expect.stringContaining("connect ECONNREFUSED") as unknown });
  expect(Date.now() - before).toBeLessThan(3000);
});
