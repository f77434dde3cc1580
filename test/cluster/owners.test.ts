import { readFileSync } from "node:fs";

import { setTimeout as sleep } from "node:timers/promises";

import { parseAllDocuments } from "yaml";

import { Scene, shopManifests } from "./scene";

jest.setTimeout(300_000);

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open();
  await scene.enter("provision");
});

afterAll(async () => {
  await scene.close();
});

const javaagent = "-javaagent:/skywalking/agent/skywalking-agent.jar=agent.service_name=frontend";

interface Live {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

interface Manifest {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec: { readonly containers: Container[] } } };
}
interface Container {
  image: string;
  env?: { readonly name: string; value?: string }[];
}

/** The manifest of the one service whose owner sets the variable that carries an agent's settings. */
function frontendWith(change: (container: Container) => void): string {
  const documents = parseAllDocuments(readFileSync(shopManifests, "utf8")).map((each) => each.toJS() as Manifest);
  const found = documents.find(({ metadata }) => metadata.name === "frontend");
  const [container] = found?.spec.template.spec.containers ?? [];
  if (container === undefined) throw new Error("the shop has no frontend");
  change(container);
  return JSON.stringify(found);
}
const frontend = frontendWith(() => undefined);
const withOptions = (value: string): string =>
  frontendWith((container) => {
    container.image += "-next";
    container.env = [{ name: "JAVA_TOOL_OPTIONS", value }];
  });
const withoutOptions = frontendWith((container) => {
  delete container.env;
});

const clientSide = (text: string) => scene.kubectl(["apply", "-f", "-"], text);
const serverSide = (text: string, manager = "helm", ...more: string[]) =>
  scene.kubectl(["apply", "--server-side", `--field-manager=${manager}`, ...more, "-f", "-"], text);

/** Deletes the service and deploys it in another way, so that nobody else has written it before. */
async function deployedAnewBy(deploy: () => Promise<unknown>): Promise<void> {
  await scene.kubectl(["-n", "shop", "delete", "deployment", "frontend"]);
  await deploy();
  await scene.kubectl(["-n", "shop", "rollout", "status", "deployment/frontend", "--timeout=60s"]);
}

async function optionsOf(): Promise<string | undefined> {
  const live = (await scene.workloads()).find(({ metadata }) => metadata.name === "frontend");
  return live?.spec.template.spec.containers[0]?.env?.find(({ name }) => name === "JAVA_TOOL_OPTIONS")?.value;
}

describe.each<[string, () => Promise<unknown>, (text: string) => Promise<unknown>]>([
  ["client-side", () => clientSide(frontend), clientSide],
  ["server-side", () => serverSide(frontend), serverSide],
  [
    "server-side and by hand",
    async () => {
      await serverSide(frontend);
      await scene.kubectl([
        "-n",
        "shop",
        "set",
        "env",
        "deployment/frontend",
        `JAVA_TOOL_OPTIONS=-Dby=hand ${javaagent}`,
      ]);
    },
    (text) => serverSide(text, "helm", "--force-conflicts"),
  ],
])("an owner who applies %s", (_, deploy, deployAgain) => {
  let owners: unknown;
  let original: unknown;

  beforeAll(async () => {
    await deployedAnewBy(deploy);
    original = await scene.templates();
    owners = await scene.ownership();
  });

  test("has everything as if we had never come, after the way back", async () => {
    await scene.enter("shift");
    expect(await scene.moved()).toContain("frontend");
    expect(await scene.ownership()).not.toEqual(owners);
    expect(await scene.enter("provision")).toMatch(/frontend.*: goes back to its owner/);
    expect(await scene.templates()).toEqual(original);
    expect(await scene.ownership()).toEqual(owners);
    await scene.expectNoChanges();
  });

  test("can deploy another value then, and none", async () => {
    await deployAgain(withOptions(`-Dnext=1 ${javaagent}`));
    expect(await optionsOf()).toBe(`-Dnext=1 ${javaagent}`);
    await deployAgain(withoutOptions);
    expect(await optionsOf()).toBeUndefined();
  });
});

