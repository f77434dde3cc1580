import { Scene } from "./scene";

jest.setTimeout(180_000);

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open();
});

afterAll(async () => {
  await scene.close();
});

/** Makes the pods of a workload misbehave from the moment when they bring the new agent. */
const afterTheMove = (behaviour: string | null) =>
  JSON.stringify({
    spec: {
      template: {
        metadata: {
          annotations: {
            "skywalking-canary.test/behaviour": behaviour,
            "skywalking-canary.test/when": behaviour === null ? null : "skywalking-canary",
          },
        },
      },
    },
  });

const misbehave = (workload: string, behaviour: string | null) =>
  scene.kubectl([
    "-n",
    "shop",
    "patch",
    workload,
    "--field-manager=owner",
    "--type=merge",
    "--patch",
    afterTheMove(behaviour),
  ]);

test("a bad config is said as a whole, and nothing is touched", async () => {
  scene.configure({ stage: "canary-9", "generations.v9.oap.replicas": 0 });
  const { code, output } = await scene.up();
  expect(code).not.toBe(0);
  expect(output).toContain("The stack's config has 2 problems; nothing was changed.");
  expect(output).toContain(
    "generations.v9.oap.replicas: 0 is too few; allowed: 1 to 100 -> write a number in that range",
  );
  expect(output).toContain('stage: "canary-9" names wave 9, but `waves` has 3');
  expect(output).not.toContain("at Object.");
  scene.configure({ "generations.v9.oap.replicas": 2 });
  await expect(scene.kubectl(["get", "namespace", "skywalking-v6"])).rejects.toThrow("NotFound");
});

test("a service that cannot be moved, or is not there, is an error before anything moves", async () => {
  scene.configure({ "services.inventory.container": "web", "services.gateway.name": "gatewy" });
  const output = await scene.refused("provision");
  expect(output).toContain(
    'services.inventory.container: "web" is not a container of StatefulSet shop/inventory; allowed: proxy, app -> name one of them',
  );
  expect(output).toContain("services.gateway: is not in the cluster: there is no DaemonSet gatewy in namespace shop");
  await expect(scene.kubectl(["get", "namespace", "skywalking-v6"])).rejects.toThrow("NotFound");
  scene.configure({ "services.inventory.container": "app", "services.gateway.name": "edge-gateway" });
});

test("a cluster that does not answer is named, with what was asked and what to try", async () => {
  await scene.stack.set("kubernetes:context", "nowhere");
  const { code, output } = await scene.stack.pulumi(["preview"]);
  await scene.stack.succeed(["config", "rm", "kubernetes:context"]);
  expect(code).not.toBe(0);
  expect(output).toMatch(
    /kubernetes:context: "nowhere" is not in the kubeconfig; allowed: \S+ -> pulumi config set kubernetes:context NAME/,
  );
});

test("an OAP that does not become ready fails the update, and no agent moves", async () => {
  scene.configure({
    "generations.v9.oap.podAnnotations": { "skywalking-canary.test/behaviour": "hang" },
    "timeouts.oap": "10s",
  });
  expect(await scene.refused("shift")).toContain("v9-oap");
  expect(await scene.moved()).toEqual([]);
  scene.configure({ "generations.v9.oap.podAnnotations": undefined, "timeouts.oap": "5m" });
});

test("an autoscaler that selects a service by the name that it will lose is named", async () => {
  const metric = { name: "skywalking.apache.org|service_cpm", selector: { matchLabels: { service: "cart" } } };
  const autoscaler = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "by-calls", namespace: "shop" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "nobody" },
      maxReplicas: 2,
      metrics: [{ type: "External", external: { metric, target: { type: "Value", value: "80" } } }],
    },
  };
  await scene.kubectl(["apply", "-f", "-"], JSON.stringify(autoscaler));
  expect(await scene.enter("provision")).toContain(
    "HorizontalPodAutoscaler shop/by-calls: scales by skywalking.apache.org|service_cpm of cart, which v9 lists as cart|v9|",
  );
});

