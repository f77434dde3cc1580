import { cutOff, says } from "../cut-off";
import { Scene } from "./scene";

jest.setTimeout(180_000);

const all = ["cart", "catalog", "edge-gateway", "frontend", "inventory", "payment"];

describe.each<[string, NodeJS.ProcessEnv, RegExp]>([
  // The StatefulSet is there, and the engine does not know it yet.
  ["which writes its state at each change", {}, /StatefulSet v9-elasticsearch creating .*Waiting/],
  // Everything but the OAP is there, and the engine knows nothing of it.
  ["which writes its state at its end", { PULUMI_SKIP_CHECKPOINTS: "true" }, /Deployment v9-oap creating/],
])("an update %s", (_, env, halfMade) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.open({ runs: "bundle" });
  });

  afterAll(async () => {
    await scene.close();
  });

  const generations = async (): Promise<Record<string, number>> =>
    Object.fromEntries((await scene.workloads()).map(({ metadata }) => [metadata.name, metadata.generation]));

  /** What a killed update leaves keeps the next from beginning, until its lock is taken away. */
  async function unlock(): Promise<void> {
    const { code, output } = await scene.up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/the stack is currently locked by 1 lock\(s\)[^]*pulumi cancel/);
    await scene.stack.succeed(["cancel", "--yes"]);
  }

  test("is killed while it makes a backend, and the next one goes on", async () => {
    await scene.enter("baseline");
    scene.configure({ stage: "provision" });
    await cutOff(scene.stack, says(halfMade), { env });
    await unlock();
    await scene.enter("provision");
    expect(await scene.objects("skywalking-v9")).toContain("deployment.apps/oap-v9");
    await scene.expectNoChanges();
  });

  test("is killed in the middle of the waves, and the next one moves the rest, and nobody twice", async () => {
    const before = await generations();
    scene.configure({ stage: "shift" });
    await cutOff(scene.stack, says(/ (cart|payment) creating/), { env });
    await unlock();
    const moved = await scene.moved();
    expect(moved).toContain("catalog");
    expect(moved).not.toEqual(all);
    await scene.enter("shift");
    expect(await scene.moved()).toEqual(all);
    expect(await generations()).toEqual(Object.fromEntries(Object.entries(before).map(([name, n]) => [name, n + 1])));
    await scene.expectNoChanges();
  });

  test("is ended by Ctrl-C on the way back, and the next one goes on at once", async () => {
    scene.configure({ stage: "provision" });
    // The other waves wait for the first one.
    const first = says(/Deployment shop\/catalog goes back to its owner/);
    expect(await cutOff(scene.stack, first, { env, signal: "SIGINT" })).toBeGreaterThan(0);
    expect(await scene.moved()).toEqual(expect.arrayContaining(all.filter((name) => name !== "catalog")));
    await scene.enter("provision");
    expect(await scene.moved()).toEqual([]);
    await scene.expectNoChanges();
  });

  test("is ended by Ctrl-C while a gate waits, before its time is up", async () => {
    // Nobody answers for an OAP here.
    scene.configure({ gates: "enforce", stage: "canary-1" });
    const waits = says(/v9-healthy creating .*Cannot ask the OAP of v9/);
    expect(await cutOff(scene.stack, waits, { env, signal: "SIGINT" })).toBeGreaterThan(0);
    expect(await scene.moved()).toEqual([]);
    await scene.enter("provision");
    await scene.expectNoChanges();
  });
});
