import { patchWorkload } from "../../upgrade/workload-patch";
import type { Workload } from "../../upgrade/workload/workload";
import { env, javaagent, outcomeOf, pair, placed, v9, v9WithAgent, workload } from "./target";
import { textsOf } from "./texts-of";

type PodSpec = Workload["podSpec"];

/** Fields of a pod spec that a manager owns, each list as a whole unless entries are named. */
const owns = (manager: string, spec: Record<string, unknown>): Workload["managedFields"][number] => ({
  manager,
  fieldsV1: { "f:spec": { "f:template": { "f:spec": spec } } },
});
const whole = { "f:containers": {}, "f:volumes": {} };
const ours = "skywalking-canary";

const cloneSet = (podSpec: PodSpec, managedFields: Workload["managedFields"], original?: string): Workload => ({
  ...workload({}),
  kind: "CloneSet",
  podSpec,
  managedFields,
  annotations: original === undefined ? {} : { "skywalking-canary/original": original },
});

const app = { name: "app", image: "cart:1", args: [javaagent], env: env({ SW_AGENT_NAME: "cart" }) };
const sidecar = { name: "sidecar", image: "proxy:1" };
const volumes = [{ name: "data", emptyDir: {} }];
const fields = { kind: "CloneSet", container: "app" } as const;
/** What a patch applied is what the API server has, as far as this program reads it. */
const specOf = (applied: unknown): PodSpec => JSON.parse(JSON.stringify(applied)) as PodSpec;
const patchOf = (target: Workload, at: "v9" | "origin" = "v9") => {
  const { outcome, problems } = outcomeOf(placed(at === "v9" ? v9 : undefined, fields, v9), target);
  expect(problems).toEqual([]);
  return outcome?.patch;
};

