import { describeProblem, type Problem } from "../../upgrade/problem";
import {
  isPatched,
  mountedConfigMaps,
  planPatches,
  type PlannedPatches,
  type TargetPatch,
} from "../../upgrade/patches";
import { goesBack } from "../../upgrade/workload-patch";
import { workloadKey } from "../../upgrade/workload/ref";
import type { Maker } from "../../upgrade/workload/maker";
import type { Workload } from "../../upgrade/workload/workload";
import { plan, type Plan } from "../../upgrade/plan";
import { readConfig } from "../../upgrade/read-config";
import { changed, exampleConfig, exampleWorkloads, type RawConfig } from "../example";
import { textsOf } from "./texts-of";

const planOf = (changes: RawConfig): Plan =>
  plan(readConfig(changed(exampleConfig(), changes)), { present: new Map(), labelsOf: new Map() });

/** What is planned, and what is reported of services that cannot be moved. */
function patchesOf(
  changes: RawConfig,
  workloads: ReadonlyMap<string, Workload> = exampleWorkloads(),
): PlannedPatches & { readonly problems: readonly string[] } {
  const problems: Problem[] = [];
  const patches = planPatches(planOf(changes), workloads, new Map(), (problem) => problems.push(problem));
  return { ...patches, problems: problems.map(describeProblem) };
}

test("there is a patch for each planned service, wave by wave", () => {
  const { waves } = patchesOf({});
  expect(waves.map((wave) => wave.map(({ planned, workload }) => `${planned.key}: ${workload.name}`))).toEqual([
    ["catalog: catalog"],
    ["cart: cart", "payment: payment"],
    ["frontend: frontend", "inventory: inventory", "gateway: edge-gateway"],
  ]);
});

test("a workload is patched while it is moved, and returned when it has moved back and something of ours is left", () => {
  const those = (which: (target: TargetPatch) => boolean, stage: string, workloads = exampleWorkloads()): string[] =>
    patchesOf({ stage }, workloads)
      .waves.flat()
      .filter(which)
      .map(({ planned }) => planned.key);
  const workloads = exampleWorkloads();
  expect(those(isPatched, "provision")).toEqual([]);
  expect(those(isPatched, "canary-1")).toEqual(["catalog"]);
  const key = workloadKey({ cluster: "default", kind: "Deployment", namespace: "shop", name: "cart" });
  const cart = workloads.get(key);
  if (cart === undefined) throw new Error("the example has no cart");
  workloads.set(key, { ...cart, managedFields: [...cart.managedFields, { manager: "skywalking-canary" }] });
  expect(those(isPatched, "provision", workloads)).toEqual([]);
  expect(those(goesBack, "provision", workloads)).toEqual(["cart"]);
  expect(those(goesBack, "canary-2", workloads)).toEqual([]);
  const text = expect.stringMatching(/^cart: goes back to its owner: /) as string;
  expect(textsOf(patchesOf({ stage: "provision" }, workloads).warnings)).toContainEqual(text);
});

test("services that are not in the cluster or cannot be moved are reported, all of them", () => {
  const workloads = exampleWorkloads();
  workloads.delete(workloadKey({ cluster: "default", kind: "Deployment", namespace: "shop", name: "catalog" }));
  workloads.delete(workloadKey({ cluster: "default", kind: "DaemonSet", namespace: "shop", name: "edge-gateway" }));
  expect(patchesOf({ "services.inventory.container": "web" }, workloads).problems).toEqual([
    "services.catalog: is not in the cluster: there is no Deployment catalog in namespace shop -> correct kind, namespace or name, or remove the service",
    'services.inventory.container: "web" is not a container of StatefulSet shop/inventory; allowed: proxy, app -> name one of them',
    "services.gateway: is not in the cluster: there is no DaemonSet edge-gateway in namespace shop -> correct kind, namespace or name, or remove the service",
  ]);
});

/** The example's workloads, of which catalog is in another state. */
function withCatalog(state: Partial<Workload>): Map<string, Workload> {
  const key = workloadKey({ cluster: "default", kind: "Deployment", namespace: "shop", name: "catalog" });
  const workloads = exampleWorkloads();
  const catalog = workloads.get(key);
  if (catalog !== undefined) workloads.set(key, { ...catalog, ...state });
  return workloads;
}

test("a rollout that nobody waits for is a warning", () => {
  const workloads = withCatalog({ pendingRollout: "1 of 2 pods ready" });
  const waiting = "catalog: its rollout has not finished (1 of 2 pods ready)";
  expect(textsOf(patchesOf({}, workloads).warnings)).toContain(waiting);
  expect(textsOf(patchesOf({ stage: "canary" }, workloads).warnings)).not.toContain(waiting);
});

test("a service whose pods its controller would not replace is named before it moves, and not afterwards", () => {
  const workloads = withCatalog({ heldRollout: "paused" });
  const text = "catalog: paused, so its pods stay as they are until somebody acts, and its wave waits for that";
  expect(textsOf(patchesOf({}, workloads).warnings)).not.toContain(text);
  expect(textsOf(patchesOf({ stage: "canary" }, workloads).warnings)).toContain(text);
});

