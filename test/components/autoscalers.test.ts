import type { V2HorizontalPodAutoscaler } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { readAutoscalers } from "../../components/cluster/autoscalers";
import type { ClusterReader } from "../../components/cluster/reader";
import { readConfig } from "../../upgrade/read-config";
import { changed, exampleConfig, exampleWorkloads, type RawConfig } from "../example";

/** What was asked for, and what is there. */
function read(
  changes: RawConfig,
  autoscalers: (namespace: string) => readonly V2HorizontalPodAutoscaler[],
): { asked: string[]; answer: ReturnType<typeof readAutoscalers> } {
  const asked: string[] = [];
  const reader = (cluster: string): Pick<ClusterReader, "autoscalers"> => ({
    // eslint-disable-next-line @typescript-eslint/require-await
    autoscalers: async (namespace) => {
      asked.push(`${cluster}/${namespace}`);
      return autoscalers(namespace);
    },
  });
  const answer = readAutoscalers({ reader }, readConfig(changed(exampleConfig(), changes)), exampleWorkloads());
  return { asked, answer };
}

const metadata = { namespace: "shop", name: "cart" };
const target = { type: "Value", value: "80" };
const scaleTargetRef = { kind: "Deployment", name: "cart" };

test("nothing is read where no name changes", async () => {
  const { asked, answer } = read({ "generations.v9.agentNamespace": undefined }, () => []);
  expect(await answer).toEqual({ found: [], notRead: [] });
  expect(asked).toEqual([]);
});

test("one list for each namespace, with the metrics from outside the cluster", async () => {
  const selector = { matchLabels: { service: "cart" } };
  const metrics = [
    { type: "Resource", resource: { name: "cpu", target } },
    { type: "External", external: { metric: { name: "skywalking.apache.org|service_cpm", selector }, target } },
    { type: "External", external: { metric: { name: "queue_length" }, target } },
  ];
  const { asked, answer } = read({ "services.cart.namespace": "basket" }, (namespace) =>
    namespace === "shop"
      ? [
          { metadata, spec: { maxReplicas: 3, scaleTargetRef, metrics } },
          { metadata, spec: { maxReplicas: 3, scaleTargetRef } },
        ]
      : [],
  );
  expect(await answer).toEqual({
    found: [
      {
        ...metadata,
        metrics: [
          { name: "skywalking.apache.org|service_cpm", labels: { service: "cart" } },
          { name: "queue_length", labels: {} },
        ],
      },
      { ...metadata, metrics: [] },
    ],
    notRead: [],
  });
  expect(asked.sort()).toEqual(["default/basket", "default/shop"]);
});

test("a namespace that may not be looked into does not hide another", async () => {
  const { answer } = read({ "services.cart.namespace": "basket" }, (namespace) => {
    if (namespace === "basket") throw new Error("Cannot list the HorizontalPodAutoscalers of namespace basket (403)");
    return [{ metadata }];
  });
  expect(await answer).toEqual({
    found: [{ ...metadata, metrics: [] }],
    notRead: [{ namespace: "basket", why: "Cannot list the HorizontalPodAutoscalers of namespace basket (403)" }],
  });
});