describe("a list that has one owner", () => {
  const fresh = cloneSet({ containers: [app, sidecar], volumes }, [owns("kubectl", whole)]);
  const moved = [{ ...app, env: [{ name: "JAVA_TOOL_OPTIONS", value: pair }, ...app.env] }, sidecar];

  test("is applied as a whole, with what is the owner's", () => {
    const patch = patchOf(fresh);
    expect(patch?.template).toEqual({ spec: { containers: moved } });
    expect(patch?.hasOwners).toBe(true);
    expect(patch?.isApplied).toBe(false);
    expect(patch?.annotations["skywalking-canary/original"]).toBe('{"env/app/JAVA_TOOL_OPTIONS":null}');
  });

  test("holds when it is so, and ours", () => {
    const held = cloneSet(
      { containers: moved, volumes },
      [owns("kubectl", { "f:volumes": {} }), owns(ours, { "f:containers": {} })],
      '{"env/app/JAVA_TOOL_OPTIONS":null}',
    );
    expect(patchOf(held)?.isApplied).toBe(true);
    expect(patchOf(held)?.template).toEqual({ spec: { containers: moved } });
  });

  test("is written back as the owner's when nothing of ours is wanted any more", () => {
    const back = cloneSet(
      { containers: moved, volumes },
      [owns(ours, { "f:containers": {} })],
      '{"env/app/JAVA_TOOL_OPTIONS":null}',
    );
    const patch = patchOf(back, "origin");
    expect(patch?.template).toEqual({ spec: { containers: [app, sidecar] } });
    expect(patch?.annotations["skywalking-canary/original"]).toBeUndefined();
    const returned = cloneSet({ containers: [app, sidecar], volumes }, [owns(ours, { "f:containers": {} })]);
    expect(patchOf(returned, "origin")?.isApplied).toBe(true);
  });

  test("extends a value of the owner's where it stands", () => {
    const secret = { name: "KEY", valueFrom: { secretKeyRef: { name: "s", key: "k" } } };
    const before = { ...app, env: [...env({ JAVA_TOOL_OPTIONS: javaagent }), secret] };
    const after = { ...app, env: [...env({ JAVA_TOOL_OPTIONS: `${javaagent} ${pair}` }), secret] };
    const patch = patchOf(cloneSet({ containers: [before] }, [owns("kubectl", whole)]));
    expect(patch?.template).toEqual({ spec: { containers: [after] } });
    const moved = cloneSet(
      { containers: [after] },
      [owns(ours, { "f:containers": {}, "f:volumes": {} })],
      patch?.annotations["skywalking-canary/original"],
    );
    expect(patchOf(moved)?.template).toEqual({ spec: { containers: [after] } });
  });

  test("gets a mount alone where annotations tell the agent everything", () => {
    const target: Workload = {
      ...cloneSet({ containers: [{ name: "app", image: "cart:1" }] }, [owns("kubectl", { "f:containers": {} })]),
      podLabels: { "swck-java-agent-injected": "true" },
    };
    const settings = { ...v9, tls: { on: true, ca: true } };
    const { outcome } = outcomeOf(placed(settings, { ...fields, inject: "swck" }), target);
    expect(outcome?.patch.template?.spec?.containers).toEqual([
      {
        name: "app",
        image: "cart:1",
        volumeMounts: [{ name: "skywalking-canary-ca", mountPath: "/skywalking-canary-ca" }],
      },
    ]);
  });

  test("gives a value of the owner's back", () => {
    const before = { ...app, env: env({ JAVA_TOOL_OPTIONS: javaagent }) };
    const back = cloneSet(
      { containers: [{ ...app, env: env({ JAVA_TOOL_OPTIONS: `${javaagent} ${pair}` }) }] },
      [owns(ours, { "f:containers": {} })],
      JSON.stringify({ "env/app/JAVA_TOOL_OPTIONS": javaagent }),
    );
    expect(patchOf(back, "origin")?.template).toEqual({ spec: { containers: [before] } });
  });

  test("is let go where the owner has it again, whatever the note says", () => {
    const again = cloneSet(
      { containers: [app] },
      [owns("kubectl", { "f:containers": {} })],
      '{"env/app/JAVA_TOOL_OPTIONS":"old"}',
    );
    expect(patchOf(again, "origin")).toMatchObject({ template: undefined, isApplied: false });
    const shared = cloneSet({ containers: [app] }, [owns("kubectl", whole), owns(ours, { "f:containers": {} })]);
    expect(patchOf(shared, "origin")).toMatchObject({ template: undefined, isApplied: false });
    expect(patchOf(cloneSet({ containers: [app] }, []), "origin")?.isApplied).toBe(true);
  });

  test("holds the new agent beside what is the owner's, and gives it up again", () => {
    const { outcome } = outcomeOf(placed(v9WithAgent, fields), fresh);
    const spec = outcome?.patch.template?.spec;
    expect(spec?.volumes).toEqual([{ name: "skywalking-canary-agent", emptyDir: {} }, ...volumes]);
    expect(spec?.initContainers?.map(({ name }) => name)).toEqual(["skywalking-canary-agent"]);
    expect(spec?.containers?.[0]?.volumeMounts).toEqual([
      { name: "skywalking-canary-agent", mountPath: "/skywalking/agent" },
    ]);
    const upgraded = cloneSet(
      specOf(spec),
      [owns(ours, { "f:containers": {}, "f:initContainers": {}, "f:volumes": {} })],
      outcome?.patch.annotations["skywalking-canary/original"],
    );
    expect(outcomeOf(placed(v9WithAgent, fields), upgraded).outcome?.patch.isApplied).toBe(true);
    expect(patchOf(upgraded, "origin")).toMatchObject({
      template: { spec: { containers: [app, sidecar], volumes } },
      isApplied: false,
    });
  });

  test("is as its owner has it again, whatever the owner has: no variables, mounts, no volumes", () => {
    const bare = { name: "app", args: [javaagent], volumeMounts: [{ name: "data", mountPath: "/data" }] };
    const named = { ...fields, agent: { language: "java", release: "6.6.0", serviceName: "cart" } } as const;
    const target = cloneSet({ containers: [bare] }, [owns("kubectl", { "f:containers": {} })]);
    const { outcome } = outcomeOf(placed(v9WithAgent, named), target);
    const spec = outcome?.patch.template?.spec;
    expect(spec?.containers?.[0]?.volumeMounts).toEqual([
      { name: "data", mountPath: "/data" },
      { name: "skywalking-canary-agent", mountPath: "/skywalking/agent" },
    ]);
    const moved = cloneSet(
      specOf(spec),
      [owns(ours, { "f:containers": {}, "f:initContainers": {}, "f:volumes": {} })],
      outcome?.patch.annotations["skywalking-canary/original"],
    );
    expect(outcomeOf(placed(v9WithAgent, named), moved).outcome?.patch.isApplied).toBe(true);
    expect(outcomeOf(placed(undefined, named), moved).outcome?.patch).toMatchObject({
      template: { spec: { containers: [bare] } },
      isApplied: false,
    });
  });

  test("keeps mounts of the owner's, and the owner's entry of a ConfigMap", () => {
    const file = { inject: "config-map", configFile: { volume: "agent" } } as const;
    const mounts = [{ name: "agent", mountPath: "/skywalking/agent/config" }];
    const target = cloneSet(
      {
        containers: [{ ...app, volumeMounts: mounts }],
        volumes: [{ name: "agent", configMap: { name: "cart-agent", defaultMode: 420 } }, ...volumes],
      },
      [owns("kubectl", whole)],
    );
    const configMaps = new Map([["default/shop/cart-agent", { "agent.config": "" }]]);
    const { outcome } = outcomeOf(placed(v9, { ...fields, ...file }), target, configMaps);
    const name = outcome?.patch.configMap?.name ?? "";
    expect(outcome?.patch.template).toEqual({
      spec: { volumes: [{ name: "agent", configMap: { name, defaultMode: 420 } }, ...volumes] },
    });
    const moved = cloneSet(
      { containers: [app], volumes: [{ name: "agent", configMap: { name, defaultMode: 420 } }, ...volumes] },
      [owns(ours, { "f:volumes": {} })],
      outcome?.patch.annotations["skywalking-canary/original"],
    );
    expect(patchOf(moved, "origin")?.template).toEqual({
      spec: { volumes: [{ name: "agent", configMap: { name: "cart-agent", defaultMode: 420 } }, ...volumes] },
    });
  });

  test("is said before: every deploy of the owner's takes all of it back", () => {
    const { outcome } = outcomeOf(placed(v9, fields), fresh);
    expect(textsOf(outcome?.warnings)).toEqual([
      "cart: the containers of a CloneSet have one owner, so every deploy by that owner moves the agent back until the next `pulumi up`",
    ]);
  });
});

