import { heldSlots, readSlot, type Slot } from "../../upgrade/workload/slot";
import type { Workload } from "../../upgrade/workload/workload";
import { workload } from "./target";

/** A workload of whose pod template our field manager owns some fields. */
const owned = (template: Record<string, unknown>, more: Partial<Workload>): Workload => ({
  ...workload({}),
  managedFields: [
    { manager: "skywalking-canary", fieldsV1: { "f:spec": { "f:template": template } } },
    { manager: "kubectl", fieldsV1: { "f:spec": { "f:replicas": {} } } },
    { fieldsV1: { "f:spec": {} } },
  ],
  ...more,
});
const entry = (name: string): string => `k:${JSON.stringify({ name })}`;

test("an annotation of the pods", () => {
  const target = owned(
    { "f:metadata": { "f:annotations": { ".": {}, "f:agent.namespace": {} } } },
    { podAnnotations: { "agent.namespace": "v9", other: "x" } },
  );
  expect(heldSlots(target)).toEqual([{ at: "annotation", name: "agent.namespace" }]);
  expect(readSlot(target, { at: "annotation", name: "agent.namespace" })).toMatchObject({
    live: "v9",
    held: true,
    original: undefined,
    heldByUsAlone: false,
  });
  expect(readSlot(target, { at: "annotation", name: "other" })).toMatchObject({ held: false, original: "x" });
});

test("the ConfigMap of a volume, which its owner mounts", () => {
  const volume: Slot = { at: "volume", name: "agent" };
  const target = owned(
    {
      "f:spec": {
        "f:volumes": {
          [entry("agent")]: { ".": {}, "f:configMap": { "f:name": {} }, "f:name": {} },
          [entry("skywalking-canary-agent")]: { ".": {}, "f:emptyDir": {}, "f:name": {} },
        },
      },
    },
    {
      podSpec: { containers: [], volumes: [{ name: "agent", configMap: { name: "ours" } }] },
      annotations: { "skywalking-canary/original": '{"volume/agent":"theirs"}' },
    },
  );
  expect(heldSlots(target)).toEqual([volume]);
  expect(readSlot(target, volume)).toMatchObject({ live: "ours", original: "theirs", heldByUsAlone: true });
});

test("a variable that we have as a Secret's key, and one whose value its owner has taken back", () => {
  const token: Slot = { at: "env", container: "app", name: "TOKEN" };
  const target = owned(
    {
      "f:spec": {
        "f:containers": {
          [entry("app")]: {
            ".": {},
            "f:env": {
              ".": {},
              [entry("TOKEN")]: { ".": {}, "f:name": {}, "f:valueFrom": { "f:secretKeyRef": {} } },
              [entry("OPTIONS")]: { ".": {}, "f:name": {} },
            },
          },
        },
      },
    },
    {
      podSpec: {
        containers: [
          {
            name: "app",
            env: [
              { name: "TOKEN", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
              { name: "OPTIONS", value: "theirs" },
              { name: "EMPTY" },
            ],
          },
        ],
      },
    },
  );
  expect(heldSlots(target)).toEqual([token]);
  expect(readSlot(target, token)).toMatchObject({ held: true, foreign: false, liveSecret: { name: "s", key: "k" } });
  expect(readSlot(target, { ...token, name: "OPTIONS" })).toMatchObject({ held: false, original: "theirs" });
  expect(readSlot(target, { ...token, name: "EMPTY" })).toMatchObject({ live: "", original: "" });
  expect(readSlot(target, { ...token, container: "gone" })).toMatchObject({ live: undefined });
});

test("a list as a whole: what is noted of it is ours, and nothing else", () => {
  const target: Workload = {
    ...workload({}),
    kind: "CloneSet",
    managedFields: [
      {
        manager: "skywalking-canary",
        fieldsV1: { "f:spec": { "f:template": { "f:spec": { "f:containers": {}, "f:volumes": {} } } } },
      },
    ],
    podSpec: {
      containers: [{ name: "app", env: [{ name: "OPTIONS", value: "ours" }] }],
      volumes: [{ name: "agent", configMap: { name: "ours" } }],
    },
    annotations: {
      "skywalking-canary/original": '{"env/app/OPTIONS":null,"volume/agent":"theirs","elsewhere/x":null}',
    },
  };
  expect(heldSlots(target)).toEqual([
    { at: "env", container: "app", name: "OPTIONS" },
    { at: "volume", name: "agent" },
  ]);
  expect(readSlot(target, { at: "env", container: "app", name: "OPTIONS" })).toMatchObject({ original: undefined });
  expect(readSlot(target, { at: "volume", name: "agent" })).toMatchObject({ original: "theirs", held: true });
});
