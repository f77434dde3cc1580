import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { RecordedOap } from "../../tools/recorded-oap/server";
import { eventuallyEqual } from "../eventually";
import { Scene } from "./scene";

jest.setTimeout(300_000);

const [present, next] = ["apache/skywalking-oap-server:10.4.0", "apache/skywalking-oap-server:11.0.0"];

/** What the pods' port leads to, whichever of the two releases they run. */
let oap: RecordedOap;
let scene: Scene;
let heartbeats: NodeJS.Timeout;

const saysThatItIs = (release: string): void => {
  oap.version = `${release}-0000000`;
};

const agentsReport = (): void => {
  for (const service of ["web", "api"]) for (const pod of [1, 2]) oap.reports(service, `${service}-${String(pod)}`);
};

beforeAll(async () => {
  oap = await RecordedOap.start({ release: "11.0.0" });
  saysThatItIs("10.4.0");
  scene = await Scene.open({
    stack: "in-place-gates",
    services: "in-place",
    behindPods: [
      { namespace: "skywalking-main", port: oap.port },
      { namespace: "skywalking-main", port: oap.adminPort ?? 0, podPort: 17128 },
    ],
  });
  await scene.enter("baseline");
});

afterAll(async () => {
  clearInterval(heartbeats);
  await scene.close();
  await oap.stop();
});

interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: { readonly podIP?: string };
}

const podsOf = async (component: string): Promise<Pod[]> =>
  (await scene.list<Pod>(["pods"], "skywalking-main")).filter(
    ({ metadata }) => metadata.labels["app.kubernetes.io/component"] === component,
  );
const oapPods = (): Promise<Pod[]> => podsOf("oap");

const imagesOf = async (component: string): Promise<string[]> =>
  (await podsOf(component)).flatMap(({ spec }) => spec.containers.map(({ image }) => image));
const oapImages = (): Promise<string[]> => imagesOf("oap");
const uiImages = (): Promise<string[]> => imagesOf("ui");

test("a check before shift stands before the servers are replaced", async () => {
  expect(await scene.refused("shift")).toContain(
    "check-backup did not pass within 1 s: `test -f backup-done` ended with 1",
  );
  await eventuallyEqual(oapImages, [present, present]);
});

test("an OAP that says that it is the release of before fails the stage, which says so", async () => {
  agentsReport();
  writeFileSync(join(scene.stack.directory, "backup-done"), "");
  expect(await scene.refused("shift")).toContain(
    "main-healthy did not pass within 5 s: the OAP of main: it reports version 10.4.0-0000000, but release 11.0.0 reports 11.0.0",
  );
  await eventuallyEqual(oapImages, [next, next]);
});

test("so does one whose cluster has other nodes than its own pods", async () => {
  saysThatItIs("11.0.0");
  const own = (await oapPods()).map(({ status }) => status.podIP ?? "");
  oap.nodes = [...own, "192.0.2.1"];
  expect(await scene.refused("shift")).toContain(
    "main-healthy did not pass within 5 s: the OAP of main: its cluster has nodes that are not its own pods: 192.0.2.1",
  );
  oap.nodes = own;
});

test("and agents whose reports are all from before the servers were replaced, by name", async () => {
  expect(await scene.refused("shift")).toContain(
    "main-arrived did not pass within 15 s: 0 of 2 services alive on main, waiting for api (0 of 2), web (0 of 2)",
  );
});

test("when all of that is right, the next update goes on", async () => {
  heartbeats = setInterval(agentsReport, 1000);
  // Reports count from the first whole minute of the servers on.
  scene.configure({ "gates.arrived.timeout": "90s" });
  await scene.enter("shift");
  expect(await scene.gates()).toMatchObject({
    "check-backup": { held: true },
    "main-healthy": { held: true, said: "the OAP of main answers as 11.0.0-0000000", health: "healthy", nodes: 2 },
    "main-arrived": { held: true, said: "2 of 2 services alive on main", instances: { web: 2, api: 2 } },
  });
  await eventuallyEqual(oapImages, [next, next]);
  await eventuallyEqual(uiImages, ["apache/skywalking-ui:horizon-1.0.1"]);
  await scene.expectNoChanges();
});

test("the way back asks nothing, whatever the new OAP does", async () => {
  oap.misbehaviour = "stalls";
  const before = oap.requests;
  await scene.enter("baseline");
  await eventuallyEqual(oapImages, [present, present]);
  await eventuallyEqual(uiImages, ["apache/skywalking-ui:10.4.0"]);
  expect(await scene.gates()).toEqual({});
  expect(oap.requests).toBe(before);
});
