import {
  startElasticsearch,
  whyNoElasticsearch,
  type RunningElasticsearch,
} from "../../tools/elasticsearch/elasticsearch";
import { ensureTools } from "../../tools/toolchain/ensure";
import { elasticsearchToolNames, programToolNames } from "../../tools/toolchain/tools";
import { describeUnless } from "../describe-unless";
import { ask, count, fill } from "./elasticsearch-data";
import { Scene } from "./scene";

jest.setTimeout(300_000);

describeUnless(whyNoElasticsearch(), "two generations in one Elasticsearch", () => {
  let shared: RunningElasticsearch;
  let scene: Scene;

  beforeAll(async () => {
    await ensureTools([...programToolNames, ...elasticsearchToolNames]);
    shared = await startElasticsearch({ release: "7.10.2" });
    scene = await Scene.open({ stack: "shared", runs: "bundle" });
    scene.configure({ "generations.v8.storage.admin.url": shared.url });
  });

  afterAll(async () => {
    await scene.close();
    await shared.stop();
  });

  /** Whether the only service has been told of the new backend. */
  const isMoved = async (): Promise<boolean> =>
    JSON.stringify(await scene.templates()).includes("oap-v9.skywalking-v9.svc:11800");

  /** Sets how many shards a node may have; null: as many as by default. */
  const limitShards = (limit: number | null): Promise<unknown> =>
    ask(shared, "PUT", "/_cluster/settings", JSON.stringify({ transient: { "cluster.max_shards_per_node": limit } }));

  test("baseline declares template and repository where the administrator reaches it", async () => {
    await scene.enter("baseline");
    expect(await ask(shared, "GET", "/_template/v8_defaults")).toMatchObject({
      v8_defaults: { index_patterns: ["v8_*"], settings: { index: { number_of_replicas: "0" } } },
    });
    await scene.expectNoChanges();
    await fill(shared, { "v8_segment-20260101": 5, "v9_segment-20260101": 7 });
  });

  test("one that has no room for the shards of another OAP is refused before anything is changed", async () => {
    scene.configure({ stage: "shift", "generations.v9.storage.admin.url": shared.url });
    await limitShards(3);
    const { code, output } = await scene.stack.pulumi(["preview"]);
    expect(code).not.toBe(0);
    expect(output).toContain(
      "generations.v9.storage.urls: lead to an Elasticsearch that has 3 of 3 shards open; allowed: 90 percent",
    );
    await limitShards(null);
  });

  test("one that cannot be reached is fine for a preview", async () => {
    // Nobody listens on this port.
    scene.configure({ "generations.v9.storage.admin.url": "http://127.0.0.1:9" });
    const { output } = await scene.stack.succeed(["preview"]);
    expect(output).toContain("v9: whether its storage has room is not known");
  });

  test("one that cannot be reached is one error, and no agent moves", async () => {
    const { code, output } = await scene.up();
    expect(code).not.toBe(0);
    const [, diagnostics = ""] = output.split("Diagnostics:");
    expect(diagnostics.match(/error: .*/g)).toEqual([
      "error: Cannot declare anything in the Elasticsearch of v9 (http://127.0.0.1:9): it does not answer: connect ECONNREFUSED 127.0.0.1:9 -> try `curl http://127.0.0.1:9` from this machine",
    ]);
    expect(await isMoved()).toBe(false);
  });

  test("when it is mended, the next update goes on, and a refresh finds what was declared", async () => {
    scene.configure({ "generations.v9.storage.admin.url": shared.url });
    await scene.enter("shift");
    expect(await isMoved()).toBe(true);
    await scene.expectNoChanges();
    await scene.stack.succeed(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
  });

  test("retire takes the old generation's template away, and leaves repository and indices", async () => {
    await scene.enter("drain");
    await scene.enter("retire");
    await expect(ask(shared, "GET", "/_template/v8_defaults")).rejects.toThrow("{}");
    await ask(shared, "GET", "/_snapshot/skywalking");
    expect(await count(shared, "v*")).toEqual({ "v8_segment-20260101": 5, "v9_segment-20260101": 7 });
    const { snapshot } = (await scene.stack.outputs()) as { snapshot: unknown };
    expect(snapshot).toMatchObject({ repository: "skywalking", indices: 1, documents: 5 });
    await scene.expectNoChanges();
  });

  test("destroy leaves what is in it", async () => {
    await scene.stack.succeed(["state", "unprotect", "--all", "--yes"]);
    await scene.stack.succeed(["destroy", "--yes", "--skip-preview"]);
    await ask(shared, "GET", "/_snapshot/skywalking");
    expect(await count(shared, "v*")).toEqual({ "v8_segment-20260101": 5, "v9_segment-20260101": 7 });
  });
});