test("a rollout that hangs fails the update and leaves later waves where they were", async () => {
  scene.configure({ "timeouts.rollout": "15s" });
  await misbehave("deployment/cart", "hang");
  expect(await scene.refused("shift")).toMatch(
    /Rollouts did not finish in 15 s: 1 of 2 rolled out, waiting for Deployment shop\/cart \(old pods still running: \d\) -> /,
  );
  // Waves 1 and 2 have been told, wave 3 has not.
  expect(await scene.moved()).toEqual(["cart", "catalog", "payment"]);

  expect(await scene.refused("canary-2")).toContain("waiting for Deployment shop/cart");
});

test("pods that their controller leaves as they are keep the update waiting, which says how they are replaced", async () => {
  await misbehave("deployment/cart", null);
  const strategy = JSON.stringify({ spec: { updateStrategy: { type: "OnDelete", rollingUpdate: null } } });
  await scene.kubectl(["-n", "shop", "patch", "statefulset/inventory", "--type=merge", "--patch", strategy]);
  const output = await scene.refused("shift");
  expect(output).toContain("inventory: updateStrategy OnDelete, so its pods stay as they are until somebody acts");
  const [, command = ""] =
    /StatefulSet shop\/inventory \(0 of \d pods updated; updateStrategy OnDelete: delete its old pods \(kubectl (.+?)\)\)/.exec(
      output,
    ) ?? [];
  // Pods of a StatefulSet come again by the same name, and now and then kubectl does not see that the old one has gone.
  await scene.kubectl([...command.replaceAll("'", "").split(" "), "--wait=false"]);
});

test("when it is mended, the next update goes on", async () => {
  await scene.enter("shift");
  expect(await scene.moved()).toEqual(["cart", "catalog", "edge-gateway", "frontend", "inventory", "payment"]);
  await scene.expectNoChanges();
});

test.each([
  ["with a preview", ["up", "--yes"]],
  ["without one", ["up", "--yes", "--skip-preview"]],
])("retire straight from shift is refused and deletes nothing, %s", async (_, args) => {
  const before = await scene.objects("skywalking-v6");
  scene.configure({ stage: "retire" });
  const { code, output } = await scene.stack.pulumi(args);
  expect(code).not.toBe(0);
  expect(output).toContain("v6-elasticsearch");
  expect(output).toContain(
    "v6 has not been drained and its OAP still has 2 replicas, so the engine refuses to delete it. Do not unprotect anything, go through drain: pulumi config set stage drain && pulumi up",
  );
  expect(await scene.objects("skywalking-v6")).toEqual(before);
});

test("by way of drain, retire removes the old backend and keeps its volumes", async () => {
  await scene.enter("drain");
  await scene.enter("retire");
  expect(await scene.objects("skywalking-v6")).toEqual(["persistentvolumeclaim/data-elasticsearch-v6-0"]);
  await scene.expectNoChanges();
});

/** All resources of the stack. */
const urns = async (): Promise<string[]> => {
  const { output } = await scene.stack.succeed(["stack", "export"]);
  const { deployment } = JSON.parse(output) as {
    deployment: { resources: { urn: string }[] };
  };
  return deployment.resources.map(({ urn }) => urn).sort();
};

test("a stack cannot be destroyed by accident, and on purpose it leaves target services and volumes alive", async () => {
  const templates = await scene.templates();
  const [objects, resources] = [await scene.objects("skywalking-v9"), await urns()];
  const refused = await scene.stack.pulumi(["destroy", "--yes", "--skip-preview"]);
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain("destroy-protection");
  expect(await scene.objects("skywalking-v9")).toEqual(objects);
  expect(await urns()).toEqual(resources);

  await scene.stack.succeed(["state", "unprotect", "--all", "--yes"]);
  await scene.stack.succeed(["destroy", "--yes", "--skip-preview"]);
  expect(await scene.templates()).toEqual(templates);
  expect(await scene.objects("skywalking-v9")).toEqual([
    "persistentvolumeclaim/data-elasticsearch-v9-0",
    "persistentvolumeclaim/data-elasticsearch-v9-1",
    "persistentvolumeclaim/data-elasticsearch-v9-2",
  ]);
});
