import { changed, everyKeyConfig, exampleConfig } from "../example";
import { declared } from "./declared";

/** The inputs of a resource, as plain data. */
type Inputs = Record<string, unknown>;

const deployment = "kubernetes:apps/v1:Deployment v9-oap";
const initJob = "kubernetes:batch/v1:Job v9-oap-init";
const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler v9-oap";
const role = "kubernetes:rbac.authorization.k8s.io/v1:Role v9-oap";
const roleBinding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding v9-oap";
const serviceAccount = "kubernetes:core/v1:ServiceAccount v9-oap";

/** The inputs of everything that is declared for the example with some keys of v9 changed, by type and name. */
async function declareExample(changes: Readonly<Record<string, unknown>>): Promise<ReadonlyMap<string, Inputs>> {
  const ofV9: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(changes).map(([path, value]) => [`generations.v9.${path}`, value]),
  );
  const config = changed(exampleConfig(), { stage: "provision", services: {}, waves: [], ...ofV9 });
  const { resources } = await declared(config, new Map());
  return new Map(resources.map(({ type, name, inputs }) => [`${type} ${name}`, { ...inputs }]));
}

/** What stands at a path of keys and places, joined by dots. */
function at(inputs: Inputs | undefined, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], inputs);
}

function envOf(inputs: Inputs | undefined): Record<string, string> {
  const env = at(inputs, "spec.template.spec.containers.0.env") as { name: string; value: string }[];
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
}

const nameOf = (inputs: Inputs | undefined): unknown => at(inputs, "metadata.name");
const checksumOf = (inputs: Inputs | undefined): unknown =>
  (at(inputs, "spec.template.metadata.annotations") as Inputs | undefined)?.["skywalking-canary/config-checksum"];

/** What is declared for the example as it stands. */
let example: ReadonlyMap<string, Inputs>;
beforeAll(async () => {
  example = await declareExample({});
});

describe("configuration files", () => {
  const file = (content: string) => ({ "oap.config": { "oal/core.oal": content } });

  test("a change of a file rolls the pods and runs another init Job", async () => {
    const [before, after] = [await declareExample(file("a")), await declareExample(file("b"))];
    expect(checksumOf(before.get(deployment))).toMatch(/^[0-9a-f]{16}$/);
    expect(checksumOf(after.get(deployment))).not.toBe(checksumOf(before.get(deployment)));
    expect(nameOf(after.get(initJob))).not.toBe(nameOf(before.get(initJob)));
  });

  test("the order in which they are written rolls and installs nothing", async () => {
    const one = await declareExample({ "oap.config": { "a.yml": "1", "b.yml": "2" } });
    const other = await declareExample({ "oap.config": { "b.yml": "2", "a.yml": "1" } });
    expect(at(other.get(deployment), "spec.template")).toEqual(at(one.get(deployment), "spec.template"));
    expect(nameOf(other.get(initJob))).toBe(nameOf(one.get(initJob)));
  });

  test("their ConfigMap has not the label of the cluster, lest the servers follow it", async () => {
    const resources = await declareExample(file("a"));
    const labels = at(resources.get("kubernetes:core/v1:ConfigMap v9-oap-config"), "metadata.labels");
    expect(labels).not.toHaveProperty(["skywalking-canary/oap-cluster"]);
  });

  test.each([
    ["6.6.0", "application.yml", "true"],
    ["6.6.0", "log4j2.xml", undefined],
    ["9.7.0", "application.yml", undefined],
  ])("OAP %s with %s of the user is told to leave it alone: %s", async (version, path, expected) => {
    const resources = await declareExample({ version, agents: undefined, "oap.config": { [path]: "x" } });
    for (const owner of [deployment, initJob]) {
      expect(envOf(resources.get(owner)).SW_L0AD_CONFIG_FILE_FROM_VOLUME).toBe(expected);
    }
  });
});

test.each([
  ["7.0.0", "/buffers/traces", "/buffers/mesh"],
  ["8.0.0", undefined, undefined],
])("receivers of OAP %s buffer where a user who is not root may write: %s, %s", async (version, traces, mesh) => {
  const resources = await declareExample({ version, agents: undefined });
  for (const owner of [deployment, initJob]) {
    const { SW_RECEIVER_BUFFER_PATH, SW_SERVICE_MESH_BUFFER_PATH } = envOf(resources.get(owner));
    expect([SW_RECEIVER_BUFFER_PATH, SW_SERVICE_MESH_BUFFER_PATH]).toEqual([traces, mesh]);
    const mounts = JSON.stringify(at(resources.get(owner), "spec.template.spec.containers.0.volumeMounts") ?? []);
    expect(mounts.includes('"/buffers"')).toBe(traces !== undefined);
  }
});

