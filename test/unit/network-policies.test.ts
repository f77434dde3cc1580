import type { V1NetworkPolicySpec } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { networkWarnings, type Network } from "../../upgrade/network-policies";
import { planPatches } from "../../upgrade/patches";
import { plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { changed, exampleConfig, exampleWorkloads, type RawConfig } from "../example";
import { textsOf } from "./texts-of";

const policy = (name: string, spec: V1NetworkPolicySpec) => ({ metadata: { name }, spec });
type Policies = ReturnType<typeof policy>[];

/** What is warned of, with these policies beside the services and beside the new backend. */
function warned(shop: Policies, skywalking: Policies = [], changes: RawConfig = {}): string[] {
  const config = readConfig(changed(exampleConfig(), { stage: "provision", ...changes }));
  const planned = plan(config, { present: new Map(), labelsOf: new Map() });
  const workloads = exampleWorkloads();
  const { waves } = planPatches(planned, workloads, new Map(), () => undefined);
  const network: Network = new Map([
    ["default/shop", { labels: { "kubernetes.io/metadata.name": "shop", team: "web" }, policies: shop }],
    ["default/skywalking-v9", { labels: { "kubernetes.io/metadata.name": "skywalking-v9" }, policies: skywalking }],
  ]);
  return textsOf(networkWarnings(config, waves.flat(), network));
}

const toV9 = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "skywalking-v9" } } };
const oap = { podSelector: { matchLabels: { "app.kubernetes.io/component": "oap" } } };
const egress = (rule: object): Policies => [
  policy("out", { podSelector: {}, policyTypes: ["Egress"], egress: [rule] }),
];
const ingress = (rule: object): Policies => [policy("in", { podSelector: {}, ingress: [rule] })];

test("one that allows nothing is named, with its services", () => {
  expect(warned([policy("deny", { podSelector: {}, policyTypes: ["Egress"] })])).toEqual([
    "catalog, cart, payment, frontend, inventory, gateway: NetworkPolicy shop/deny allows no connection from its pods to port 11800 of v9 in namespace skywalking-v9, so its agent would reach nothing -> allow it before the service moves",
  ]);
  expect(warned([], [policy("closed", { podSelector: {} })])).toEqual([
    expect.stringContaining("NetworkPolicy skywalking-v9/closed allows no connection"),
  ]);
});

test.each<[string, Policies, Policies]>([
  ["nothing", [], []],
  [
    "one for other pods",
    [policy("deny", { podSelector: { matchLabels: { app: "none" } }, policyTypes: ["Egress"] })],
    [],
  ],
  ["one for the other direction", [policy("deny", {})], [policy("deny", { policyTypes: ["Egress"] })]],
  ["one without a spec", [{ metadata: { name: "x" } } as Policies[number]], []],
  ["everything", egress({}), ingress({})],
  [
    "the namespace",
    egress({ to: [toV9] }),
    ingress({ _from: [{ namespaceSelector: { matchLabels: { team: "web" } } }] }),
  ],
  ["the pods", egress({ to: [{ ...toV9, ...oap }] }), []],
  ["the port", egress({ ports: [{ port: 11800 }] }), ingress({ ports: [{ protocol: "TCP", port: "grpc" }] })],
  ["a range of ports", egress({ ports: [{ port: 11000, endPort: 12000 }] }), ingress({ ports: [{}] })],
  ["addresses, which may be theirs", egress({ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }] }), []],
  [
    "by another policy",
    [...egress({ ports: [{ port: 443 }] }), policy("more", { podSelector: {}, egress: [{ to: [toV9] }] })],
    [],
  ],
  [
    "expressions",
    egress({
      to: [
        {
          ...toV9,
          podSelector: {
            matchExpressions: [
              { key: "app.kubernetes.io/component", operator: "In", values: ["oap", "ui"] },
              { key: "app.kubernetes.io/component", operator: "NotIn", values: ["ui"] },
              { key: "absent", operator: "NotIn", values: ["x"] },
              { key: "app.kubernetes.io/name", operator: "Exists" },
              { key: "absent", operator: "DoesNotExist" },
            ],
          },
        },
      ],
    }),
    [],
  ],
])("what allows it is not: %s", (_, shop, skywalking) => {
  expect(warned(shop, skywalking)).toEqual([]);
});

