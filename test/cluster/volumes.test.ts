import type { Resource } from "./api-server";
import { Scene } from "./scene";

jest.setTimeout(240_000);

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open({ stack: "storage/elasticsearch", services: "storage/shop" });
  await scene.enter("provision");
});

afterAll(async () => {
  await scene.close();
});

interface Claim {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly storageClassName: string };
  readonly status: { readonly capacity?: { readonly storage: string } };
}

interface Identified {
  readonly metadata: { readonly name: string; readonly uid: string };
}

const old = "skywalking-old";
const fresh = "skywalking-new";

/** Size of each volume, by claim. */
async function volumes(namespace: string): Promise<Record<string, string | undefined>> {
  const claims = await scene.list<Claim>(["persistentvolumeclaims"], namespace);
  return Object.fromEntries(claims.map(({ metadata, status }) => [metadata.name, status.capacity?.storage]));
}

/** What changes when something is made anew. */
async function ids(kinds: readonly Resource[], namespace: string): Promise<string[]> {
  return (await scene.list<Identified>(kinds, namespace)).map(({ metadata }) => `${metadata.name} ${metadata.uid}`);
}

/** Updates, with keys of the config changed. */
async function update(changes: Readonly<Record<string, unknown>>): Promise<{ code: number; output: string }> {
  scene.configure(changes);
  return scene.up();
}

test("each node has a volume of the size that its kind of node has", async () => {
  expect(await volumes(fresh)).toEqual({
    "data-elasticsearch-new-0": "5Gi",
    "data-elasticsearch-new-1": "5Gi",
    "data-elasticsearch-new-master-0": "5Gi",
    "data-elasticsearch-new-master-1": "5Gi",
    "data-elasticsearch-new-master-2": "5Gi",
  });
  await scene.expectNoChanges();
});

test("a volume grows where it is: no pod, no StatefulSet and no claim is made anew", async () => {
  const before = await ids(["pods", "statefulsets", "persistentvolumeclaims"], fresh);
  expect(await update({ "generations.new.storage.volumeSize": "8Gi" })).toMatchObject({ code: 0 });
  await scene.kubectl([
    ...["-n", fresh, "wait", "--for=jsonpath={.status.capacity.storage}=8Gi", "--timeout=60s"],
    "pvc/data-elasticsearch-new-0",
    "pvc/data-elasticsearch-new-1",
  ]);
  expect(await ids(["pods", "statefulsets", "persistentvolumeclaims"], fresh)).toEqual(before);
  await scene.expectNoChanges();
});

test("a node that is added has a volume of the new size, and joins the cluster that is there", async () => {
  expect(await update({ "generations.new.storage.replicas": 3 })).toMatchObject({ code: 0 });
  expect(await volumes(fresh)).toMatchObject({ "data-elasticsearch-new-2": "8Gi" });
  await scene.expectNoChanges();
});

test("the nodes that make a cluster are the first ones, whatever comes later", async () => {
  const sets = await scene.list<{
    metadata: { name: string };
    spec: { template: { spec: { containers: { env: { name: string; value?: string }[] }[] } } };
  }>(["statefulsets"], fresh);
  for (const { spec } of sets) {
    const [container] = spec.template.spec.containers;
    expect(container?.env.find(({ name }) => name === "cluster.initial_master_nodes")?.value).toBe(
      "elasticsearch-new-master-0,elasticsearch-new-master-1,elasticsearch-new-master-2",
    );
  }
});

describe("what would harm a storage that is there", () => {
  test("is refused, all of it at once, before anything is touched", async () => {
    const before = await ids(["pods", "statefulsets", "persistentvolumeclaims"], fresh);
    const { code, output } = await update({
      "generations.new.storage.storageClass": "fast",
      "generations.new.storage.volumeSize": "5Gi",
      "generations.new.storage.replicas": 1,
      "generations.new.storage.version": "8.10.0",
    });
    expect(code).not.toBe(0);
    expect(output).toContain("The stack's config has 4 problems; nothing was changed.");
    expect(output).toContain(
      'generations.new.storage.storageClass: "fast" differs from that of the volumes of elasticsearch-new (standard)',
    );
    expect(output).toContain("generations.new.storage.replicas: 1 is fewer than elasticsearch-new has (3)");
    expect(output).toContain(
      'generations.new.storage.version: "8.10.0" is older than what elasticsearch-new runs (8.18.8)',
    );
    expect(await ids(["pods", "statefulsets", "persistentvolumeclaims"], fresh)).toEqual(before);
  });

  test("is done where the generation is named, and no volume is lost or made anew", async () => {
    const before = await ids(["persistentvolumeclaims"], fresh);
    const done = await update({ allowReplace: ["new"], "generations.new.storage.version": "8.18.8" });
    expect(done).toMatchObject({ code: 0 });
    expect(await ids(["persistentvolumeclaims"], fresh)).toEqual(before);
    expect(await volumes(fresh)).toMatchObject({
      "data-elasticsearch-new-0": "8Gi",
      "data-elasticsearch-new-2": "8Gi",
    });
    expect(await ids(["statefulsets"], fresh)).toHaveLength(2);
    await scene.expectNoChanges();
  });

  test("a storage of another kind takes its place, whose volumes are kept", async () => {
    const before = await ids(["persistentvolumeclaims"], fresh);
    const done = await update({ "generations.new.storage": { kind: "banyandb", volumeSize: "5Gi" } });
    expect(done).toMatchObject({ code: 0 });
    expect((await ids(["statefulsets"], fresh)).map((id) => id.split(" ")[0])).toEqual(["banyandb-new"]);
    expect(await ids(["persistentvolumeclaims"], fresh)).toEqual(expect.arrayContaining(before));
    await scene.expectNoChanges();
  });
});

describe("dropVolumes", () => {
  const claims = async () => Object.keys(await volumes(old));

  test("loses nothing at any stage before retire, and can be taken back at drain", async () => {
    expect(await update({ "generations.old.storage.dropVolumes": true, stage: "shift" })).toMatchObject({ code: 0 });
    expect(await update({ stage: "drain" })).toMatchObject({ code: 0 });
    expect(await claims()).toEqual(["data-elasticsearch-old-0"]);
    const { code, output } = await update({ "generations.old.storage.dropVolumes": false, stage: "retire" });
    expect(code).not.toBe(0);
    expect(output).toContain(
      "generations.old.storage.dropVolumes: false has not been applied to the storage of old, whose volumes would be deleted",
    );
    expect(await update({ stage: "drain" })).toMatchObject({ code: 0 });
    await scene.expectNoChanges();
    expect(await claims()).toEqual(["data-elasticsearch-old-0"]);
  });

  test("is refused at retire if drain did not know it", async () => {
    const { code, output } = await update({ "generations.old.storage.dropVolumes": true, stage: "retire" });
    expect(code).not.toBe(0);
    expect(output).toContain(
      "generations.old.storage.dropVolumes: true has not been applied to the storage of old, whose volumes would be kept",
    );
  });

  test("deletes the volumes at retire", async () => {
    expect(await update({ stage: "drain" })).toMatchObject({ code: 0 });
    expect(await update({ stage: "retire" })).toMatchObject({ code: 0 });
    await scene.kubectl(["-n", old, "wait", "--for=delete", "pvc/data-elasticsearch-old-0", "--timeout=60s"]);
    expect(await claims()).toEqual([]);
    await scene.expectNoChanges();
  });
});
