import type { Service } from "../../upgrade/config";
import { undoneOf } from "../../upgrade/patches";
import { gitOpsOf } from "../../upgrade/workload/gitops";
import type { Workload } from "../../upgrade/workload/workload";
import { env, javaagent, outcomeOf, placed, v9, workload } from "./target";
import { textsOf } from "./texts-of";

/** A service whose owner sets JAVA_TOOL_OPTIONS by a field manager. */
function ownedBy(manager: string, operation: "Apply" | "Update", more: Partial<Workload> = {}): Workload {
  const target = workload(
    { env: env({ SW_AGENT_NAME: "cart", JAVA_TOOL_OPTIONS: javaagent }) },
    { owned: { JAVA_TOOL_OPTIONS: [manager] } },
  );
  const managedFields = target.managedFields.map((entry) => ({ ...entry, operation, apiVersion: "apps/v1" }));
  return { ...target, managedFields, ...more };
}

const outcome = (target: Workload, fields: Partial<Service> = {}) => {
  const { outcome: found, problems } = outcomeOf(placed(v9, fields), target);
  return { problems, warnings: textsOf(found?.warnings ?? []) };
};

test.each<[string, Workload, string]>([
  [
    "who applies server-side has a conflict",
    ownedBy("helm", "Apply"),
    'so the next deploy by helm, which applies server-side, ends with a conflict with "skywalking-canary", and one that forces conflicts moves the agent back until the next `pulumi up`',
  ],
  [
    "who updates moves the agent back",
    ownedBy("kubectl", "Update"),
    "so every deploy by that owner moves the agent back",
  ],
])("an owner %s", (_, target, text) => {
  expect(outcome(target)).toEqual({ problems: [], warnings: [expect.stringContaining(text)] });
});

test("once it is ours, the owner is whom it was taken from", () => {
  const note = JSON.stringify({
    "env/app/JAVA_TOOL_OPTIONS": [{ manager: "helm", operation: "Apply", apiVersion: "apps/v1" }],
  });
  const annotations = {
    "skywalking-canary/original": JSON.stringify({ "env/app/JAVA_TOOL_OPTIONS": javaagent }),
    "skywalking-canary/original-managers": note,
  };
  const { warnings } = outcome(ownedBy("skywalking-canary", "Apply", { annotations }));
  expect(warnings).toEqual([expect.stringContaining("the next deploy by helm")]);
});

test("what may not be taken over is an error, which names its owner", () => {
  expect(outcome(ownedBy("helm", "Apply"), { takeOver: "refuse" }).problems).toEqual([
    'services.cart.takeOver: "refuse" forbids to take over what its owner (helm) sets too: JAVA_TOOL_OPTIONS; allowed: force -> choose another way to inject, have its owner remove it from the manifest, or set force',
  ]);
  expect(outcome(workload({ env: env({ JAVA_TOOL_OPTIONS: javaagent }) }), { takeOver: "refuse" }).problems).toEqual([
    expect.stringContaining("what its owner sets too: JAVA_TOOL_OPTIONS"),
  ]);
  expect(outcome(ownedBy("helm", "Apply"), { takeOver: "refuse", inject: "jdk-java-options" }).problems).toEqual([]);
});

describe("who keeps a workload as git has it", () => {
  const argo = { annotations: { "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/cart" } };

  test.each<[string, Workload, string]>([
    [
      "Argo CD",
      ownedBy("argocd-controller", "Apply"),
      "Argo CD sets JAVA_TOOL_OPTIONS too and puts its own value back; allowed: force, refuse -> add to its Application ignoreDifferences: [{group: apps, kind: Deployment, namespace: shop, name: cart, managedFieldsManagers: [skywalking-canary]}] and syncPolicy: {syncOptions: [RespectIgnoreDifferences=true, ServerSideApply=true]}",
    ],
    [
      "Argo CD, by its mark alone",
      ownedBy("x", "Update", { ...argo, managedFields: [] }),
      "Argo CD sets JAVA_TOOL_OPTIONS",
    ],
    [
      "Flux",
      ownedBy("kustomize-controller", "Apply"),
      "ignore: [{paths: [/spec/template/spec/containers/0/env/1/value], target: {kind: Deployment, namespace: shop, name: cart}}]",
    ],
    [
      "Flux with Helm",
      ownedBy("helm-controller", "Update", { labels: { "helm.toolkit.fluxcd.io/name": "shop" } }),
      "add to its HelmRelease driftDetection: {ignore: [{paths: [/spec/template/spec/containers/0/env/1/value]",
    ],
  ])("%s is an error where it sets the carrier, with what to paste", (_, target, text) => {
    const { problems } = outcome(target);
    expect(problems).toEqual([expect.stringContaining(text)]);
    expect(problems).toEqual([expect.stringMatching(/^services\.cart\.takeOver: is missing, and /)]);
    expect(outcome(target, { takeOver: "force" }).problems).toEqual([]);
    expect(outcome(target, { inject: "jdk-java-options" }).problems).toEqual([]);
  });

  test("is no matter where somebody else sets the carrier", () => {
    expect(outcome(ownedBy("kubectl", "Update", argo)).problems).toEqual([]);
  });

  test("forces what it applies, so a deploy has no conflict", () => {
    expect(outcome(ownedBy("argocd-controller", "Apply"), { takeOver: "force" }).warnings).toEqual([
      expect.stringContaining("every deploy by that owner moves the agent back"),
    ]);
  });

  test("is told which fields to leave alone, wherever they are", () => {
    const target = ownedBy("kustomize-controller", "Apply", {
      podSpec: { containers: [], volumes: [{ name: "other" }, { name: "config", configMap: { name: "agent" } }] },
    });
    expect(
      gitOpsOf(target)?.leavesAlone(target, [
        { at: "annotation", name: "sw.example/a~b" },
        { at: "volume", name: "config" },
      ]),
    ).toContain(
      "paths: [/spec/template/metadata/annotations/sw.example~1a~0b, /spec/template/spec/volumes/1/configMap/name]",
    );
  });
});