describe("dynamic configuration", () => {
  const dynamic = (content: string) => ({ "oap.dynamicConfig": { config: { key: content } } });

  test("a change of it rolls nothing and installs nothing", async () => {
    const [before, after] = [await declareExample(dynamic("a")), await declareExample(dynamic("b"))];
    expect(at(after.get(deployment), "spec.template")).toEqual(at(before.get(deployment), "spec.template"));
    expect(nameOf(after.get(initJob))).toBe(nameOf(before.get(initJob)));
  });

  test("its ConfigMap has the label by which the servers find it, and they may read it", async () => {
    const resources = await declareExample(dynamic("a"));
    const labels = at(resources.get("kubernetes:core/v1:ConfigMap v9-oap-dynamic"), "metadata.labels");
    expect(labels).toMatchObject({ "skywalking-canary/oap-cluster": "v9" });
    expect(envOf(resources.get(deployment))).toMatchObject({
      SW_CONFIGURATION: "k8s-configmap",
      SW_CONFIG_CONFIGMAP_PERIOD: "60",
      SW_CLUSTER_K8S_LABEL: "skywalking-canary/oap-cluster=v9",
      SW_CLUSTER_K8S_NAMESPACE: "skywalking-v9",
    });
    expect(at(resources.get(role), "rules.0.resources")).toEqual(["pods", "configmaps"]);
  });

  test("without it the servers may read pods alone", () => {
    expect(at(example.get(role), "rules.0.resources")).toEqual(["pods"]);
  });
});

describe("the name of the init Job", () => {
  test.each<[change: string, changes: Record<string, unknown>]>([
    ["the image", { "oap.image": "registry.example.com/oap:1" }],
    ["a variable of the OAP", { "oap.env": { SW_CORE_RECORD_DATA_TTL: "9" } }],
    ["a variable of its own", { "init.env": { SW_CORE_RECORD_DATA_TTL: "9" } }],
    ["the options of the JVM", { "oap.javaOpts": "-XX:+UseSerialGC" }],
    ["a Secret", { "oap.secretMounts": [{ secretName: "ca", mountPath: "/ca" }] }],
    ["its nodes", { "init.nodeSelector": { disk: "ssd" } }],
    ["the prefix of the indices", { "storage.namespace": "other" }],
  ])("changes with %s", async (_, changes) => {
    expect(nameOf((await declareExample(changes)).get(initJob))).not.toBe(nameOf(example.get(initJob)));
  });

  test.each<[change: string, changes: Record<string, unknown>]>([
    ["the number of servers", { "oap.replicas": 5 }],
    ["the servers' nodes", { "oap.nodeSelector": { disk: "ssd" } }],
    ["a port", { "oap.ports": { promql: 9090 } }],
    ["its time to live", { "init.ttlSecondsAfterFinished": 600 }],
    ["the UI", { "ui.replicas": 3 }],
  ])("does not change with %s", async (_, changes) => {
    expect(nameOf((await declareExample(changes)).get(initJob))).toBe(nameOf(example.get(initJob)));
  });
});

describe("autoscaling", () => {
  const autoscaling = { "oap.autoscaling": { maxReplicas: 5 } };

  test("leaves the number of servers to the autoscaler, which starts from `replicas`", async () => {
    const resources = await declareExample({ ...autoscaling, "oap.replicas": 3 });
    expect(at(resources.get(deployment), "spec")).not.toHaveProperty("replicas");
    expect(at(resources.get(autoscaler), "spec")).toMatchObject({ minReplicas: 3, maxReplicas: 5 });
  });

  test("a generation that does not run has 0 servers and no autoscaler to start them again", async () => {
    const config = changed(exampleConfig(), {
      stage: "drain",
      services: {},
      waves: [],
      "generations.v6.oap": { autoscaling: { maxReplicas: 5 } },
    });
    const { resources } = await declared(config, new Map());
    const [servers] = resources.filter(({ type, name }) => `${type} ${name}` === deployment.replace("v9", "v6"));
    expect(at({ ...servers?.inputs }, "spec.replicas")).toBe(0);
    expect(resources.map(({ type }) => type)).not.toContain("kubernetes:autoscaling/v2:HorizontalPodAutoscaler");
  });

  test("the number that the autoscaler owns is taken from it by force, and only then", async () => {
    const force = { annotations: { "pulumi.com/patchForce": "true" } };
    expect((await declareExample(autoscaling)).get(deployment)).toMatchObject({ metadata: force });
    expect(example.get(deployment)).not.toMatchObject({ metadata: force });
  });
});

