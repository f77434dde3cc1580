import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";

import { Scene } from "./scene";

jest.setTimeout(300_000);

interface Workload {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

/** How many pods of each StatefulSet and each OAP are ready. */
async function ready(scene: Scene, generation: string): Promise<Record<string, number>> {
  const workloads = await scene.list<Workload>("deployments,statefulsets", `skywalking-${generation}`);
  return Object.fromEntries(
    workloads
      .filter(({ metadata }) => !metadata.name.startsWith("ui-"))
      .map(({ metadata, status }) => [metadata.name, status.readyReplicas ?? 0]),
  );
}

async function claims(scene: Scene, generation: string): Promise<string[]> {
  const found = await scene.list<Workload>("persistentvolumeclaims", `skywalking-${generation}`);
  return found.map(({ metadata }) => metadata.name);
}

/** What Elastic's operator says when all is well, of every Elasticsearch that comes. */
async function operate(scene: Scene, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const names = await scene.kubectl([
      "get",
      "elasticsearches",
      "-A",
      "-o",
      "jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name}{'\\n'}{end}",
    ]);
    for (const line of names.split("\n").filter((each) => each !== "")) {
      const [namespace = "", name = ""] = line.split(" ");
      await scene.kubectl([
        "-n",
        namespace,
        "patch",
        "elasticsearch",
        name,
        "--subresource=status",
        "--type=merge",
        "--patch",
        '{"status":{"phase":"Ready"}}',
      ]);
    }
    await sleep(1000);
  }
}

/** Pods that are ready: of the old storage, of the new one. */
const kinds: [fixture: string, old: Record<string, number>, fresh: Record<string, number>, oldClaims: string[]][] = [
  [
    "elasticsearch",
    { "elasticsearch-old": 1 },
    { "elasticsearch-new": 2, "elasticsearch-new-master": 3 },
    ["data-elasticsearch-old-0"],
  ],
  ["banyandb", { "banyandb-old": 1 }, { "banyandb-new": 1 }, ["data-banyandb-old-0"]],
  ["eck", {}, {}, []],
];

describe.each(kinds)("%s", (fixture, old, fresh, oldClaims) => {
  let scene: Scene;
  const operator = new AbortController();
  let operates: Promise<void> = Promise.resolve();
  const oapOfOld = fixture === "eck" ? 1 : 2;

  beforeAll(async () => {
    scene = await Scene.open(`storage/${fixture}`, [], "storage/shop");
    if (fixture === "eck") {
      await scene.kubectl(["apply", "-f", join(__dirname, "..", "fixtures", "storage", "eck-crd.yaml")]);
      await scene.kubectl(["wait", "--for=condition=Established", "crd", "--all"]);
      operates = operate(scene, operator.signal);
    }
  });

  afterAll(async () => {
    operator.abort();
    await operates;
    await scene.close();
  });

  const both = { old: { ...old, "oap-old": oapOfOld }, new: { ...fresh, "oap-new": 2 } };
  test.each<[string, Record<"old" | "new", Record<string, number>>]>([
    ["baseline", { ...both, new: {} }],
    ["provision", both],
    ["canary-1", both],
    ["shift", both],
    ["canary-1", both],
    ["drain", { ...both, old: { ...old, "oap-old": 0 } }],
    ["baseline", { ...both, new: { ...fresh, "oap-new": 0 } }],
    ["drain", { ...both, old: { ...old, "oap-old": 0 } }],
    ["retire", { ...both, old: {} }],
  ])("%s", async (stage, expected) => {
    await scene.enter(stage);
    expect({ old: await ready(scene, "old"), new: await ready(scene, "new") }).toEqual(expected);
    await scene.expectNoChanges();
    expect(await claims(scene, "old")).toEqual(oldClaims);
  });

  test("a refresh finds everything as it was left", async () => {
    await scene.stack.succeed(["refresh", "--yes", "--skip-preview"]);
    await scene.expectNoChanges();
  });
});
