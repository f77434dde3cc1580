import { eventuallyEqual } from "../eventually";
import { Scene } from "./scene";

interface Workload {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

/** The number of ready pods of each StatefulSet and each OAP. */
async function ready(scene: Scene, generation: string): Promise<Record<string, number>> {
  const workloads = await scene.list<Workload>(["deployments", "statefulsets"], `skywalking-${generation}`);
  return Object.fromEntries(
    workloads
      .filter(({ metadata }) => !metadata.name.startsWith("ui-"))
      .map(({ metadata, status }) => [metadata.name, status.readyReplicas ?? 0]),
  );
}

async function claims(scene: Scene, generation: string): Promise<string[]> {
  const found = await scene.list<Workload>(["persistentvolumeclaims"], `skywalking-${generation}`);
  return found.map(({ metadata }) => metadata.name);
}

export interface StorageKind {
  /** Name of its stack in test/fixtures/storage. */
  readonly fixture: string;
  /** Ready pods of each StatefulSet of the old storage. */
  readonly old: Readonly<Record<string, number>>;
  /** Ready pods of each StatefulSet of the new storage. */
  readonly fresh: Readonly<Record<string, number>>;
  /** Ready pods of the old OAP. */
  readonly oapOfOld: number;
  /** Volume claims of the old storage. */
  readonly oldClaims: readonly string[];
  /** Starts what else the kind needs, and returns a function that ends it. */
  readonly start?: (scene: Scene) => Promise<() => Promise<void>>;
}

/** Takes a stack with a kind of storage through the stages, forward and back. */
export function describeStorageKind({ fixture, old, fresh, oapOfOld, oldClaims, start }: StorageKind): void {
  describe(fixture, () => {
    let scene: Scene;
    let end: (() => Promise<void>) | undefined;

    beforeAll(async () => {
      scene = await Scene.open({ stack: `storage/${fixture}`, services: "storage/shop" });
      end = await start?.(scene);
    });

    afterAll(async () => {
      await end?.();
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
      const readyPods = async () => ({ old: await ready(scene, "old"), new: await ready(scene, "new") });
      await eventuallyEqual(readyPods, expected);
      await scene.expectNoChanges();
      expect(await claims(scene, "old")).toEqual(oldClaims);
    });

    test("a refresh finds everything as it was left", async () => {
      await scene.stack.succeed(["refresh", "--yes", "--skip-preview"]);
      await scene.expectNoChanges();
    });
  });
}
