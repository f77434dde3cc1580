import { Scene } from "./scene";

jest.setTimeout(180_000);

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open();
});

afterAll(async () => {
  await scene.close();
});

test("a rollout whose new pods are refused says by what", async () => {
  await scene.enter("provision");
  scene.configure({ "timeouts.rollout": "10s" });
  const quota = {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "no-more-pods", namespace: "shop" },
    spec: { hard: { pods: "1" } },
  };
  await scene.kubectl(["create", "-f", "-"], JSON.stringify(quota));
  await scene.kubectl(["-n", "shop", "wait", "resourcequota/no-more-pods", "--for=jsonpath={.status.hard.pods}=1"]);
  expect(await scene.refused("canary-1")).toMatch(
    /waiting for Deployment shop\/catalog \(old pods still running: 2; FailedCreate: pods "catalog-\S+" is forbidden: exceeded quota: no-more-pods, requested: pods=1, used: pods=\d+, limited: pods=1\) -> /,
  );
  await scene.enter("provision");
  expect(await scene.moved()).toEqual([]);
  await scene.kubectl(["-n", "shop", "delete", "resourcequota/no-more-pods"]);
});

test("a rollout whose new pods crash says how", async () => {
  const annotations = {
    "skywalking-canary.test/behaviour": "fail",
    "skywalking-canary.test/when": "oap-v9.skywalking-v9",
  };
  const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } });
  await scene.kubectl(["-n", "shop", "patch", "deployment/catalog", "--field-manager=owner", "--patch", patch]);
  expect(await scene.refused("canary-1")).toMatch(
    /waiting for Deployment shop\/catalog \(old pods still running: 2; pod catalog-\S+: container catalog: CrashLoopBackOff: Error: exit code 1\) -> /,
  );
  await scene.enter("provision");
});
