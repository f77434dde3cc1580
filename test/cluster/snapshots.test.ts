import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  startElasticsearch,
  whyNoElasticsearch,
  type RunningElasticsearch,
} from "../../tools/elasticsearch/elasticsearch";
import { run } from "../../commands/stack/run";
import { ensureTools } from "../../tools/toolchain/ensure";
import { elasticsearchToolNames, programToolNames } from "../../tools/toolchain/tools";
import { describeUnless } from "../describe-unless";
import { ask, count, fill } from "./elasticsearch-data";
import { Scene } from "./scene";

jest.setTimeout(300_000);

/** Documents of each index that the old OAP might have, and of one that is somebody else's. */
const documents = { "v8_segment-20260101": 120, "v8_segment-20260102": 75, v8_service_traffic: 3 };
const others = { "billing-2026": 4 };

/** What the stack's outputs say of the snapshot. */
interface TakenSnapshot {
  readonly repository: string;
  readonly name: string;
  readonly indices: number;
  readonly documents: number;
}

describeUnless(whyNoElasticsearch(), "a snapshot before retire", () => {
  let folder: string;
  let old: RunningElasticsearch;
  let young: RunningElasticsearch;
  let scene: Scene;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "snapshots-test-"));
    await ensureTools([...programToolNames, ...elasticsearchToolNames]);
    [old, young] = await Promise.all([
      startElasticsearch({ release: "6.8.9", repositories: join(folder, "repositories") }),
      startElasticsearch({ release: "7.10.2" }),
    ]);
    scene = await Scene.open({
      stack: "snapshots",
      runs: "bundle",
      behindPods: [
        { namespace: "skywalking-v8", podPort: 9200, port: old.port },
        { namespace: "skywalking-v9", podPort: 9200, port: young.port },
      ],
    });
  });

  afterAll(async () => {
    await scene.close();
    await Promise.all([old.stop(), young.stop()]);
    rmSync(folder, { recursive: true });
  });

  const snapshotInOutputs = async (): Promise<TakenSnapshot> =>
    ((await scene.stack.outputs()) as { snapshot: TakenSnapshot }).snapshot;

  test("a preview of an Elasticsearch that is not there yet asks it nothing", async () => {
    await scene.stack.succeed(["preview"]);
  });

  test("baseline declares template and repository in it, through the API server", async () => {
    await scene.enter("baseline");
    expect(await ask(old, "GET", "/_template/v8_defaults")).toEqual({
      v8_defaults: {
        order: 100,
        index_patterns: ["v8_*"],
        settings: { index: { number_of_shards: "2", number_of_replicas: "0" } },
        mappings: {},
        aliases: {},
      },
    });
    expect(await ask(old, "GET", "/_snapshot/skywalking")).toEqual({
      skywalking: { type: "fs", settings: { location: "skywalking" } },
    });
    await scene.expectNoChanges();
  });

  test("a refresh with the program running finds what was declared", async () => {
    await scene.stack.succeed(["refresh", "--yes", "--run-program", "--skip-preview", "--expect-no-changes"]);
  });

  test("what leaves the config is deleted in it, while the program still forwards", async () => {
    scene.configure({ "generations.v8.storage.admin.indices": undefined });
    await scene.enter("baseline");
    await expect(ask(old, "GET", "/_template/v8_defaults")).rejects.toThrow("{}");
    scene.configure({ "generations.v8.storage.admin.indices.shards": 2 });
    await scene.enter("baseline");
    await ask(old, "GET", "/_template/v8_defaults");
  });

  test("what the whole of `admin` has declared cannot be deleted without it, since nobody forwards", async () => {
    const before = readFileSync(scene.stackFile, "utf8");
    scene.configure({ "generations.v8.storage.admin": undefined });
    const { code, output } = await scene.up();
    writeFileSync(scene.stackFile, before);
    expect({ code: code === 0, output }).toMatchObject({
      code: false,
      output: expect.stringContaining("127.0.0.1:21111: connect: connection refused") as string,
    });
    await scene.enter("baseline");
    await scene.expectNoChanges();
  });

  test("the old OAP's indices are made by the template", async () => {
    await fill(old, { ...documents, ...others });
    const shards = (await ask(old, "GET", "/v8_service_traffic/_settings")) as Record<
      string,
      { settings: { index: { number_of_shards: string } } }
    >;
    expect(shards.v8_service_traffic?.settings.index.number_of_shards).toBe("2");
  });

  test("the upgrade goes on as ever", async () => {
    await scene.enter("provision");
    await scene.enter("shift");
    await scene.enter("drain");
    expect(await ask(young, "GET", "/_snapshot/skywalking")).toMatchObject({ skywalking: { type: "fs" } });
  });

  test.each([
    ["as ever", []],
    ["although told to go on after errors", ["--continue-on-error"]],
  ])("retire without a snapshot deletes nothing, %s", async (_, options) => {
    await ask(old, "DELETE", "/_snapshot/skywalking");
    const before = await scene.objects("skywalking-v8");
    scene.configure({ stage: "retire" });
    const { code, output } = await scene.up(...options);
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /Cannot take a snapshot of v8 in the Elasticsearch of v8 \(http:\/\/127\.0\.0\.1:21111\): it answers 404: repository_missing_exception \[skywalking\] missing -> /,
    );
    expect(await scene.objects("skywalking-v8")).toEqual(before);
    await ask(
      old,
      "PUT",
      "/_snapshot/skywalking",
      JSON.stringify({ type: "fs", settings: { location: "skywalking" } }),
    );
  });

  test("retire takes one of the old generation's indices, says where it is, and then deletes", async () => {
    const { output } = await scene.stack.succeed(["up", "--yes", "--skip-preview"]);
    const taken = await snapshotInOutputs();
    expect(taken).toEqual({
      repository: "skywalking",
      name: expect.stringMatching(/^v8-\d{8}t\d{6}z$/) as string,
      indices: 3,
      documents: 198,
    });
    expect(output).not.toContain("error");
    expect(await scene.objects("skywalking-v8")).toEqual([
      "persistentvolumeclaim/data-elasticsearch-v8-0",
      "persistentvolumeclaim/snapshots",
    ]);
    const { snapshots } = (await ask(old, "GET", `/_snapshot/skywalking/${taken.name}`)) as {
      snapshots: { state: string; indices: string[]; shards: { failed: number } }[];
    };
    expect(snapshots).toMatchObject([{ state: "SUCCESS", shards: { failed: 0 } }]);
    expect(snapshots[0]?.indices.sort()).toEqual(Object.keys(documents).sort());
  });

  test("the next update changes nothing, and still says where it is", async () => {
    const taken = await snapshotInOutputs();
    await scene.expectNoChanges();
    expect(await snapshotInOutputs()).toEqual(taken);
  });

  test("the documented restore brings every document into a new Elasticsearch", async () => {
    await old.stop();
    const restored = await startElasticsearch({ release: "7.10.2", repositories: old.repositories });
    try {
      const { repository, name } = await snapshotInOutputs();
      const page = readFileSync(join(__dirname, "..", "..", "docs", "snapshots.md"), "utf8");
      const [, commands] = /```sh restore\n([^`]*)```/.exec(page) ?? [];
      const { code, output } = await run("sh", ["-euc", commands ?? "exit 1"], {
        env: {
          ...process.env,
          ELASTICSEARCH: restored.url,
          REPOSITORY: repository,
          SNAPSHOT: name,
          LOCATION: "skywalking",
        },
      });
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(await count(restored, "v8_*")).toEqual(documents);
      expect(await count(restored, "billing*")).toEqual({});
    } finally {
      await restored.stop();
    }
  });

  test("destroy does not need an Elasticsearch that goes with it", async () => {
    await young.stop();
    await scene.stack.succeed(["state", "unprotect", "--all", "--yes"]);
    await scene.stack.succeed(["destroy", "--yes", "--skip-preview"]);
    expect(await scene.objects("skywalking-v9")).toEqual([
      "persistentvolumeclaim/data-elasticsearch-v9-0",
      "persistentvolumeclaim/snapshots",
    ]);
  });
});
