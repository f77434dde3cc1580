import { readFileSync } from "node:fs";
import type { Run } from "../../commands/stack/run";
import { Scene } from "./scene";

jest.setTimeout(180_000);

let scene: Scene;

/** `npm run adopt` with these arguments, in the folder of the scene's stack. */
const adopt = (...args: readonly string[]): Promise<Run> => scene.command("adopt", ...args);

beforeAll(async () => {
  scene = await Scene.open({ runs: "sources" });
  scene.configure({ services: undefined, serviceDefaults: undefined, waves: undefined });
});

afterAll(async () => {
  await scene.close();
});

test("without a word of the release nothing is taken over, and the stack file stays as it is", async () => {
  const before = readFileSync(scene.stackFile, "utf8");
  const { code, output } = await adopt("--namespace", "shop");
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain("0 services can be taken over as found.");
  expect(output).toContain("No sign of an agent in: StatefulSet shop/payment.");
  expect(readFileSync(scene.stackFile, "utf8")).toBe(before);
});

test("what it writes into the stack file previews and updates without touching a pod", async () => {
  const pods = await scene.podIds();
  const templates = await scene.templates();
  const { code, output } = await adopt("--namespace", "shop", "--release", "6.6.0", "--apply");
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain("5 services can be taken over as found");
  // What stood in the file still does.
  expect(readFileSync(scene.stackFile, "utf8")).toContain("# 6.x agents cannot talk to OAP 9");

  const preview = await scene.stack.succeed(["preview", "--json"]);
  const { steps } = JSON.parse(preview.stdout) as { steps: { newState?: { type: string } }[] };
  const types = steps.map(({ newState }) => newState?.type ?? "");
  expect(types).toContain("kubernetes:apps/v1:Deployment");
  expect(types.filter((type) => type.endsWith("Patch"))).toEqual([]);

  await scene.enter("baseline");
  expect(await scene.podIds()).toEqual(pods);
  expect(await scene.templates()).toEqual(templates);
});

test("a second time there is nothing to add", async () => {
  const before = readFileSync(scene.stackFile, "utf8");
  const { output } = await adopt("--namespace", "shop", "--release", "6.6.0", "--apply");
  expect(output).toContain("In the config already: ");
  expect(readFileSync(scene.stackFile, "utf8")).toBe(before);
});

test("what was taken over moves, and comes back", async () => {
  await scene.enter("shift");
  expect(await scene.moved()).toEqual(["cart", "catalog", "edge-gateway", "frontend", "inventory"]);
  await scene.enter("baseline");
  expect(await scene.moved()).toEqual([]);
});

test("a cluster that is not there is named, with what to set", async () => {
  await scene.stack.set("kubernetes:context", "nowhere");
  const { code, output } = await adopt("--namespace", "shop");
  await scene.stack.succeed(["config", "rm", "kubernetes:context"]);
  expect(code).toBe(1);
  expect(output).toMatch(/kubernetes:context: "nowhere" is not in the kubeconfig/);
});
