import { readFileSync } from "node:fs";

import { Scene, shopManifests, type RuleWatcher } from "./scene";

jest.setTimeout(180_000);

let scene: Scene;
let watcher: RuleWatcher;
/** As the owners made them. */
let original: Record<string, unknown>;

beforeAll(async () => {
  scene = await Scene.open();
  original = await scene.templates();
});

afterAll(async () => {
  await scene.close();
});

const wave1 = ["catalog"];
const wave2 = ["cart", "catalog", "payment"];
const everyone = ["cart", "catalog", "edge-gateway", "frontend", "inventory", "payment"];

describe("forward", () => {
  test("baseline and provision touch no pod of a target service", async () => {
    const pods = await scene.podIds();
    await scene.enter("baseline");
    watcher = await scene.watchRules();
    expect(await scene.objects("skywalking-v6")).toContain("deployment.apps/oap-v6");
    await scene.enter("provision");
    expect(await scene.objects("skywalking-v9")).toContain("deployment.apps/oap-v9");
    expect(await scene.podIds()).toEqual(pods);
    expect(await scene.templates()).toEqual(original);
    await scene.expectNoChanges();
  });

  test.each([
    ["canary", wave1],
    ["canary-2", wave2],
    ["canary-3", everyone],
    ["shift", everyone],
  ])("%s", async (stage, moved) => {
    await scene.enter(stage);
    expect(await scene.moved()).toEqual(moved);
    await scene.expectNoChanges();
  });

  test("an agent is told address, namespace and release as one", async () => {
    const told = {
      backendService: "oap-v9.skywalking-v9.svc:11800",
      agentNamespace: "v9",
      agentImage: "apache/skywalking-java-agent:9.3.0-alpine",
    };
    expect(await scene.settings()).toEqual(Object.fromEntries(everyone.map((name) => [name, told])));
  });

  test("drain stops the old OAP and keeps everything of it", async () => {
    const before = await scene.objects("skywalking-v6");
    await scene.enter("drain");
    expect(await scene.objects("skywalking-v6")).toEqual(before);
    const pods = await scene.list<{ metadata: { name: string } }>(["pods"], "skywalking-v6");
    expect(pods.map(({ metadata }) => metadata.name.replace(/-init-.*/, "-init")).sort()).toEqual([
      "elasticsearch-v6-0",
      "oap-v6-init",
    ]);
    await scene.expectNoChanges();
  });
});

describe("back", () => {
  test.each([
    ["shift", everyone],
    ["canary-3", everyone],
    ["canary-2", wave2],
    ["canary-1", wave1],
    ["provision", []],
    ["baseline", []],
  ])("to %s", async (stage, moved) => {
    await scene.enter(stage);
    expect(await scene.moved()).toEqual(moved);
    await scene.expectNoChanges();
  });

  test("everything is as its owner made it, in the ReplicaSets of before", async () => {
    expect(await scene.templates()).toEqual(original);
    const sets = await scene.list<{ metadata: { ownerReferences: { name: string }[] } }>(["replicasets"], "shop");
    const perDeployment = new Map<string, number>();
    for (const { metadata } of sets) {
      const [owner] = metadata.ownerReferences;
      perDeployment.set(owner?.name ?? "", (perDeployment.get(owner?.name ?? "") ?? 0) + 1);
    }
    // One as the owner made it, one moved; a way back that was not exact would have made a third.
    expect(Object.fromEntries(perDeployment)).toEqual({ cart: 2, catalog: 2, frontend: 2 });
  });

  test("at baseline the new backend is kept, at 0 replicas", async () => {
    expect(await scene.objects("skywalking-v9")).toContain("deployment.apps/oap-v9");
    const [oap] = await scene.list<{ spec: { replicas: number } }>(["deployments"], "skywalking-v9");
    expect(oap?.spec.replicas).toBe(0);
  });

  test("in one step from drain, waiting for an old OAP that starts slowly", async () => {
    await scene.enter("drain");
    expect(await scene.moved()).toEqual(everyone);
    await scene.kubectl([
      "-n",
      "skywalking-v6",
      "patch",
      "deployment",
      "oap-v6",
      "--field-manager=test",
      "--patch",
      JSON.stringify({
        spec: { template: { metadata: { annotations: { "skywalking-canary.test/behaviour": "slow" } } } },
      }),
    ]);
    await scene.enter("baseline");
    expect(await scene.templates()).toEqual(original);
  });
});

