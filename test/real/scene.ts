import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stringify } from "yaml";

import { kubeconfig } from "../../tools/real-cluster/settings";
import { LocalStack } from "../../tools/stack/local-stack";
import { StackOnCluster } from "../../tools/stack/stack-on-cluster";
import { ensureTools, pulumiEnv } from "../../tools/toolchain/ensure";
import { shop, type ShopOptions } from "./shop";
import { Traffic } from "./traffic";

export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly containerStatuses?: readonly { readonly ready: boolean; readonly restartCount: number }[];
  };
}

/** A cluster with real pods, the sample services in it, and a stack of the real CLI. */
export class RealScene extends StackOnCluster {
  private readonly traffics: Traffic[] = [];

  private constructor(
    stack: LocalStack,
    /** Folder for the test's files. */
    readonly folder: string,
  ) {
    super(stack);
  }

  /** @param config - the stack's, by key without the project's prefix */
  static async open(config: Readonly<Record<string, unknown>>): Promise<RealScene> {
    const tools = await ensureTools();
    const folder = mkdtempSync(join(tmpdir(), "skywalking-canary-real-"));
    const stackFile = join(folder, "Pulumi.staging.yaml");
    const prefixed = Object.entries(config).map(([key, value]) => [`skywalking-canary:${key}`, value]);
    writeFileSync(stackFile, stringify({ config: Object.fromEntries(prefixed) as unknown }));
    const stack = await LocalStack.create({ kubeconfig: kubeconfig(), env: pulumiEnv(tools), stackFile });
    return new RealScene(stack, folder);
  }

  /** @param namespaces - deleted without waiting, so that the tests alongside get their share of the machine */
  async close(namespaces: readonly string[] = []): Promise<void> {
    if (namespaces.length > 0) {
      await this.kubectl(["delete", "namespace", ...namespaces, "--wait=false", "--ignore-not-found"]);
    }
    for (const traffic of this.traffics) await traffic.stop();
    this.stack.dispose();
    rmSync(this.folder, { recursive: true });
  }

  /** Deploys all sample services as their owners do, and waits for the rollout. */
  async deployShop(options: ShopOptions): Promise<void> {
    const manifests = shop(options)
      .map((object) => JSON.stringify(object))
      .join("\n---\n");
    await this.kubectl(["apply", "-f", "-"], manifests);
    const wait = ["wait", "--for=condition=Available", "deployments", "--all", "--timeout=300s"];
    await this.kubectl(["-n", options.namespace, ...wait]);
  }

  /** @param service - the service to which requests are sent */
  async startTraffic(namespace: string, service: string, perSecond: number): Promise<Traffic> {
    const address = await this.kubectl([
      "-n",
      namespace,
      "get",
      "service",
      service,
      "-o",
      "jsonpath={.spec.clusterIP}",
    ]);
    const traffic = Traffic.start(`http://${address}/`, perSecond, join(this.folder, `${namespace}.jsonl`));
    this.traffics.push(traffic);
    await traffic.flowing();
    return traffic;
  }

  async pods(namespace: string): Promise<Pod[]> {
    const { items } = JSON.parse(await this.kubectl(["-n", namespace, "get", "pods", "-o", "json"])) as {
      items: Pod[];
    };
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }
}
