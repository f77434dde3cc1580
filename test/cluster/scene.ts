import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

import type { V1ObjectMeta } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { startCluster, type EmbeddedCluster } from "../../tools/cluster/cluster";
import { isOap, writeKwokConfig, type BehindPods } from "../../tools/recorded-oap/behind-pods";
import { run, type Run } from "../../commands/stack/run";
import { hostedCommands, LocalStack } from "../../tools/stack/local-stack";
import { effectiveSettings, type EffectiveSettings } from "../../tools/stack/effective-settings";
import { StackOnCluster } from "../../tools/stack/stack-on-cluster";
import { ensureTools, pulumiEnv } from "../../tools/toolchain/ensure";
import type { Workload } from "../../upgrade/workload/workload";
import { eventually } from "../eventually";
import { measure } from "../times/measure";
import { ApiServer, type Resource } from "./api-server";
import { Plugins } from "./plugins";
import { bundleVariable, type commands } from "./program";
import type { Sighting } from "./rule-watcher";

const checkout = join(__dirname, "..", "..");
export const shopManifests = join(checkout, "tools", "demo", "manifests", "shop.yaml");

/** A target workload, as read from the API server. */
export interface LiveWorkload {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly generation: number; readonly managedFields?: unknown };
  readonly spec: { readonly replicas?: number; readonly template: { readonly spec: Workload["podSpec"] } };
  readonly status: {
    readonly observedGeneration?: number;
    readonly readyReplicas?: number;
    /** Of a DaemonSet. */
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
  };
}

/** The container with the agent, by workload. */
export const containers: Readonly<Record<string, string>> = {
  catalog: "catalog",
  frontend: "frontend",
  cart: "cart",
  payment: "payment",
  inventory: "app",
  "edge-gateway": "gateway",
};

export interface SceneOptions {
  /** Name of the stack's file in test/fixtures. Defaults to the example. */
  readonly stack?: string;
  /** Name of the services' manifests in test/fixtures. Defaults to the stack's, or the example's. */
  readonly services?: string;
  /** What answers for OAPs and storages. Defaults to nothing; if nothing answers for OAPs, gates are off. */
  readonly behindPods?: readonly BehindPods[];
  /** What every container has written, a file in test/fixtures in the form of the CRI. Defaults to nothing. */
  readonly log?: string;
  /**
   * How the program is run. `sources`: as users do, from the sources, with a language host and a provider process for
   * each command, and the state written at each change. `bundle`: the same from the bundled program, which starts
   * sooner. `hosted`: one process of the bundled program and one of the provider serve all commands, and the state is
   * written at the end of each; not for a stack that administers a storage, because its parameterized package registers
   * with one engine only. Defaults to `hosted`.
   */
  readonly runs?: "sources" | "bundle" | "hosted";
}

/** Kinds of the objects of a backend. */
const declared = [
  "deployments",
  "statefulsets",
  "services",
  "jobs",
  "serviceaccounts",
  "roles",
  "rolebindings",
  "poddisruptionbudgets",
  "persistentvolumeclaims",
] as const satisfies Resource[];

/** A local cluster with the sample services as their owners deployed them, and a stack of the example. */
export class Scene extends StackOnCluster {
  private readonly api: ApiServer;

  private constructor(
    readonly cluster: EmbeddedCluster,
    stack: LocalStack,
    private readonly bundle: string | undefined,
    private readonly plugins: Plugins | undefined,
  ) {
    super(stack);
    this.api = new ApiServer(cluster.kubeconfig);
  }

  static async open({
    stack: fixture,
    services = fixture,
    behindPods = [],
    log,
    runs = "hosted",
  }: SceneOptions = {}): Promise<Scene> {
    const tools = await ensureTools();
    const forwards = join(mkdtempSync(join(tmpdir(), "skywalking-canary-forwards-")), "kwok.yaml");
    writeKwokConfig(forwards, behindPods, log === undefined ? undefined : join(checkout, "test", "fixtures", log));
    const cluster = await measure("cluster start", () =>
      startCluster({ kwokConfigs: behindPods.length === 0 && log === undefined ? [] : [forwards] }),
    );
    rmSync(dirname(forwards), { recursive: true });
    const env: NodeJS.ProcessEnv = { ...pulumiEnv(tools), KUBECONFIG: cluster.kubeconfig };
    const bundle = runs === "sources" ? undefined : process.env[bundleVariable];
    const plugins =
      bundle === undefined || runs === "bundle"
        ? undefined
        : await Plugins.start(bundle, tools["pulumi-resource-kubernetes"], env);
    const fixtures = join(checkout, "test", "fixtures");
    const stack = await LocalStack.create({
      kubeconfig: cluster.kubeconfig,
      env: plugins === undefined ? env : { ...env, ...plugins.providers, PULUMI_SKIP_CHECKPOINTS: "true" },
      ...(fixture === undefined ? {} : { stackFile: join(fixtures, `${fixture}.yaml`) }),
      program: bundle,
      languageHost: plugins?.languageHostAddress,
      measure,
    });
    const scene = new Scene(cluster, stack, bundle, plugins);
    if (!behindPods.some(isOap)) scene.configure({ gates: "off" });
    const manifests = services === undefined ? shopManifests : join(fixtures, `${services}-services.yaml`);
    await scene.kubectl(["apply", "-f", manifests]);
    await eventually("every pod of the owners' workloads is ready", 60, () => scene.ownersPodsReady(), 200);
    return scene;
  }