describe("while the owners deploy", () => {
  const manifests = readFileSync(shopManifests, "utf8");
  let release = 0;
  /** The owners' manifests with other images, as a new release of every application. */
  const nextRelease = (text = manifests): string => {
    release += 1;
    return text.replaceAll(/(image: \S+:)(\S+)/g, `$1$2-r${String(release)}`);
  };
  /** The owners' manifests without a word of address or namespace. */
  const silent = manifests
    .replaceAll(/^.*SW_AGENT_COLLECTOR_BACKEND_SERVICES.*\n/gm, "")
    .replaceAll(/ ?-Dskywalking\.\S+?(?=[\s"])/g, "")
    .replaceAll(",agent.namespace=v6", "");

  const clientSide = (text: string) => scene.kubectl(["apply", "-f", "-"], text);
  const serverSide = (text: string) =>
    scene.kubectl(["apply", "--server-side", "--force-conflicts", "--field-manager=deployer", "-f", "-"], text);

  // frontend is the one whose owner sets the carrier: a deploy moves it back, as a whole.
  const withoutFrontend = (moved: readonly string[]) => moved.filter((name) => name !== "frontend");

  test.each([
    ["provision", []],
    ["canary-1", wave1],
    ["canary-2", wave2],
    ["shift", everyone],
  ])("at %s, what is moved stays whole, and is moved again", async (stage, moved) => {
    await scene.enter(stage);
    await clientSide(nextRelease());
    expect(await scene.moved()).toEqual(withoutFrontend(moved));
    const { output } = await scene.stack.succeed(["up", "--yes", "--skip-preview", "--refresh"]);
    expect(output).toContain(
      "frontend: its owner sets JAVA_TOOL_OPTIONS too, so every deploy by that owner moves the agent back",
    );
    expect(await scene.moved()).toEqual(moved);
    await serverSide(nextRelease());
    expect(await scene.moved()).toEqual(withoutFrontend(moved));
    await clientSide(nextRelease(silent));
    expect(await scene.moved()).toEqual(withoutFrontend(moved));
    await scene.stack.succeed(["up", "--yes", "--skip-preview", "--refresh"]);
    expect(await scene.moved()).toEqual(moved);
    await scene.expectNoChanges();
  });

  test("without --refresh, the next update moves it again too", async () => {
    await clientSide(nextRelease());
    expect(await scene.moved()).not.toContain("frontend");
    await scene.enter("shift");
    expect(await scene.moved()).toEqual(everyone);
  });

  test("and back, the owners' last manifests are what is left", async () => {
    const last = nextRelease();
    await clientSide(last);
    await scene.enter("shift");
    await scene.enter("baseline");
    const settings = await scene.settings();
    expect(settings.frontend).toMatchObject({
      backendService: "oap-v6.skywalking-v6.svc:11800",
      agentNamespace: "v6",
    });
    for (const template of Object.values(await scene.templates())) {
      expect(JSON.stringify(template)).not.toContain("skywalking-canary");
      expect(JSON.stringify(template)).toContain(`-r${String(release)}`);
    }
  });
});

test("in all of this no revision was torn, and no pod pointed at a backend that was not there", async () => {
  const { revisions, pods, violations } = await watcher.stop();
  expect(violations).toEqual([]);
  expect(revisions).toBeGreaterThan(100);
  expect(pods).toBeGreaterThan(200);
});

test("an owner who sets the carrier sends the agent to a stopped backend at drain, and that is said before", async () => {
  const said = await scene.enter("drain");
  expect(said).toContain(
    "frontend: its owner sets JAVA_TOOL_OPTIONS too, so every deploy by that owner sends the agent to a stopped backend",
  );
  const late = await scene.watchRules();
  await scene.kubectl(["apply", "-f", shopManifests]);
  await scene.enter("drain");
  expect(await scene.moved()).toEqual(everyone);
  const { violations } = await late.stop();
  expect(violations.length).toBeGreaterThan(0);
  expect(violations.every((violation) => /^pod frontend-\S+ points at v6/.test(violation))).toBe(true);
});
