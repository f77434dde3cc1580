import { eventuallyEqual } from "../eventually";
import { Scene } from "./scene";

jest.setTimeout(180_000);

let scene: Scene;
let pods: string[];

beforeAll(async () => {
  scene = await Scene.open({ stack: "hot-reboot" });
  pods = await scene.podIds();
});

afterAll(async () => {
  await scene.close();
});

interface Service {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly selector: Readonly<Record<string, string>> };
}

interface Deployment {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

/** Where the entrance leads, and how many OAP servers of each generation are ready. */
async function state(): Promise<{ leadsTo: string | undefined; ready: Record<string, number> }> {
  const services = await scene.list<Service>(["services"], "skywalking");
  const entrance = services.find(({ metadata }) => metadata.name === "oap");
  const deployments = await scene.list<Deployment>(["deployments"], "skywalking");
  return {
    leadsTo: entrance?.spec.selector["app.kubernetes.io/instance"],
    ready: Object.fromEntries(
      deployments
        .filter(({ metadata }) => metadata.name.startsWith("oap-"))
        .map(({ metadata, status }) => [metadata.name, status.readyReplicas ?? 0]),
    ),
  };
}

test.each([
  ["baseline", { leadsTo: "v8", ready: { "oap-v8": 2 } }],
  ["provision", { leadsTo: "v8", ready: { "oap-v8": 2, "oap-v9": 0 } }],
  ["shift", { leadsTo: "v9", ready: { "oap-v8": 0, "oap-v9": 2 } }],
  ["provision", { leadsTo: "v8", ready: { "oap-v8": 2, "oap-v9": 0 } }],
  ["shift", { leadsTo: "v9", ready: { "oap-v8": 0, "oap-v9": 2 } }],
  ["drain", { leadsTo: "v9", ready: { "oap-v8": 0, "oap-v9": 2 } }],
  ["baseline", { leadsTo: "v8", ready: { "oap-v8": 2, "oap-v9": 0 } }],
  ["drain", { leadsTo: "v9", ready: { "oap-v8": 0, "oap-v9": 2 } }],
  ["retire", { leadsTo: "v9", ready: { "oap-v9": 2 } }],
])("%s", async (stage, expected) => {
  await scene.enter(stage);
  await eventuallyEqual(state, expected);
  await scene.expectNoChanges();
});

test("agents that keep their ids are not led back to an OAP that knows these as those of others", async () => {
  const config = (v8: string, v9: string, agent: string) => ({
    "generations.v8.version": v8,
    "generations.v9.version": v9,
    "serviceDefaults.agent.release": agent,
  });
  scene.configure(config("6.6.0", "7.0.0", "6.6.0"));
  const output = await scene.refused("baseline");
  expect(output).toContain('stage: "baseline" leads the entrance from v9 back to v8');
  expect(output).toContain("scale api, web to 0 until the update is done");
  scene.configure({ ...config("8.9.1", "9.7.0", "8.9.0"), stage: "retire" });
});

test("no target service was touched", async () => {
  expect(await scene.podIds()).toEqual(pods);
  const workloads = await scene.workloads();
  expect(workloads.map(({ metadata }) => JSON.stringify(metadata))).not.toContain("skywalking-canary");
});

test("a service that does not report through the entrance is an error before anything moves", async () => {
  await scene.kubectl([
    "-n",
    "shop",
    "set",
    "env",
    "deployment/web",
    "SW_AGENT_COLLECTOR_BACKEND_SERVICES=elsewhere:11800",
  ]);
  const { code, output } = await scene.up();
  expect(code).not.toBe(0);
  expect(output).toContain(
    "services.web: reports to elsewhere:11800, not through the entrance (oap.skywalking.svc:11800)",
  );
});
