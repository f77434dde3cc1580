import { readFileSync, writeFileSync } from "node:fs";

import { parse, stringify } from "yaml";

import { eventually } from "../eventually";
import { Scene } from "./scene";

jest.setTimeout(180_000);

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open({ log: "log-of-a-crash.txt" });
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

test("a NetworkPolicy that would keep agents from the new backend is named before anything moves", async () => {
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "web-only", namespace: "shop" },
    spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: 443 }] }] },
  };
  await scene.kubectl(["create", "-f", "-"], JSON.stringify(policy));
  expect(await scene.enter("provision")).toContain(
    "NetworkPolicy shop/web-only allows no connection from its pods to port 11800 of v9 in namespace skywalking-v9",
  );
  await scene.kubectl(["-n", "shop", "delete", "networkpolicy/web-only"]);
});

test("a policy that will refuse the new pods is known before anything moves, by service", async () => {
  const name = "no-new-backend";
  const objects = [
    {
      kind: "ValidatingAdmissionPolicy",
      metadata: { name },
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
        },
        validations: [
          {
            expression:
              "!object.spec.containers.exists(c, has(c.env) && c.env.exists(e, has(e.value) && e.value.contains('oap-v9')))",
            message: "pods may not report to v9",
          },
        ],
      },
    },
    {
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name },
      spec: {
        policyName: name,
        validationActions: ["Deny"],
        matchResources: {
          namespaceSelector: {
            matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["shop", "trial"] }],
          },
        },
      },
    },
  ];
  for (const object of objects) {
    const whole = { apiVersion: "admissionregistration.k8s.io/v1", ...object };
    await scene.kubectl(["apply", "-f", "-"], JSON.stringify(whole));
  }
  const namespace = "trial";
  await scene.kubectl(["create", "namespace", namespace]);
  const pod = ["run", "try", `-n=${namespace}`, "--image=x", "--env=A=oap-v9", "--dry-run=server"];
  const isEnforced = (): Promise<boolean> =>
    scene.kubectl(pod).then(
      () => false,
      () => true,
    );
  await eventually("the policy is enforced", 60, isEnforced);
  scene.configure({ stage: "canary-2" });
  for (const { code, output } of [await scene.stack.pulumi(["preview"]), await scene.up("--skip-preview")]) {
    expect(code).not.toBe(0);
    for (const service of ["catalog", "cart", "payment"]) {
      expect(output).toMatch(
        new RegExp(`services\\.${service}: the API server refuses its new pods: .*pods may not report to v9 -> change`),
      );
    }
  }
  expect(await scene.moved()).toEqual([]);
  await scene.kubectl(["delete", "validatingadmissionpolicybinding", name]);
  await eventually("the policy is not enforced", 60, async () => !(await isEnforced()));
});

/** Changes a workload as its owner. */
const change = (workload: string, patch: unknown) =>
  scene.kubectl(["-n", "shop", "patch", workload, "--type=merge", "--patch", JSON.stringify(patch)]);

/** Does something as a user who may do all that the program needs, and nothing beside it. */
async function asDeployer<Result>(act: () => Promise<Result>): Promise<Result> {
  const rule = (apiGroups: string[], resources: string[], more = {}) => ({
    apiGroups,
    resources,
    verbs: ["*"],
    ...more,
  });
  const objects = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer", namespace: "default" } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "deployer" },
      rules: [
        rule([""], ["services", "configmaps", "secrets", "serviceaccounts", "persistentvolumeclaims"]),
        rule([""], ["namespaces"], { resourceNames: ["skywalking-v6", "skywalking-v9"] }),
        rule(["apps"], ["deployments", "statefulsets", "daemonsets"]),
        rule(["batch", "policy", "autoscaling", "rbac.authorization.k8s.io"], ["*"]),
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "deployer" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "deployer" },
      subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: "default" }],
    },
  ];
  for (const object of objects) await scene.kubectl(["apply", "-f", "-"], JSON.stringify(object));
  const token = await scene.kubectl(["-n", "default", "create", "token", "deployer"]);
  const { kubeconfig } = scene.cluster;
  const administrator = readFileSync(kubeconfig, "utf8");
  const config = parse(administrator) as { users: { name: string }[] };
  const users = config.users.map(({ name }) => ({ name, user: { token: token.trim() } }));
  writeFileSync(kubeconfig, stringify({ ...config, users }));
  try {
    await expect(scene.kubectl(["-n", "shop", "get", "pods"])).rejects.toThrow("forbidden");
    return await act();
  } finally {
    writeFileSync(kubeconfig, administrator);
  }
}

test("a rollout whose new pods crash says how, to those who may look", async () => {
  const crash = (behaviour: string | null) => {
    const annotations = { "skywalking-canary.test/behaviour": behaviour, "skywalking-canary.test/when": "oap-v9" };
    return change("deployment/catalog", { spec: { template: { metadata: { annotations } } } });
  };
  await crash("fail");
  expect(await scene.refused("canary-1")).toMatch(
    /waiting for Deployment shop\/catalog \(old pods still running: 2; pod catalog-\S+: container catalog: CrashLoopBackOff: Error: exit code 1; its log ends with: Error: Could not find or load main class Shop Caused by: java.lang.ClassNotFoundException: Shop\) -> /,
  );
  expect(await asDeployer(() => scene.refused("canary-1"))).toContain(
    "waiting for Deployment shop/catalog (old pods still running: 2) -> ",
  );
  await crash(null);
  await scene.enter("canary-1");
  expect(await scene.moved()).toEqual(["catalog"]);
});