test("a Rollout whose CRD merges containers by name is patched like a Deployment, but for its volumes", () => {
  const rollout: Workload = {
    ...workload({}),
    kind: "Rollout",
    podSpec: { containers: [app], volumes },
    managedFields: [owns("kubectl", { "f:containers": { 'k:{"name":"app"}': { "f:image": {} } }, "f:volumes": {} })],
  };
  const { outcome } = outcomeOf(placed(v9WithAgent, { kind: "Rollout" }), rollout);
  expect(outcome?.patch.template?.spec?.containers).toEqual([
    {
      name: "app",
      env: [{ name: "JAVA_TOOL_OPTIONS", value: pair }],
      volumeMounts: [{ name: "skywalking-canary-agent", mountPath: "/skywalking/agent" }],
    },
  ]);
  expect(outcome?.patch.template?.spec?.volumes).toHaveLength(2);
});

test("a note that somebody has made unreadable is an error that says how to go on", () => {
  const target = cloneSet({ containers: [app] }, [owns(ours, whole)], "{oops");
  expect(() => patchWorkload(placed(v9, fields), target, new Map(), () => undefined)).toThrow(
    "Cannot read the annotation skywalking-canary/original of CloneSet shop/cart, which keeps what its owner had set: {oops -> restore it, or have the owner deploy the workload and remove it",
  );
});