test("what a key of the config can take away is not protected", async () => {
  const { resources } = await declared(changed(everyKeyConfig(), { stage: "provision" }), new Map());
  const unprotected = resources.filter(({ protect, name }) => protect !== true && name.startsWith("v9"));
  expect(unprotected.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    autoscaler,
    initJob,
    "kubernetes:core/v1:ConfigMap v9-oap-config",
    "kubernetes:core/v1:ConfigMap v9-oap-dynamic",
    "kubernetes:core/v1:Secret v9-ui-users",
    "kubernetes:core/v1:Service v9-oap-admin",
    serviceAccount,
    "kubernetes:monitoring.coreos.com/v1:ServiceMonitor v9-oap",
    "kubernetes:networking.k8s.io/v1:Ingress v9-oap",
    "kubernetes:networking.k8s.io/v1:Ingress v9-ui",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy v9-oap-admin",
  ]);
});

describe("the service account", () => {
  test("is the servers' alone unless one is named", () => {
    expect(at(example.get(deployment), "spec.template.spec.serviceAccountName")).toBe("oap-v9");
    expect(at(example.get(initJob), "spec.template.spec")).not.toHaveProperty("serviceAccountName");
  });

  test("that is named is bound and used, and none is made", async () => {
    const resources = await declareExample({ "oap.serviceAccount.name": "tracing" });
    expect(resources.has(serviceAccount)).toBe(false);
    expect(at(resources.get(roleBinding), "subjects.0.name")).toBe("tracing");
    for (const owner of [deployment, initJob]) {
      expect(at(resources.get(owner), "spec.template.spec.serviceAccountName")).toBe("tracing");
    }
  });
});

describe("the heap", () => {
  test.each<[changes: Record<string, unknown>, servers: string, init: string]>([
    [{}, "-Xms1228m -Xmx1228m -Dmode=no-init", "-Xms1228m -Xmx1228m -Dmode=init"],
    [{ "oap.heap": "1500Mi" }, "-Xms1500m -Xmx1500m -Dmode=no-init", "-Xms1500m -Xmx1500m -Dmode=init"],
    [
      { "oap.heap": "1500Mi", "init.memory": "1Gi" },
      "-Xms1500m -Xmx1500m -Dmode=no-init",
      "-Xms614m -Xmx614m -Dmode=init",
    ],
    [{ "oap.javaOpts": "-Da=b" }, "-Xms1228m -Xmx1228m -Dmode=no-init -Da=b", "-Xms1228m -Xmx1228m -Dmode=init -Da=b"],
  ])("with %j the servers start with %s, the init Job with %s", async (changes, servers, init) => {
    const resources = await declareExample(changes);
    expect(envOf(resources.get(deployment)).JAVA_OPTS).toBe(servers);
    expect(envOf(resources.get(initJob)).JAVA_OPTS).toBe(init);
  });
});

test.each([
  ["9.7.0", "prometheus"],
  ["10.4.0", undefined],
])("a ServiceMonitor of OAP %s sets SW_TELEMETRY to %s", async (version, expected) => {
  const resources = await declareExample({ version, "monitoring.serviceMonitor": true });
  expect(envOf(resources.get(deployment)).SW_TELEMETRY).toBe(expected);
});

