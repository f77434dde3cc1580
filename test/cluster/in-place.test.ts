import { eventuallyEqual } from "../eventually";
import { Scene } from "./scene";

jest.setTimeout(180_000);

let scene: Scene;
let pods: string[];

beforeAll(async () => {
  scene = await Scene.open({ stack: "in-place" });
  pods = await scene.podIds();
});

afterAll(async () => {
  await scene.close();
});

interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
}

interface Identified {
  readonly metadata: { readonly uid: string };
}

const storage = async (): Promise<string[]> =>
  (await scene.list<Identified>(["statefulsets", "persistentvolumeclaims"], "skywalking-main")).map(
    ({ metadata }) => metadata.uid,
  );

const oapImages = async (): Promise<string[]> =>
  (await scene.list<Pod>(["pods"], "skywalking-main"))
    .filter(({ metadata }) => metadata.labels["app.kubernetes.io/component"] === "oap")
    .flatMap(({ spec }) => spec.containers.map(({ image }) => image));

test("forward and back: one storage, one release at a time, agents untouched", async () => {
  await scene.enter("baseline");
  const before = await storage();
  const [present, next] = ["apache/skywalking-oap-server:10.0.0", "apache/skywalking-oap-server:10.0.1"];
  await eventuallyEqual(oapImages, [present, present]);
  for (const [stage, image] of [
    ["shift", next],
    ["baseline", present],
    ["shift", next],
    ["retire", next],
  ] as const) {
    const said = await scene.enter(stage);
    expect(said).toContain("web: run agents that are older than OAP 10.0.1; upgrade them as soon as practicable");
    await eventuallyEqual(oapImages, [image, image]);
    expect(await storage()).toEqual(before);
    await scene.expectNoChanges();
  }
  expect(await scene.podIds()).toEqual(pods);
});

test("then the next release is made the present one, and nothing changes", async () => {
  scene.configure({
    "generations.main.version": "10.0.1",
    "generations.main.inPlace.version": "10.1.0",
    stage: "baseline",
  });
  await scene.expectNoChanges();
});
