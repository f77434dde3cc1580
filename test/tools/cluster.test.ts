import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import {
  type Cluster,
  type EmbeddedCluster,
  openCluster,
  ownedDirectories,
  startCluster,
  useCluster,
} from "../../tools/cluster/cluster";
import { isAlive, type ProcessIdentity } from "../../tools/cluster/process-identity";
import { readRecord } from "../../tools/cluster/record";
import { ensureTools } from "../../tools/toolchain/ensure";

jest.setTimeout(180_000);

const checkout = join(__dirname, "..", "..");
let kubectlPath: string;
let folder: string;
const environment = process.env;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cluster-test-"));
  // Clusters of a developer's own must not be seen, nor be touched.
  process.env = { ...environment, XDG_STATE_HOME: join(folder, "state") };
  kubectlPath = (await ensureTools(["kubectl"])).kubectl;
});
afterAll(() => {
  process.env = environment;
  rmSync(folder, { recursive: true, force: true });
});

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${what}`);
    await sleep(50);
  }
}

/** Supervisor and components of the cluster in that directory. */
function processesOf(directory: string): ProcessIdentity[] {
  const record = readRecord(directory);
  return record === undefined ? [] : [record.supervisor, ...record.processes];
}

/** Waits until nothing is left of a cluster: none of its processes, and not its directory. */
async function expectNothingLeft(directory: string, processes: readonly ProcessIdentity[]): Promise<void> {
  await until("the processes to end", () => !processes.some((process) => isAlive(process)));
  await until(`${directory} to go`, () => !existsSync(directory));
}

function stdoutOf(child: ChildProcess): NodeJS.ReadableStream {
  if (child.stdout === null) throw new Error("its output is not piped");
  return child.stdout;
}

describe("a cluster", () => {
  let cluster: EmbeddedCluster;
  let second: Cluster;

  beforeAll(async () => {
    process.env.KUBECONFIG = join(folder, "production");
    [cluster, second] = await Promise.all([startCluster(), openCluster({ nodes: 1 })]);
    delete process.env.KUBECONFIG;
  });
  afterAll(async () => {
    const directories = [cluster, second].map(({ kubeconfig }) => dirname(kubeconfig));
    const ends = directories.map((directory) => [directory, processesOf(directory)] as const);
    await Promise.all([cluster.stop(), second.stop()]);
    for (const [directory, processes] of ends) await expectNothingLeft(directory, processes);
  });

  const kubectl = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(kubectlPath, ["--kubeconfig", cluster.kubeconfig, ...args])).stdout.trim();
  const read = (object: string, path: string): Promise<string> => kubectl("get", object, "-o", `jsonpath={${path}}`);

  /** Creates objects as their owner would, from a manifest in JSON. */
  const apply = (...objects: object[]): void => {
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    execFileSync(kubectlPath, ["--kubeconfig", cluster.kubeconfig, "apply", "-f", "-"], { input });
  };
  const pod = (app: string, annotations: object = {}, spec: object = {}): object => ({
    metadata: { labels: { app }, annotations },
    spec: { containers: [{ name: "main", image: "example.org/main:1" }], ...spec },
  });
  const deployment = (app: string, annotations: object = {}, replicas = 1): object => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: app },
    spec: { replicas, selector: { matchLabels: { app } }, template: pod(app, annotations) },
  });
  const job = (name: string, annotations: object = {}): object => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: { backoffLimit: 0, template: pod(name, annotations, { restartPolicy: "Never" }) },
  });

  test("has nodes in three zones, and shares nothing with the one that runs beside it", async () => {
    const zones = "jsonpath={.items[*].metadata.labels.topology\\.kubernetes\\.io/zone}";
    expect(await kubectl("get", "nodes", "-o", zones)).toBe("local-a local-b local-c");
    const beside = ["--kubeconfig", second.kubeconfig, "get", "nodes", "-o", "name"];
    expect((await promisify(execFile)(kubectlPath, beside)).stdout).toBe("node/node-0\n");
  });

  test("is never the one of an ambient KUBECONFIG", () => {
    expect(second.kind).toBe("embedded");
    expect(existsSync(join(folder, "production"))).toBe(false);
  });

  test("leaves no trace of the probe that it was started with", async () => {
    expect(await kubectl("get", "deployments,replicasets,pods", "-A", "-o", "name")).toBe("");
  });

  test("makes a Deployment available, and replaces its pods when the template changes", async () => {
    apply(deployment("rolls", {}, 2));
    await kubectl("rollout", "status", "deployment/rolls", "--timeout=60s");
    await kubectl("set", "env", "deployment/rolls", "A=b");
    await kubectl("rollout", "status", "deployment/rolls", "--timeout=60s");
    expect(await read("deployment/rolls", ".status.availableReplicas")).toBe("2");
    await until(
      "the old pods to go",
      async () => (await kubectl("get", "pods", "-l", "app=rolls", "-o", "name")).split("\n").length === 2,
    );
  });

  test("completes a Job", async () => {
    apply(job("completes"));
    await kubectl("wait", "--for=condition=Complete", "job/completes", "--timeout=60s");
  });

  test("deletes a running pod before its grace period is over", async () => {
    apply({ apiVersion: "v1", kind: "Pod", ...pod("goes"), metadata: { name: "goes" } });
    await kubectl("wait", "--for=condition=Ready", "pod/goes", "--timeout=60s");
    await kubectl("delete", "pod/goes", "--timeout=60s");
  });

  test("gives a StatefulSet its volumes, enlarges them, and drops them with their claims only", async () => {
    const claim = {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    apply({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "stores" },
      spec: {
        serviceName: "stores",
        replicas: 2,
        selector: { matchLabels: { app: "stores" } },
        template: pod("stores"),
        volumeClaimTemplates: [claim],
      },
    });
    await kubectl("rollout", "status", "statefulset/stores", "--timeout=60s");
    expect(await kubectl("get", "pvc", "-o", "jsonpath={.items[*].status.phase}")).toBe("Bound Bound");

    await kubectl(
      "patch",
      "pvc/data-stores-0",
      "-p",
      JSON.stringify({ spec: { resources: { requests: { storage: "2Gi" } } } }),
    );
    await kubectl("wait", "--for=jsonpath={.status.capacity.storage}=2Gi", "pvc/data-stores-0", "--timeout=60s");

    await kubectl("delete", "statefulset/stores");
    expect(await kubectl("get", "pv", "-o", "jsonpath={.items[*].status.phase}")).toBe("Bound Bound");
    await kubectl("delete", "pvc", "--all");
    await until("the volumes to go", async () => (await kubectl("get", "pv", "-o", "name")) === "");
  });

  test("refuses a privileged pod where Pod Security is enforced as restricted, and takes one that conforms", async () => {
    await kubectl("create", "namespace", "strict");
    await kubectl("label", "namespace", "strict", "pod-security.kubernetes.io/enforce=restricted");
    const run = (name: string, securityContext: object): Promise<string> =>
      kubectl(
        "run",
        name,
        "-n",
        "strict",
        "--image=i",
        `--overrides=${JSON.stringify({
          spec: { containers: [{ name, image: "i", securityContext }] },
        })}`,
      );
    await expect(run("bad", { privileged: true })).rejects.toThrow(
      /violates PodSecurity "restricted:latest": privileged/,
    );
    const conforming = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    };
    await expect(run("good", conforming)).resolves.toBe("pod/good created");
  });

  test("knows nobody's rights but those that were granted", async () => {
    const token = await kubectl("create", "token", "default");
    const asAccount = promisify(execFile)(kubectlPath, [
      `--server=${cluster.server}`,
      "--insecure-skip-tls-verify",
      "--kubeconfig=/dev/null",
      `--token=${token}`,
      "get",
      "pods",
    ]);
    await expect(asAccount).rejects.toThrow(/system:serviceaccount:default:default" cannot list resource "pods"/);
  });

  test("lets pods misbehave when they ask for it", async () => {
    const behaviour = (name: string): object => ({ "skywalking-canary.test/behaviour": name });
    apply(
      deployment("hangs", behaviour("hang")),
      deployment("crashes", behaviour("fail")),
      deployment("waits", behaviour("slow")),
      deployment("turns", { ...behaviour("hang"), "skywalking-canary.test/when": "skywalking-oap.v9" }),
      job("breaks", behaviour("fail")),
    );
    await kubectl("rollout", "status", "deployment/turns", "--timeout=60s");
    await kubectl("set", "env", "deployment/turns", "SW_BACKEND=skywalking-oap.v9:11800");
    await kubectl("wait", "--for=condition=Failed", "job/breaks", "--timeout=60s");
    await kubectl("rollout", "status", "deployment/waits", "--timeout=60s");
    const available =
      "jsonpath={range .items[*]}{.metadata.name}={.status.availableReplicas}/{.status.updatedReplicas} {end}";
    expect(await kubectl("get", "deployment", "hangs", "crashes", "waits", "turns", "-o", available)).toBe(
      "hangs=/1 crashes=/1 waits=1/1 turns=1/1",
    );
    const state = (app: string): Promise<string> =>
      kubectl("get", "pods", "-l", `app=${app}`, "-o", "jsonpath={.items[*].status.containerStatuses[*].state}");
    expect(await state("hangs")).toContain("running");
    expect(await state("crashes")).toContain("CrashLoopBackOff");
    // The pod of before the change serves; the one after it does not become ready.
    expect(
      await kubectl("get", "pods", "-l", "app=turns", "-o", "jsonpath={.items[*].status.containerStatuses[*].ready}"),
    ).toMatch(/^(true false|false true)$/);
  });

  test("that the user names is used, and nothing is started; its context is handed on", async () => {
    const owned = readdirSync(ownedDirectories());
    const many = join(folder, "many");
    const elsewhere = readFileSync(cluster.kubeconfig, "utf8").replace(/^current-context: .*$/m, "current-context: x");
    writeFileSync(many, elsewhere);

    const byFile = await openCluster({ kubeconfig: cluster.kubeconfig });
    expect([byFile.kind, byFile.kubeconfig]).toEqual(["named", cluster.kubeconfig]);
    await byFile.stop();
    expect(existsSync(cluster.kubeconfig)).toBe(true);

    const byContext = await useCluster({ kubeconfig: many, context: "skywalking-canary" });
    expect(readFileSync(byContext.kubeconfig, "utf8")).toContain("current-context: skywalking-canary");
    await byContext.stop();
    expect(existsSync(byContext.kubeconfig)).toBe(false);
    expect(readdirSync(ownedDirectories())).toEqual(owned);
  });
});

describe("a cluster of a process ends with it", () => {
  /** A process that starts a cluster, prints where it is, and goes on. */
  const owner = (): ChildProcess => {
    const script = join(folder, "owner.ts");
    writeFileSync(
      script,
      `import { startCluster } from ${JSON.stringify(join(checkout, "tools", "cluster", "cluster"))};
       void startCluster({ nodes: 1 }).then((cluster) => {
         console.log(cluster.directory);
         setInterval(() => undefined, 1000);
       });`,
    );
    return spawn(process.execPath, ["--import", "tsx", script], {
      cwd: checkout,
      env: process.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
  };
  const started = async (child: ChildProcess): Promise<string> => {
    const [line] = (await once(stdoutOf(child), "data")) as [Buffer]; // It prints one short line.
    return line.toString().trim();
  };

  test.each(["SIGKILL", "SIGINT"] as const)("that is ended by %s", async (signal) => {
    const child = owner();
    const directory = await started(child);
    const processes = processesOf(directory);
    expect(processes).toHaveLength(6);
    child.kill(signal);
    await expectNothingLeft(directory, processes);
  });

  test("that is killed while the cluster is still starting", async () => {
    const child = owner();
    const parent = ownedDirectories();
    await until(
      "the API server",
      () => existsSync(parent) && readdirSync(parent).some((entry) => processesOf(join(parent, entry)).length >= 3),
    );
    const directory = join(parent, readdirSync(parent)[0] ?? "");
    const processes = processesOf(directory);
    child.kill("SIGKILL");
    await expectNothingLeft(directory, processes);
  });

  test("even when its supervisor was killed", async () => {
    const child = owner();
    const directory = await started(child);
    const [supervisor, ...processes] = processesOf(directory);
    process.kill(supervisor?.pid ?? 0, "SIGKILL");
    await expectNothingLeft(directory, processes);
    child.kill("SIGKILL");
  });

  test("and when both were killed, with the next cluster that is asked for", async () => {
    const child = owner();
    const directory = await started(child);
    const processes = processesOf(directory);
    child.kill("SIGSTOP"); // It must not see its supervisor's end.
    process.kill(processes[0]?.pid ?? 0, "SIGKILL");
    child.kill("SIGKILL");
    await until("both to be gone", () => child.signalCode !== null && !processes.slice(0, 1).some((it) => isAlive(it)));
    await expect(startCluster({ directory: folder })).rejects.toThrow(
      /is not empty: name a folder that the cluster may/,
    );
    await expectNothingLeft(directory, processes);
  });
});

test("a start that fails names the process, its last words and its log, and leaves no process", async () => {
  const config = join(folder, "broken.yaml");
  writeFileSync(config, "apiVersion: kwok.x-k8s.io/v1alpha1\nkind: Stage\nmetadata: { name: [] }\n");
  const directory = join(folder, "fails");
  await expect(startCluster({ directory, kwokConfigs: [config] })).rejects.toThrow(
    /^The local cluster did not start: kwok ended with code 1\n( {2}\| .*\n)+ {2}log: .*\/fails\/logs\/kwok\.log$/,
  );
  expect(readdirSync(directory)).toEqual(["logs"]);
  expect(readFileSync(join(directory, "logs", "kwok.log"), "utf8")).toContain("cannot unmarshal array");
});

describe("npm run cluster", () => {
  const run = async (...args: string[]): Promise<{ code: number | null; stdout: string }> => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", join(checkout, "tools", "cluster", "index.ts"), ...args],
      {
        cwd: checkout,
        env: process.env,
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    const [stdout] = await Promise.all([text(stdoutOf(child)), once(child, "close")]);
    return { code: child.exitCode, stdout };
  };

  test("up, status, up again, down", async () => {
    const directory = join(folder, "state", "skywalking-canary", "clusters", "here");
    const line = `export KUBECONFIG=${join(directory, "kubeconfig")}\n`;
    expect(await run("up", "--name", "here", "--nodes", "1")).toEqual({ code: 0, stdout: line });
    const processes = processesOf(directory);

    const { code, stdout } = await run("status", "--name", "here");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^here: up for 0 h 0 min/);
    for (const { pid } of processes) expect(stdout).toContain(String(pid));

    expect(await run("up", "--name", "here")).toEqual({ code: 0, stdout: line });
    expect(processesOf(directory)).toEqual(processes);
    expect(await run("down", "--name", "here")).toEqual({ code: 0, stdout: "cluster here has ended\n" });
    await expectNothingLeft(directory, processes);
    expect(await run("status", "--name", "here")).toEqual({ code: 1, stdout: "there is no cluster here\n" });
  });

  test("a cluster of which a process was killed ends whole, and status says why", async () => {
    await run("up", "--name", "hurt", "--nodes", "1");
    const directory = join(folder, "state", "skywalking-canary", "clusters", "hurt");
    const processes = processesOf(directory);
    process.kill(processes[1]?.pid ?? 0, "SIGKILL");
    await until("the others to end", () => !processes.some((process) => isAlive(process)));
    expect((await run("status", "--name", "hurt")).stdout).toMatch(/^hurt: ended: etcd ended with SIGKILL\n/);
    await run("down", "--name", "hurt");
    expect(existsSync(directory)).toBe(false);
  });
});

test("a cluster that the user names has to exist and to answer", async () => {
  await expect(useCluster({})).rejects.toThrow("Name the cluster to use: a kubeconfig, a context, or both.");
  await expect(useCluster({ kubeconfig: join(folder, "none") })).rejects.toThrow(/^There is no kubeconfig .*none\.$/);
  await expect(useCluster({ context: "nowhere" })).rejects.toThrow(
    /--context nowhere does not answer: .*"nowhere" does not exist/,
  );
});
