import type { V1PodTemplateSpec } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import {
  madeByAnother,
  makerOf,
  pendingWithPrimary,
  podsWithPrimary,
  primaryOf,
  type MadeWorkload,
} from "../../upgrade/workload/maker";
import { workloadKey, type WorkloadRef } from "../../upgrade/workload/ref";

const owner = (kind: string, controller?: boolean) => ({
  apiVersion: "flagger.app/v1beta1",
  kind,
  name: "cart",
  uid: "1",
  ...(controller === undefined ? {} : { controller }),
});

test.each([
  ["nothing", {}, undefined],
  ["an owner that does not control it", { ownerReferences: [owner("Application"), owner("Bundle", false)] }, undefined],
  [
    "its controller, beside another owner",
    { ownerReferences: [owner("Application"), owner("Canary", true)] },
    { apiVersion: "flagger.app/v1beta1", kind: "Canary", name: "cart" },
  ],
])("the maker of a workload with %s", (_, metadata, expected) => {
  expect(makerOf({ metadata })).toEqual(expected);
});

test.each([
  ["Canary", "cart-primary", {}, "name cart instead, the target of the Canary (spec.targetRef), which it copies"],
  ["Canary", "cart", {}, "remove the service, and have its agent's settings changed in Canary shop"],
  ["Kafka", "brokers", {}, "remove the service, and have its agent's settings changed in Kafka shop"],
  [
    "Revision",
    "cart-00001-deployment",
    { "serving.knative.dev/service": "cart" },
    "remove the service, and have its agent's settings changed in spec.template of the Knative Service cart",
  ],
])("instead of what a %s makes, %s", (kind, name, labels, fix) => {
  const maker = { apiVersion: "v1", kind, name: "shop" };
  expect(madeByAnother({ maker, kind: "Deployment", namespace: "shop", name, labels })).toEqual({
    wrong: `${kind} shop makes Deployment shop/${name} and undoes what others change in it`,
    fix,
  });
});

test("nothing is against a workload that no controller made", () => {
  const cart = { kind: "Deployment", namespace: "shop", name: "cart", labels: {} } as const;
  expect(madeByAnother({ maker: undefined, ...cart })).toBeUndefined();
});

const ref: WorkloadRef = { cluster: "default", kind: "Deployment", namespace: "shop", name: "cart" };

test.each([
  ["made by a Canary", [owner("Canary", true)], true],
  ["made by something else", [owner("Database", true)], false],
  ["made by nobody", [], false],
])("a workload named like a primary, %s", (_, ownerReferences, isPrimary) => {
  const primary: MadeWorkload = { metadata: { name: "cart-primary", ownerReferences } };
  const live = new Map([[workloadKey({ ...ref, name: "cart-primary" }), primary]]);
  expect(primaryOf(ref, live)).toBe(isPrimary ? primary : undefined);
});

test("a workload without a primary", () => {
  expect(primaryOf(ref, new Map())).toBeUndefined();
});

/** A Deployment of `replicas` pods, all of them ready. */
const deployment = (name: string, replicas: number, template: V1PodTemplateSpec = {}): MadeWorkload => ({
  metadata: { name, generation: 1 },
  spec: { replicas, template },
  status: {
    ...{ observedGeneration: 1, replicas, updatedReplicas: replicas },
    ...{ availableReplicas: replicas, readyReplicas: replicas },
  },
});

const pods = (value: string, configMap: string, annotations?: Record<string, string>): V1PodTemplateSpec => ({
  ...(annotations === undefined ? {} : { metadata: { annotations } }),
  spec: {
    containers: [{ name: "app", image: "cart:1", env: [{ name: "SW_AGENT_NAMESPACE", value }] }],
    initContainers: [{ name: "wait" }],
    volumes: [{ name: "agent", configMap: { name: configMap } }, { name: "tmp" }],
  },
});

test.each<[string, V1PodTemplateSpec, V1PodTemplateSpec]>([
  ["a copy", pods("v9", "agent"), pods("v9", "agent")],
  [
    "a copy of Flagger's",
    pods("v9", "agent", { note: "1", "kustomize.toolkit.fluxcd.io/checksum": "2" }),
    pods("v9", "agent-primary", { note: "1", "flagger-id": "3" }),
  ],
  ["nothing", {}, {}],
])("a primary with %s has what its target has", (_, wanted, copied) => {
  const [target, primary] = [deployment("cart", 0, wanted), deployment("cart-primary", 2, copied)];
  expect(pendingWithPrimary("Deployment", target, primary)).toBeUndefined();
});

test.each<[string, V1PodTemplateSpec]>([
  ["another variable", pods("v6", "agent", { note: "1" })],
  ["another ConfigMap", pods("v9", "other", { note: "1" })],
  ["another annotation", pods("v9", "agent", { note: "2" })],
  ["no annotations", pods("v9", "agent")],
])("a primary with %s does not have what its target has", (_, copied) => {
  const target = deployment("cart", 0, pods("v9", "agent", { note: "1" }));
  expect(pendingWithPrimary("Deployment", target, deployment("cart-primary", 2, copied))).toBe(
    "its Canary has not copied it to cart-primary",
  );
});

const hanging: MadeWorkload = { metadata: { name: "cart-primary" }, spec: { replicas: 2 } };

test.each<[string, MadeWorkload, MadeWorkload | undefined, string | undefined]>([
  ["alone", deployment("cart", 2), undefined, undefined],
  ["alone, not rolled out", { spec: { replicas: 2 } }, undefined, "0 of 2 pods updated"],
  ["its own first", { spec: { replicas: 3 } }, hanging, "0 of 3 pods updated"],
  ["then its primary", deployment("cart", 0), hanging, "cart-primary: 0 of 2 pods updated"],
])("the rollout of a workload: %s", (_, workload, primary, expected) => {
  expect(pendingWithPrimary("Deployment", workload, primary)).toBe(expected);
});

test.each([
  ["its own", deployment("cart", 2), undefined, 2],
  ["its own, while it has some", deployment("cart", 1), deployment("cart-primary", 3), 1],
  ["those of its primary", deployment("cart", 0), deployment("cart-primary", 3), 3],
])("the pods of a workload are %s", (_, workload, primary, ready) => {
  expect(podsWithPrimary("Deployment", workload, primary)).toEqual({ desired: ready, ready });
});
