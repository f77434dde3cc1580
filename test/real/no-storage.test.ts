import { RealScene } from "./scene";
import { noStorageStack } from "./stack";
import { describeReal } from "./story";

jest.setTimeout(600_000);

describeReal("an OAP that cannot reach its storage", () => {
  let scene: RealScene;

  beforeAll(async () => {
    scene = await RealScene.open(noStorageStack);
  });

  afterAll(async () => {
    await scene.close();
  });

  /** The existing init Job, by its uid. */
  const job = () => scene.kubectl(["-n", "skywalking-lost", "get", "jobs", "-o", "jsonpath={.items[*].metadata.uid}"]);

  test("fails the update at provision with what the pod says, and the next update tries again", async () => {
    scene.configure({ stage: "provision" });
    const jobs: string[] = [];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const { code, output } = await scene.up();
      expect(code).not.toBe(0);
      expect(output).toContain("oap-lost-init-");
      expect(output).toContain("no-elasticsearch.lost");
      jobs.push(await job());
    }
    const pods = await scene.pods("skywalking-lost");
    expect(pods.every(({ metadata }) => metadata.name.startsWith("oap-lost-init-"))).toBe(true);
    expect(new Set(jobs).size).toBe(2);
  });
});