  async close(): Promise<void> {
    this.stack.dispose();
    this.api.close();
    // What they have used is known once they have ended.
    await measure("plugins", async () => this.plugins?.stop());
    await measure("cluster", () => this.cluster.stop());
  }

  /** Enters a stage whose update must fail; returns the update's output. */
  async refused(stage: string): Promise<string> {
    this.configure({ stage });
    const { code, output } = await this.up();
    expect(code).not.toBe(0);
    return output;
  }

  /** The gates in the stack's outputs. */
  async gates(): Promise<Record<string, Record<string, unknown>>> {
    return ((await this.stack.outputs()) as { gates: Record<string, Record<string, unknown>> }).gates;
  }

  /** Runs one of the project's commands on the scene's stack. */
  command(name: (typeof commands)[number], ...args: readonly string[]): Promise<Run> {
    const program =
      this.bundle === undefined
        ? ["--require", "./register.cjs", join(checkout, "commands", name)]
        : [join(this.bundle, "commands", name)];
    const all = [...program, "--cwd", this.stack.directory, ...args];
    return measure(`npm run ${name}`, () => run(process.execPath, all, { cwd: checkout, env: this.stack.env }));
  }

  /** Runs a line as a user types it into bash in the project's folder, and answers yes to every prompt. */
  async type(line: string): Promise<Run> {
    const client = this.plugins === undefined ? "" : `--client=${await this.plugins.languageHostAddress()}`;
    const pulumi = `pulumi() { case $1 in ${hostedCommands.join("|")}) command pulumi "$@" ${client};; *) command pulumi "$@";; esac; }`;
    return measure("a line of the shell", () =>
      run("bash", ["-c", `${pulumi}\n${line}`], {
        cwd: this.stack.directory,
        env: { ...this.stack.env, PULUMI_SKIP_CONFIRMATIONS: "true" },
      }),
    );
  }

  /** Expects that another update changes nothing. */
  async expectNoChanges(): Promise<void> {
    const { code, output } = await this.up("--expect-no-changes");
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  }

  list<Item>(kinds: readonly Resource[], namespace: string): Promise<Item[]> {
    return measure("reading the cluster", () => this.api.list<Item>(kinds, namespace));
  }

  workloads(): Promise<LiveWorkload[]> {
    return this.list(["deployments", "statefulsets", "daemonsets"], "shop");
  }

  /** What the agent of each workload would do, as read from the API server. */
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

  private async ownersPodsReady(): Promise<boolean> {
    return (await this.workloads()).every(({ metadata, spec, status }) => {
      const wanted = status.desiredNumberScheduled ?? spec.replicas ?? 1;
      const ready = status.numberReady ?? status.readyReplicas ?? 0;
      return status.observedGeneration === metadata.generation && ready === wanted;
    });
  }

  /** The pod templates, by workload. */
  async templates(): Promise<Record<string, unknown>> {
    return Object.fromEntries((await this.workloads()).map(({ metadata, spec }) => [metadata.name, spec.template]));
  }

  /**
   * Whose each workload's fields are, and its annotations: all that tells who has written it. Without what its
   * controller counts, and without who has a spec as such.
   */
  async ownership(kinds: readonly Resource[] = ["deployments", "statefulsets", "daemonsets"]): Promise<unknown> {
    const workloads = await this.list<{ metadata: V1ObjectMeta }>(kinds, "shop");
    return Object.fromEntries(
      workloads.map(({ metadata: { name, annotations, managedFields = [] } }) => [
        name,
        {
          annotations: {
            ...annotations,
            "deployment.kubernetes.io/revision": undefined,
            "deprecated.daemonset.template.generation": undefined,
          },
          managers: managedFields
            .filter(({ subresource }) => subresource === undefined)
            .map((entry) =>
              JSON.stringify(entry, (key, value: unknown) => (key === "time" ? undefined : value)).replaceAll(
                '"f:spec":{".":{},',
                '"f:spec":{',
              ),
            )
            .sort(),
        },
      ]),
    );
  }

  /** Ids of the target services' pods. */
  async podIds(): Promise<string[]> {
    const pods = await this.list<{ metadata: { uid: string; deletionTimestamp?: string } }>(["pods"], "shop");
    return pods.flatMap(({ metadata }) => (metadata.deletionTimestamp === undefined ? [metadata.uid] : [])).sort();
  }

  /** Kinds and names of everything that the program declares in a namespace. */
  async objects(namespace: string): Promise<string[]> {
    const names = await this.api.names(declared, namespace);
    return names.filter((name) => name !== "serviceaccount/default").sort();
  }

  async watchRules(): Promise<RuleWatcher> {
    const child = spawn(process.execPath, ["--require", "./register.cjs", join(__dirname, "rule-watcher.ts")], {
      cwd: checkout,
      env: this.stack.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    return new RuleWatcher(child);
  }
}

export class RuleWatcher {
  constructor(private readonly child: ChildProcess) {}

  /** What has been seen so far; ends the watch. */
  async stop(): Promise<Sighting> {
    const { stdout } = this.child;
    if (stdout === null) throw new Error("the watcher has no output");
    const said = text(stdout);
    this.child.kill("SIGTERM");
    return JSON.parse(await said) as Sighting;
  }
}
