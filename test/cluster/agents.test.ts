import { join } from "node:path";

import { Scene } from "./scene";

jest.setTimeout(300_000);

const fixtures = join(__dirname, "..", "fixtures");
const custom = ["rollouts", "clonesets"] as const;

interface Custom {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly spec: { readonly template: unknown };
  readonly status?: { readonly observedGeneration?: number | string };
}

let scene: Scene;
let controllers: Controllers;

/** Stands in for the controllers of Argo Rollouts and OpenKruise: says of each change that it has rolled out. */
class Controllers {
  private ended = false;
  private readonly loop: Promise<unknown>;

  constructor(private readonly of: Scene) {
    // What goes wrong is the loop's result, which end() throws; a rejection that nobody waits for would
    // end the process.
    this.loop = this.run().then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  private async run(): Promise<void> {
    while (!this.ended) {
      for (const { kind, metadata, status } of await this.of.list<Custom>(custom, "shop")) {
        if (Number(status?.observedGeneration ?? 0) === metadata.generation) continue;
        const seen = kind === "Rollout" ? String(metadata.generation) : metadata.generation;
        await this.of.kubectl([
          "-n",
          "shop",
          "patch",
          kind.toLowerCase(),
          metadata.name,
          "--subresource=status",
          "--type=merge",
          "-p",
          JSON.stringify({
            status: { observedGeneration: seen, phase: "Healthy", updatedReplicas: 1, updatedReadyReplicas: 1 },
          }),
        ]);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    const error = await this.loop;
    expect(error).toBeUndefined();
  }
}

beforeAll(async () => {
  scene = await Scene.open({ stack: "agents" });
  const crds = join(fixtures, "agents-crds.yaml");
  await scene.kubectl(["apply", "-f", crds]);
  await scene.kubectl(["wait", "--for=condition=Established", "-f", crds]);
  await scene.kubectl(["apply", "-f", join(fixtures, "agents-custom.yaml")]);
  controllers = new Controllers(scene);
});

afterAll(async () => {
  await scene.close();
});

/** Pod templates by workload. */
async function templates(): Promise<Record<string, unknown>> {
  const [own, others] = await Promise.all([scene.templates(), scene.list<Custom>(custom, "shop")]);
  return { ...own, ...Object.fromEntries(others.map(({ metadata, spec }) => [metadata.name, spec.template])) };
}

/** Whose their fields are. */
const ownership = (): Promise<unknown> => scene.ownership(["deployments", "statefulsets", "daemonsets", ...custom]);

/** Whether a text is somewhere in a workload's pod template. */
const mentions = (template: unknown, text: string): boolean => JSON.stringify(template).includes(text);
const address = "oap-v9.skywalking-v9.svc:11800";
const all = ["audit", "billing", "cart", "ledger", "mail", "orders", "relay", "search", "stock", "web"];

test("agents of every language move by every way, wave by wave, and back to the very pod template of before", async () => {
  const before = await templates();
  const owners = await ownership();
  expect(Object.keys(before).sort()).toEqual(all);

  await scene.enter("baseline");
  await scene.enter("provision");
  expect(await templates()).toEqual(before);

  await scene.enter("canary-1");
  const first = await templates();
  expect(all.filter((name) => JSON.stringify(first[name]) !== JSON.stringify(before[name]))).toEqual([
    "billing",
    "cart",
    "orders",
    "search",
  ]);
  await scene.expectNoChanges();

  await scene.enter("shift");
  const moved = await templates();
  // Those of a mounted file have the address in a ConfigMap.
  const files = ["mail", "stock"];
  expect(all.filter((name) => mentions(moved[name], address))).toEqual(all.filter((name) => !files.includes(name)));
  for (const name of files) expect(mentions(moved[name], "-skywalking-canary-")).toBe(true);
  expect(all.filter((name) => mentions(moved[name], "skywalking-canary-v9-token"))).toEqual(all);
  expect(mentions(moved, "t0ken")).toBe(false);
  const configMaps = await scene.list<{ metadata: { name: string }; data: Record<string, string> }>(
    ["configmaps"],
    "shop",
  );
  const [mail] = configMaps.filter(({ metadata }) => metadata.name.startsWith("mail-ini-skywalking-canary-"));
  expect(mail?.data["skywalking.ini"]).toBe(
    [
      "extension=skywalking_agent.so",
      `skywalking_agent.server_addr=${address}`,
      "skywalking_agent.service_name=mail",
      "skywalking_agent.authentication=${SKYWALKING_CANARY_TOKEN}",
      "",
    ].join("\n"),
  );
  await scene.expectNoChanges();

  // The owners deploy: those whose manifest sets nothing of ours stay, the others go back as a whole.
  await scene.kubectl([
    "apply",
    "-f",
    join(fixtures, "agents-services.yaml"),
    "-f",
    join(fixtures, "agents-custom.yaml"),
  ]);
  const deployed = await templates();
  const back = all.filter((name) => JSON.stringify(deployed[name]) !== JSON.stringify(moved[name]));
  for (const name of back) expect(mentions(deployed[name], address)).toBe(false);
  await scene.enter("shift");
  expect(await templates()).toEqual(moved);

  await scene.enter("provision");
  expect(await templates()).toEqual(before);
  expect(await ownership()).toEqual(owners);
  await scene.expectNoChanges();
});

test("a kind whose CRD is not installed is said so, before anything moves", async () => {
  await controllers.end();
  await scene.kubectl(["delete", "crd", "clonesets.apps.kruise.io"]);
  const { code, output } = await scene.up();
  expect(code).not.toBe(0);
  expect(output).toContain("OpenKruise is not installed (CustomResourceDefinition clonesets.apps.kruise.io)");
});