describe("Argo CD with selfHeal", () => {
  beforeAll(async () => {
    await deployedAnewBy(() => serverSide(frontend, "argocd-controller"));
  });

  afterAll(() => {
    scene.configure({ "services.frontend.takeOver": undefined });
  });

  test("is an error before anything moves, with what to paste", async () => {
    expect(await scene.refused("shift")).toContain(
      "services.frontend.takeOver: is missing, and Argo CD sets JAVA_TOOL_OPTIONS too and puts its own value back; allowed: force, refuse -> add to its Application ignoreDifferences: [{group: apps, kind: Deployment, namespace: shop, name: frontend, managedFieldsManagers: [skywalking-canary]}]",
    );
    expect(await scene.moved()).toEqual([]);
  });

  test("ends the wait at once where it puts its value back all the same", async () => {
    scene.configure({ "services.frontend.takeOver": "force" });
    const healing = new AbortController();
    const heals = (async () => {
      while (!healing.signal.aborted) {
        await serverSide(frontend, "argocd-controller", "--force-conflicts");
        await sleep(1_000);
      }
    })();
    const started = Date.now();
    expect(await scene.refused("shift")).toContain(
      "argocd-controller has changed JAVA_TOOL_OPTIONS of Deployment shop/frontend after it was applied, so the agent does not move -> keep it from doing so",
    );
    // Not after `timeouts.rollout`, which is 15 minutes.
    expect(Date.now() - started).toBeLessThan(120_000);
    healing.abort();
    await heals;
    await scene.enter("provision");
    expect(await scene.moved()).toEqual([]);
  });

  test("leaves it where it is told to", async () => {
    await scene.enter("shift");
    expect(await scene.moved()).toContain("frontend");
    await scene.enter("provision");
    await serverSide(withOptions(`-Dnext=1 ${javaagent}`), "argocd-controller");
    expect(await optionsOf()).toBe(`-Dnext=1 ${javaagent}`);
  });
});

test("a way back that was cut off between its two writes is finished by the next update", async () => {
  await deployedAnewBy(() => serverSide(frontend));
  const owners = await scene.ownership();
  await scene.enter("shift");
  const live = (await scene.list<Live>(["deployments"], "shop")).find(({ metadata }) => metadata.name === "frontend");
  const annotations = Object.fromEntries(
    Object.entries(live?.metadata.annotations ?? {}).filter(([name]) => name.startsWith("skywalking-canary/")),
  );
  const { env } = (JSON.parse(frontend) as Manifest).spec.template.spec.containers[0] ?? {};
  const written = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "frontend", namespace: "shop", annotations },
    spec: { template: { spec: { containers: [{ name: "frontend", env }] } } },
  };
  await serverSide(JSON.stringify(written), "skywalking-canary");
  expect(await scene.ownership()).not.toEqual(owners);
  await scene.enter("provision");
  expect(await scene.ownership()).toEqual(owners);
});

test("what its owner has applied without while it was moved does not come back", async () => {
  await deployedAnewBy(() => serverSide(frontend));
  await scene.enter("shift");
  await serverSide(withoutOptions);
  await scene.enter("provision");
  expect(await optionsOf()).toBeUndefined();
});

test("an owner who has come under another name while it was moved has it under that name", async () => {
  await deployedAnewBy(() => clientSide(frontend));
  await scene.enter("shift");
  await serverSide(frontend, "kubectl", "--force-conflicts");
  await scene.enter("shift");
  expect(await scene.moved()).toContain("frontend");
  await scene.enter("provision");
  await serverSide(withOptions(`-Dnext=1 ${javaagent}`), "kubectl");
  expect(await optionsOf()).toBe(`-Dnext=1 ${javaagent}`);
});

test("what its owner has forced in while it was moved is what is left", async () => {
  await deployedAnewBy(() => serverSide(frontend));
  await scene.enter("shift");
  await serverSide(withOptions(`-Dnext=1 ${javaagent}`), "helm", "--force-conflicts");
  await scene.enter("provision");
  expect(await optionsOf()).toBe(`-Dnext=1 ${javaagent}`);
  await serverSide(withOptions(`-Dnext=2 ${javaagent}`), "helm");
  expect(await optionsOf()).toBe(`-Dnext=2 ${javaagent}`);
});
