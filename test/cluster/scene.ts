import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

import { startCluster, type EmbeddedCluster } from "../../tools/cluster/cluster";
import { isOap, writePortForwards, type BehindPods } from "../../tools/recorded-oap/behind-pods";
import { CommandError, LocalStack, run, type Run } from "../../tools/stack/local-stack";
import { effectiveSettings, type EffectiveSettings } from "../../tools/stack/effective-settings";
import { ensureTools, pulumiEnv } from "../../tools/toolchain/ensure";
import type { Workload } from "../../upgrade/workload";
import type { Sighting } from "./rule-watcher";

const checkout = join(__dirname, "..", "..");
export const shopManifests = join(checkout, "tools", "demo", "manifests", "shop.yaml");

/** A target workload as the API server has it. */
export interface LiveWorkload {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly generation: number; readonly managedFields?: unknown };
  readonly spec: { readonly template: { readonly spec: Workload["podSpec"] } };
}

/** Which container of each workload has the agent. */
export const containers: Readonly<Record<string, string>> = {
  catalog: "catalog",
  frontend: "frontend",
  cart: "cart",
  payment: "payment",
  inventory: "app",
  "edge-gateway": "gateway",
};

/** A local cluster with the sample services as their owners deployed them, and a stack of the example. */
export class Scene {
  private constructor(
    readonly cluster: EmbeddedCluster,
    readonly stack: LocalStack,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * @param fixture - name of a stack in test/fixtures; the example where none is named
   * @param behindPods - what answers for OAPs and storages. Where nothing does for OAPs, gates are off
   * @param services - name of its manifests; defaults to the stack's
   */
  static async open(
    fixture?: string,
    behindPods: readonly BehindPods[] = [],
    services: string | undefined = fixture,
  ): Promise<Scene> {
    const tools = await ensureTools();
    const env = pulumiEnv(tools);
    const forwards = join(mkdtempSync(join(tmpdir(), "skywalking-canary-forwards-")), "kwok.yaml");
    writePortForwards(forwards, behindPods);
    const cluster = await startCluster({ kwokConfigs: behindPods.length === 0 ? [] : [forwards] });
    rmSync(dirname(forwards), { recursive: true });
    const withCluster = {
      ...env,
      KUBECONFIG: cluster.kubeconfig,
      PATH: `${join(tools.kubectl, "..")}:${String(env.PATH)}`,
    };
    const fixtures = join(checkout, "test", "fixtures");
    const stack = await LocalStack.create({
      kubeconfig: cluster.kubeconfig,
      env: withCluster,
      ...(fixture === undefined ? {} : { stackFile: join(fixtures, `${fixture}.yaml`) }),
    });
    const scene = new Scene(cluster, stack, withCluster);
    if (!behindPods.some(isOap)) await stack.set("gates", "off");
    const manifests = services === undefined ? shopManifests : join(fixtures, `${services}-services.yaml`);
    await scene.kubectl(["apply", "-f", manifests]);
    return scene;
  }

  async close(): Promise<void> {
    this.stack.dispose();
    await this.cluster.stop();
  }

  /** @throws CommandError when it does not end with 0. */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const done = await run("kubectl", args, { env: this.env, ...(input === undefined ? {} : { input }) });
    if (done.code !== 0) throw new CommandError(`kubectl ${args.join(" ")}`, done);
    return done.output;
  }

  /** Sets the flag and moves the installation. */
  async enter(stage: string, ...options: readonly string[]): Promise<string> {
    await this.stack.set("stage", stage);
    return (await this.stack.succeed(["up", "--yes", "--skip-preview", ...options])).output;
  }

  /** Enters a stage in which something must not hold; returns what the update said. */
  async refused(stage: string): Promise<string> {
    await this.stack.set("stage", stage);
    const { code, output } = await this.stack.pulumi(["up", "--yes", "--skip-preview"]);
    expect(code).not.toBe(0);
    return output;
  }

  /** What the stack's outputs say of the gates. */
  async gates(): Promise<Record<string, Record<string, unknown>>> {
    return ((await this.stack.outputs()) as { gates: Record<string, Record<string, unknown>> }).gates;
  }

  /** One of the project's commands, on the scene's stack. */
  command(name: "status" | "waves", ...args: readonly string[]): Promise<Run> {
    const all = ["--import", "tsx", join(checkout, "tools", name), "--cwd", this.stack.directory, ...args];
    return run(process.execPath, all, { cwd: checkout, env: this.stack.env });
  }

  /** An update right after another changes nothing. */
  async expectNoChanges(): Promise<void> {
    const { code, output } = await this.stack.pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  }

  async list<Item>(resources: string, namespace: string): Promise<Item[]> {
    const output = await this.kubectl(["-n", namespace, "get", resources, "-o", "json"]);
    return (JSON.parse(output) as { items: Item[] }).items;
  }

  workloads(): Promise<LiveWorkload[]> {
    return this.list("deployments,statefulsets,daemonsets", "shop");
  }

  /** What the agent of each workload would do, by the API server. */
  async settings(): Promise<Record<string, EffectiveSettings>> {
    return Object.fromEntries(
      (await this.workloads()).map(({ metadata, spec }) => [
        metadata.name,
        effectiveSettings(spec.template.spec, containers[metadata.name] ?? ""),
      ]),
    );
  }

  /** Names of the workloads whose agents have the new backend's settings, in alphabetical order. */
  async moved(): Promise<string[]> {
    return Object.entries(await this.settings())
      .filter(([, { backendService }]) => backendService === "oap-v9.skywalking-v9.svc:11800")
      .map(([name]) => name)
      .sort();
  }

  /** The pod templates by workload. */
  async templates(): Promise<Record<string, unknown>> {
    return Object.fromEntries((await this.workloads()).map(({ metadata, spec }) => [metadata.name, spec.template]));
  }

  /** Ids of the target services' pods. */
  async podIds(): Promise<string[]> {
    const pods = await this.list<{ metadata: { uid: string; deletionTimestamp?: string } }>("pods", "shop");
    return pods.flatMap(({ metadata }) => (metadata.deletionTimestamp === undefined ? [metadata.uid] : [])).sort();
  }

  /** Kinds and names of everything in a namespace that the program declares there. */
  async objects(namespace: string): Promise<string[]> {
    const output = await this.kubectl([
      "-n",
      namespace,
      "get",
      "deployments,statefulsets,services,jobs,serviceaccounts,roles,rolebindings,poddisruptionbudgets,persistentvolumeclaims",
      "-o",
      "name",
    ]);
    return output
      .split("\n")
      .filter((name) => name !== "" && name !== "serviceaccount/default")
      .sort();
  }

  async watchRules(): Promise<RuleWatcher> {
    const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "rule-watcher.ts")], {
      cwd: checkout,
      env: this.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    return new RuleWatcher(child);
  }
}

export class RuleWatcher {
  constructor(private readonly child: ChildProcess) {}

  /** What has been seen until now; ends the watch. */
  async stop(): Promise<Sighting> {
    const { stdout } = this.child;
    if (stdout === null) throw new Error("the watcher has no output");
    const said = text(stdout);
    this.child.kill("SIGTERM");
    return JSON.parse(await said) as Sighting;
  }
}