const canary: Maker = { apiVersion: "flagger.app/v1beta1", kind: "Canary", name: "shop" };

/** What is said of catalog, whose workload a Canary makes. */
function saidOfMade(changes: RawConfig): { warned: boolean; problems: readonly string[] } {
  const { warnings, problems } = patchesOf(changes, withCatalog({ maker: canary }));
  return { warned: warnings.some(({ id }) => id === "made-by-another"), problems };
}

test("a workload that a controller makes is not moved, and that is known before", () => {
  expect(saidOfMade({ stage: "provision" })).toEqual({ warned: true, problems: [] });
  expect(saidOfMade({ stage: "canary-1" })).toEqual({
    warned: false,
    problems: [
      "services.catalog: cannot be moved: Canary shop makes Deployment shop/catalog and undoes what others change in it -> remove the service, and have its agent's settings changed in Canary shop",
    ],
  });
});

test("a workload that a controller makes may report to the new backend already", () => {
  const born = { "services.catalog.origin": "v9", "services.catalog.agent": { language: "java", release: "9.3.0" } };
  expect(saidOfMade({ stage: "canary-1", ...born })).toEqual({ warned: false, problems: [] });
});

test("a Rollout that has no pod template of its own is not there to be patched, and that is said", () => {
  expect(patchesOf({ "services.catalog.kind": "Rollout" }).problems).toEqual([
    "services.catalog: is not in the cluster: there is no Rollout catalog in namespace shop -> correct kind, namespace or name; for a Rollout with a workloadRef, name the workload that it refers to",
  ]);
});

test("the ConfigMaps by which services are to be moved are those that their owners mount", () => {
  const { services } = readConfig(
    changed(exampleConfig(), {
      "services.catalog": { inject: "config-map", configFile: { volume: "agent-config" } },
      "services.cart": { inject: "config-map", configFile: { volume: "nothing" } },
      "services.payment.name": "elsewhere",
    }),
  );
  const key = workloadKey({ cluster: "default", kind: "Deployment", namespace: "shop", name: "catalog" });
  const workloads = exampleWorkloads();
  const catalog = workloads.get(key);
  if (catalog !== undefined) {
    const volumes = [{ name: "agent-config", configMap: { name: "catalog-agent" } }];
    workloads.set(key, { ...catalog, podSpec: { containers: catalog.podSpec.containers, volumes } });
  }
  expect(mountedConfigMaps(services, workloads)).toEqual([
    { cluster: "default", namespace: "shop", name: "catalog-agent" },
  ]);
});

describe("a service that is going or gone", () => {
  const ours = [{ manager: "skywalking-canary" }];
  const keyOf = (name: string) => workloadKey({ cluster: "default", kind: "Deployment", namespace: "shop", name });

  /** The patches at a stage, where cart has moved before. */
  const afterCartMoved = (stage: string, workloads: Map<string, Workload>) => {
    const cart = workloads.get(keyOf("cart"));
    if (cart !== undefined) workloads.set(keyOf("cart"), { ...cart, managedFields: ours });
    const { waves, warnings, problems } = patchesOf({ stage }, workloads);
    const gone = warnings.filter(({ id }) => id === "service-gone");
    return { patched: waves.flat().map(({ planned }) => planned.key), gone: textsOf(gone), problems };
  };
  const rest = ["cart", "payment", "frontend", "inventory", "gateway"];

  test("is an error when it is to move", () => {
    expect(patchesOf({ stage: "canary-1" }, withCatalog({ going: "workload" })).problems).toEqual([
      "services.catalog: cannot be moved: Deployment shop/catalog is being deleted -> remove the service, or wait until its owner has deployed it again",
    ]);
    expect(patchesOf({ stage: "canary-1" }, withCatalog({ going: "namespace" })).problems).toEqual([
      "services.catalog: cannot be moved: namespace shop is being deleted -> remove the service, or wait until its owner has deployed it again",
    ]);
  });

  test("is no error while it is to stay", () => {
    expect(patchesOf({ stage: "provision" }, withCatalog({ going: "workload" })).problems).toEqual([]);
  });

  test("keeps no other from going back when it is gone", () => {
    const workloads = exampleWorkloads();
    workloads.delete(keyOf("catalog"));
    expect(afterCartMoved("provision", workloads)).toEqual({
      patched: rest,
      gone: [
        "catalog: Deployment shop/catalog is gone, so it is left out: remove it from `services` and `waves`, unless its owner deploys it again",
      ],
      problems: [],
    });
  });

  test("keeps no other from going back while it is going, whatever else is against it", () => {
    const { patched, gone, problems } = afterCartMoved(
      "provision",
      withCatalog({ going: "workload", podSpec: { containers: [] } }),
    );
    expect({ patched, problems }).toEqual({ patched: rest, problems: [] });
    expect(gone).toEqual([expect.stringContaining("catalog: Deployment shop/catalog is being deleted")]);
  });

  test("is an error when another moves on", () => {
    const workloads = exampleWorkloads();
    workloads.delete(keyOf("frontend"));
    expect(afterCartMoved("canary-1", workloads)).toMatchObject({
      gone: [],
      problems: [expect.stringContaining("services.frontend: is not in the cluster")],
    });
  });
});
