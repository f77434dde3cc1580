import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { listWorkloads } from "../../commands/workloads/list";
import type { ListedWorkload } from "../../components/cluster/listed-workload";
import type { WorkloadKind } from "../../upgrade/workload/kinds";

const deployment = (name: string, replicas: number, owner?: string): ListedWorkload => {
  const controller = { apiVersion: "flagger.app/v1beta1", kind: owner ?? "", name: "cart", uid: "1", controller: true };
  return {
    metadata: { name, namespace: "shop", ...(owner === undefined ? {} : { ownerReferences: [controller] }) },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { spec: { containers: [{ name: "app" }] } },
    },
  };
};

const pod = (name: string): V1Pod => ({ metadata: { name, labels: { app: name } }, spec: { containers: [] } });

/** The pods and the desired number of them of each workload in a namespace. */
async function listed(...deployments: readonly ListedWorkload[]): Promise<Record<string, unknown>> {
  const reader = {
    cluster: "default",
    pods: () => Promise.resolve([pod("cart"), pod("cart-primary")]),
    listIfKnown: (kind: WorkloadKind) => Promise.resolve(kind === "Deployment" ? deployments : undefined),
  };
  const found = await listWorkloads(reader, "shop");
  return Object.fromEntries(
    found.map(({ workload, desired, pods }) => [workload.name, { desired, pods: pods.map(({ name }) => name) }]),
  );
}

test("each workload with its pods", async () => {
  expect(await listed(deployment("cart", 2), deployment("cart-primary", 3))).toEqual({
    cart: { desired: 2, pods: ["cart"] },
    "cart-primary": { desired: 3, pods: ["cart-primary"] },
  });
});

test("a target of Flagger with the pods of its primary", async () => {
  expect(await listed(deployment("cart", 0), deployment("cart-primary", 3, "Canary"))).toMatchObject({
    cart: { desired: 3, pods: ["cart", "cart-primary"] },
  });
});
