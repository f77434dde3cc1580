import { Scene } from "./scene";

jest.setTimeout(240_000);

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open("storage/elasticsearch", "storage/shop");
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
  const claims = await scene.list<Claim>("persistentvolumeclaims", namespace);
  return Object.fromEntries(claims.map(({ metadata, status }) => [metadata.name, status.capacity?.storage]));
}

/** What changes when something is made anew. */
async function ids(kinds: string, namespace: string): Promise<string[]> {
  return (await scene.list<Identified>(kinds, namespace)).map(({ metadata }) => `${metadata.name} ${metadata.uid}`);
}

async function refused(): Promise<string> {
  const { code, output } = await scene.stack.pulumi(["up", "--yes", "--skip-preview"]);
  expect(code).not.toBe(0);
  return output;
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
  const before = await ids("pods,statefulsets,persistentvolumeclaims", fresh);
  await scene.stack.set("generations.new.storage.volumeSize", "8Gi");
  await scene.stack.succeed(["up", "--yes", "--skip-preview"]);
  await scene.kubectl([
    ...["-n", fresh, "wait", "--for=jsonpath={.status.capacity.storage}=8Gi", "--timeout=30s"],
    "pvc/data-elasticsearch-new-0",
    "pvc/data-elasticsearch-new-1",
  ]);
  expect(await ids("pods,statefulsets,persistentvolumeclaims", fresh)).toEqual(before);
  await scene.expectNoChanges();
});

test("a node that is added has a volume of the new size, and joins the cluster that is there", async () => {
  await scene.stack.set("generations.new.storage.replicas", "3");
  await scene.stack.succeed(["up", "--yes", "--skip-preview"]);
  expect(await volumes(fresh)).toMatchObject({ "data-elasticsearch-new-2": "8Gi" });
  await scene.expectNoChanges();
});