describe("the administration of OAP 11", () => {
  const user = { username: "admin", passwordHash: "$argon2id$v=19$m=65536,t=3,p=4$not$a-secret", roles: ["admin"] };
  const eleven = (admin: boolean) => ({ version: "11.0.0", "ui.users": [user], "ui.admin": admin });

  test.each([true, false])("is not behind the OAP's Service, whether the UI may reach it: %s", async (admin) => {
    const resources = await declareExample({ ...eleven(admin), "oap.service.type": "LoadBalancer" });
    expect(at(resources.get("kubernetes:core/v1:Service v9-oap"), "spec.ports")).toEqual([
      { name: "grpc", port: 11800 },
      { name: "rest", port: 12800 },
    ]);
  });

  test("listens within the pod alone, where a forwarded port ends", async () => {
    const resources = await declareExample(eleven(false));
    expect(envOf(resources.get(deployment))).toMatchObject({
      SW_ADMIN_SERVER_HOST: "127.0.0.1",
      SW_ADMIN_SERVER_GRPC_HOST: "127.0.0.1",
    });
    expect([...resources.keys()].filter((id) => id.includes("admin"))).toEqual([]);
  });

  test("is not there before 11", async () => {
    expect(envOf((await declareExample({ version: "10.4.0" })).get(deployment))).not.toHaveProperty(
      "SW_ADMIN_SERVER_HOST",
    );
  });

  test("that the UI may reach admits it by a NetworkPolicy, and leaves every other port as it was", async () => {
    const resources = await declareExample(eleven(true));
    expect(envOf(resources.get(deployment))).not.toHaveProperty("SW_ADMIN_SERVER_HOST");
    const policy = resources.get("kubernetes:networking.k8s.io/v1:NetworkPolicy v9-oap-admin");
    const rules = at(policy, "spec.ingress") as {
      from?: { podSelector: { matchLabels: Record<string, string> } }[];
      ports: { port: number; endPort: number }[];
    }[];
    const admits = (port: number) =>
      rules
        .filter(({ ports }) => ports.some((range) => range.port <= port && port <= range.endPort))
        .map(({ from }) => from?.map(({ podSelector }) => podSelector.matchLabels["app.kubernetes.io/component"]));
    expect([1, 11800, 12800, 17127, 17130, 65535].map(admits)).toEqual(Array(6).fill([undefined]));
    expect(admits(17128)).toEqual([["ui"]]);
    expect(admits(17129)).toEqual([["oap"]]);
  });
});

test("variables of the user win over what a key of the config switches on", async () => {
  const resources = await declareExample({ "monitoring.serviceMonitor": true, "oap.env": { SW_TELEMETRY: "so11y" } });
  expect(envOf(resources.get(deployment)).SW_TELEMETRY).toBe("so11y");
});

test.each([
  ["oap", deployment, "registry.example.com/apache/skywalking-oap-server:9.7.0"],
  ["ui", "kubernetes:apps/v1:Deployment v9-ui", "registry.example.com/apache/skywalking-ui:9.7.0"],
])("the registry stands before the official image of %s, not before one that is named", async (owner, of, official) => {
  const image = "spec.template.spec.containers.0.image";
  const registry = { "images.registry": "registry.example.com" };
  expect(at((await declareExample(registry)).get(of), image)).toBe(official);
  const named = await declareExample({ ...registry, [`${owner}.image`]: "other.example.com/x:1" });
  expect(at(named.get(of), image)).toBe("other.example.com/x:1");
});

test("null leaves a field of a security context to the cluster, and the others stay", async () => {
  const resources = await declareExample({ "oap.podSecurityContext": { runAsUser: null } });
  expect(at(resources.get(deployment), "spec.template.spec.securityContext")).toEqual({
    runAsNonRoot: true,
    runAsGroup: 1000,
    fsGroup: 1000,
    seccompProfile: { type: "RuntimeDefault" },
  });
});

test("a spread constraint keeps the selector that it has", async () => {
  const own = { matchLabels: { a: "b" } };
  const constraint = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" };
  const resources = await declareExample({
    "oap.topologySpreadConstraints": [constraint, { ...constraint, labelSelector: own }],
  });
  const selectors = "spec.template.spec.topologySpreadConstraints";
  expect(at(resources.get(deployment), `${selectors}.0.labelSelector.matchLabels`)).toMatchObject({
    "app.kubernetes.io/component": "oap",
  });
  expect(at(resources.get(deployment), `${selectors}.1.labelSelector`)).toEqual(own);
});

test("pod anti-affinity joins the affinity of the user", async () => {
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } };
  const resources = await declareExample({ "oap.affinity": affinity, "oap.podAntiAffinity": "soft" });
  expect(at(resources.get(deployment), "spec.template.spec.affinity")).toMatchObject({
    ...affinity,
    podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100 }] },
  });
});

test("the init Job ends with its time, a failed one is replaced, and what fails leaves its log's end", async () => {
  const example = await declareExample({});
  expect(at(example.get(initJob), "spec.activeDeadlineSeconds")).toBe(900);
  expect(at(example.get(initJob), "metadata.annotations")).toMatchObject({ "pulumi.com/replaceUnready": "true" });
  for (const owner of [deployment, initJob]) {
    const policy = "spec.template.spec.containers.0.terminationMessagePolicy";
    expect(at(example.get(owner), policy)).toBe("FallbackToLogsOnError");
  }
});
