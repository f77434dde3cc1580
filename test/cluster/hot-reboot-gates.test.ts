import { RecordedOap } from "../../tools/recorded-oap/server";
import { eventuallyEqual } from "../eventually";
import { Scene } from "./scene";

jest.setTimeout(240_000);

let v9: RecordedOap;
let scene: Scene;
let heartbeats: NodeJS.Timeout;
/** Services whose agents report to v9. */
const reporting: string[] = [];

beforeAll(async () => {
  v9 = await RecordedOap.start({ release: "9.7.0" });
  // Only the OAP that is entered is ever asked.
  scene = await Scene.open({ stack: "hot-reboot", behindPods: [{ namespace: "skywalking", port: v9.port }] });
  heartbeats = setInterval(() => {
    for (const service of reporting) for (const pod of [1, 2]) v9.reports(service, `${service}-${String(pod)}`);
  }, 1000);
  scene.configure({ "gates.arrived.soak": "2s" });
});

afterAll(async () => {
  clearInterval(heartbeats);
  await scene.close();
  await v9.stop();
});

const readyReplicas = async (): Promise<Record<string, number>> => {
  const deployments = await scene.list<{ metadata: { name: string }; status: { readyReplicas?: number } }>(
    ["deployments"],
    "skywalking",
  );
  return Object.fromEntries(
    deployments
      .filter(({ metadata }) => metadata.name.startsWith("oap-"))
      .map(({ metadata, status }) => [metadata.name, status.readyReplicas ?? 0]),
  );
};

const leadsTo = async (): Promise<string | undefined> => {
  const services = await scene.list<{
    metadata: { name: string };
    spec: { selector: Readonly<Record<string, string>> };
  }>(["services"], "skywalking");
  const entrance = services.find(({ metadata }) => metadata.name === "oap");
  return entrance?.spec.selector["app.kubernetes.io/instance"];
};

test("the entrance stays where it is while the new OAP is not healthy", async () => {
  await scene.enter("provision");
  v9.score = 1;
  scene.configure({ "gates.healthy.timeout": "5s" });
  const output = await scene.refused("shift");
  expect(output).toContain(
    "v9-healthy did not pass within 5 s: the OAP of v9: it is not healthy: storage_elasticsearch",
  );
  expect(await leadsTo()).toBe("v8");
  await eventuallyEqual(readyReplicas, { "oap-v8": 2, "oap-v9": 2 });
});

test("agents that do not come after the old OAP has stopped fail the stage, by name", async () => {
  v9.score = 0;
  reporting.push("web");
  // Reports count from the first whole minute of the servers on.
  scene.configure({ "gates.arrived.timeout": "75s" });
  const output = await scene.refused("shift");
  expect(output).toContain("1 of 2 services alive on v9, waiting for api (0 of 2)");
  expect(await leadsTo()).toBe("v9");
  await eventuallyEqual(readyReplicas, { "oap-v8": 0, "oap-v9": 2 });
});

test("when they have come, the stage is done", async () => {
  reporting.push("api");
  await scene.enter("shift");
  await scene.expectNoChanges();
});

test("the way back asks nothing", async () => {
  const before = v9.requests;
  await scene.enter("provision");
  expect(await leadsTo()).toBe("v8");
  expect(v9.requests).toBe(before);
});

test("going on again, what was reported before the way back does not count", async () => {
  reporting.length = 0;
  scene.configure({ "gates.arrived.timeout": "10s" });
  const output = await scene.refused("shift");
  expect(output).toContain("0 of 2 services alive on v9, waiting for api (0 of 2), web (0 of 2)");
});