test("who has undone what was applied is named", () => {
  const before = ownedBy("argocd-controller", "Apply", { name: "cart" });
  const { outcome: found } = outcomeOf(placed(v9, { takeOver: "force" }), before);
  if (found === undefined) throw new Error("it can be moved");
  const patched = { planned: placed(v9), workload: before, patch: found.patch };
  const said = undoneOf({ waves: [[patched]], warnings: [] });
  expect(said(before)).toBe(
    "argocd-controller has changed JAVA_TOOL_OPTIONS of Deployment shop/cart after it was applied, so the agent does not move",
  );
  expect(said({ ...before, managedFields: [] })).toMatch(/^somebody has changed/);
  expect(said({ ...before, name: "other" })).toBeUndefined();
  const [written] = found.patch.values;
  const value = written !== undefined && "value" in written ? written.value : "";
  const live = workload(
    { env: env({ JAVA_TOOL_OPTIONS: value }) },
    { owned: { JAVA_TOOL_OPTIONS: ["skywalking-canary"] } },
  );
  expect(said(live)).toBeUndefined();
  const back = { ...patched, planned: placed(undefined) };
  expect(undoneOf({ waves: [[back]], warnings: [] })(before)).toBeUndefined();
});

test("a service that goes back is never kept from it", () => {
  const target = ownedBy("skywalking-canary", "Apply");
  const refused = { takeOver: "refuse", container: undefined } as const;
  expect(outcomeOf(placed(undefined, refused, v9), target).problems).toEqual([]);
  expect(outcomeOf(placed(undefined, refused, v9), ownedBy("helm", "Apply")).problems).not.toEqual([]);
});

describe("a release of Java that is known to read JDK_JAVA_OPTIONS", () => {
  const agent = (javaVersion?: number) => ({ agent: { language: "java", release: "6.6.0", javaVersion } }) as const;
  const carriers = (target: Workload, fields: Partial<Service>): string[] =>
    (outcomeOf(placed(v9, fields), target).outcome?.patch.values ?? []).map(({ slot }) => slot.name);
  const owned = ownedBy("helm", "Apply");

  test("avoids the carrier of the owner's", () => {
    expect(carriers(owned, agent(17))).toEqual(["JDK_JAVA_OPTIONS"]);
    expect(outcome(owned, { ...agent(17), takeOver: "refuse" })).toEqual({ problems: [], warnings: [] });
  });

  test.each<[string, Workload, Partial<Service>]>([
    ["is not known", owned, agent()],
    ["does not", owned, agent(8)],
    ["is no matter where the service says how", owned, { ...agent(17), inject: "java-tool-options" }],
    ["is no matter where the owner sets neither", workload({ args: [javaagent] }), agent(17)],
    [
      "is no matter where the owner sets both",
      workload({ env: env({ JAVA_TOOL_OPTIONS: javaagent, JDK_JAVA_OPTIONS: "-Xss1m" }) }),
      agent(17),
    ],
    [
      "is no matter where agent options would win",
      workload({ env: env({ JAVA_TOOL_OPTIONS: `${javaagent}=agent.namespace=v6` }) }),
      agent(17),
    ],
    [
      "is no matter once the service has moved otherwise",
      ownedBy("skywalking-canary", "Apply", {
        annotations: { "skywalking-canary/original": JSON.stringify({ "env/app/JAVA_TOOL_OPTIONS": javaagent }) },
      }),
      agent(17),
    ],
  ])("%s", (_, target, fields) => {
    expect(carriers(target, fields)).toEqual(["JAVA_TOOL_OPTIONS"]);
  });

  test("is used where the owner's value comes from elsewhere", () => {
    const from = { secretKeyRef: { name: "options", key: "java" } };
    const target = workload({ args: [javaagent], env: [{ name: "JAVA_TOOL_OPTIONS", valueFrom: from }] });
    expect(carriers(target, agent(11))).toEqual(["JDK_JAVA_OPTIONS"]);
  });
});