test.each<[string, Policies, Policies]>([
  ["another namespace", egress({ to: [{ namespaceSelector: { matchLabels: { team: "x" } } }] }), []],
  ["its own namespace", egress({ to: [{ podSelector: {} }] }), []],
  ["other pods", egress({ to: [{ ...toV9, podSelector: { matchLabels: { app: "x" } } }] }), []],
  ["another port", egress({ ports: [{ port: 12800 }, { port: 11000, endPort: 11799 }] }), []],
  ["another protocol", egress({ ports: [{ protocol: "UDP" }] }), []],
  ["another named port", [], ingress({ ports: [{ port: "rest" }] })],
  ["expressions", egress({ to: [{ ...toV9, podSelector: { matchExpressions: [{ key: "a", operator: "In" }] } }] }), []],
  ["from others", [], ingress({ _from: [{ podSelector: {} }] })],
])("what allows something else is named: %s", (_, shop, skywalking) => {
  expect(warned(shop, skywalking)).toHaveLength(1);
});

test("a backend with TLS has a port for agents alone", () => {
  const tls = { "generations.v9.tls": { secretName: "oap-tls" } };
  expect(warned([], ingress({ ports: [{ port: 11801 }] }), tls)).toEqual([]);
  expect(warned([], ingress({ ports: [{ port: "grpc" }] }), tls)).toHaveLength(1);
});

describe("a backend that somebody else runs", () => {
  const at = (address: string, podLabels?: object): RawConfig => ({
    "generations.v9": {
      managed: false,
      version: "9.7.0",
      address,
      agentNamespace: "v9",
      agents: { java: { release: "9.3.0" } },
      ...(podLabels === undefined ? {} : { podLabels }),
    },
  });

  test("is where its address says, and its pods are not known unless they are named", () => {
    const there = at("oap.skywalking-v9.svc.cluster.local:11900");
    expect(
      warned(
        egress({ to: [{ ...toV9, ...oap }], ports: [{ port: 11900 }] }),
        [policy("x", { podSelector: {} })],
        there,
      ),
    ).toEqual([]);
    expect(warned(egress({ ports: [{ port: 11800 }] }), [], there)).toHaveLength(1);
    expect(
      warned([], [policy("x", { podSelector: {} })], at("oap.skywalking-v9.svc:11800", { app: "oap" })),
    ).toHaveLength(1);
  });

  test("may be outside of the cluster", () => {
    expect(warned(egress({ ports: [{ port: 1 }] }), [], at("oap.example.com:11800"))).toEqual([]);
  });
});

test("where they may not be read, and once services have moved, nothing is said", () => {
  const config = readConfig(exampleConfig());
  const planned = plan(config, { present: new Map(), labelsOf: new Map() });
  const { waves } = planPatches(planned, exampleWorkloads(), new Map(), () => undefined);
  expect(networkWarnings(config, waves.flat(), new Map())).toEqual([]);
  const [target] = waves.flat();
  if (target === undefined) throw new Error("the example has services");
  const denied: Network = new Map([
    ["default/shop", { labels: {}, policies: [policy("deny", { podSelector: {}, policyTypes: ["Egress"] })] }],
  ]);
  const moved = {
    ...target,
    planned: { ...target.planned, generation: "v9" },
    patch: { ...target.patch, isApplied: true },
  };
  expect(networkWarnings(config, [moved], denied)).toEqual([]);
  expect(networkWarnings(config, [target], denied)).toHaveLength(1);
  const elsewhere = { ...target, workload: { ...target.workload, cluster: "other" } };
  expect(networkWarnings(config, [elsewhere], denied)).toEqual([]);
});