test("old pods that their controller leaves as they are are evicted one by one, where the config says so", async () => {
  scene.configure({ "rollout.onDelete": "delete", "timeouts.rollout": "60s" });
  await change("statefulset/payment", { spec: { updateStrategy: { type: "OnDelete", rollingUpdate: null } } });
  const before = await scene.podIds();
  const output = await scene.enter("canary-2");
  expect(output).not.toContain("until somebody acts");
  expect(await scene.moved()).toEqual(["cart", "catalog", "payment"]);
  const pods = await scene.list<{ metadata: { name: string; uid: string } }>(["pods"], "shop");
  const ofPayment = pods.filter(({ metadata }) => metadata.name.startsWith("payment-"));
  expect(ofPayment).toHaveLength(2);
  expect(ofPayment.filter(({ metadata }) => before.includes(metadata.uid))).toEqual([]);
  await scene.enter("canary-1");
  expect(await scene.moved()).toEqual(["catalog"]);
  scene.configure({ "rollout.onDelete": undefined, "timeouts.rollout": "10s" });
  await change("statefulset/payment", { spec: { updateStrategy: { type: "RollingUpdate" } } });
});

/** As Flagger does: copies the Deployment cart to that which has its pods. */
async function copyToPrimary(): Promise<void> {
  const { spec } = JSON.parse(await scene.kubectl(["-n", "shop", "get", "deployment/cart", "-o=json"])) as {
    spec: { template: { metadata: object } };
  };
  const labels = { app: "cart-primary" };
  const owner = { apiVersion: "flagger.app/v1beta1", kind: "Canary", name: "cart", controller: true };
  const primary = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "cart-primary",
      namespace: "shop",
      ownerReferences: [{ ...owner, uid: "6d4ae3c8-0f3a-4a9e-9a53-3c1d9e0b7f10" }],
    },
    spec: {
      ...spec,
      replicas: 2,
      selector: { matchLabels: labels },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
  await scene.kubectl(["apply", "-f", "-"], JSON.stringify(primary));
}

test("a workload that a controller makes is not moved, and the error names what to change", async () => {
  await copyToPrimary();
  await change("deployment/cart", { spec: { replicas: 0 } });
  scene.configure({ "services.cart.name": "cart-primary" });
  expect(await scene.enter("canary-1")).toContain("Canary cart makes Deployment shop/cart-primary");
  expect(await scene.refused("canary-2")).toContain(
    "services.cart: cannot be moved: Canary cart makes Deployment shop/cart-primary and undoes what others change in it -> name cart instead, the target of the Canary (spec.targetRef), which it copies",
  );
  expect(await scene.moved()).toEqual(["catalog"]);
  scene.configure({ "services.cart.name": "cart" });
});

test("a target of Flagger has rolled out when its primary has", async () => {
  expect(await scene.refused("canary-2")).toContain(
    "waiting for Deployment shop/cart (its Canary has not copied it to cart-primary)",
  );
  await copyToPrimary();
  await scene.enter("canary-2");
  expect(await scene.moved()).toEqual(["cart", "catalog", "payment"]);
  await scene.kubectl(["-n", "shop", "delete", "deployment/cart-primary"]);
  await change("deployment/cart", { spec: { replicas: 2 } });
});

/** Asks for the deletion of an object, which a finalizer puts off. */
async function startDeletion(object: string): Promise<void> {
  await change(object, { metadata: { finalizers: ["example.com/hold"] } });
  await scene.kubectl(["-n", "shop", "delete", object, "--wait=false"]);
}

test("a workload that is being deleted is an error before anything moves", async () => {
  await startDeletion("statefulset/inventory");
  expect(await scene.refused("shift")).toContain(
    "services.inventory: cannot be moved: StatefulSet shop/inventory is being deleted -> remove the service, or wait until its owner has deployed it again",
  );
  expect(await scene.moved()).toEqual(["cart", "catalog", "payment"]);
});

test("workloads that are going or gone keep no other from going back", async () => {
  await scene.kubectl(["-n", "shop", "delete", "statefulset/payment"]);
  const output = await scene.enter("canary-1");
  expect(output).toContain("payment: StatefulSet shop/payment is gone, so it is left out");
  expect(output).toContain("inventory: StatefulSet shop/inventory is being deleted, so it is left out");
  expect(await scene.moved()).toEqual(["catalog"]);
  await scene.expectNoChanges();
});

test("nor does a namespace that is being deleted", async () => {
  await startDeletion("deployment/catalog");
  await scene.kubectl(["delete", "namespace/shop", "--wait=false"]);
  expect(await scene.enter("provision")).toContain(
    "catalog: Deployment shop/catalog is being deleted, so it is left out",
  );
  await scene.expectNoChanges();
});
