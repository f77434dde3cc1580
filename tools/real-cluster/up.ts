import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execute } from "./execute";

import { writeKubeconfig } from "../cluster/kubeconfig";
import { logEnd } from "../cluster/logs";
import { writePki } from "../cluster/pki";
import { buildMissing } from "../toolchain/build-all";
import { ensureTools, type Tools } from "../toolchain/ensure";
import { createCgroups } from "./cgroups";
import { clusterTools, commandLines, kubeconfigHolders, subjects, type Component } from "./components";
import { down } from "./down";
import { imageArchive } from "./images";
import { Namespace } from "./namespace";
import { connect } from "./network";
import { containerdSocket, nodeFiles } from "./node";
import { apiServer, home, kubeconfig, kubeconfigOf, logFile, settings } from "./settings";
import { createVolumeFolders, volumeObjects } from "./volumes";

type ClusterTools = Tools<(typeof clusterTools)[number]>;

/** Runs `act` in steps that a display shows. */
export type Step = <Result>(title: string, act: (show: (text: string) => void) => Promise<Result>) => Promise<Result>;

/** Waits until `holds` returns true. Until then, it may return false or throw. */
async function waitFor(what: string, seconds: number, log: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`${what}: not ready after ${seconds} s\n${logEnd(log)}`);
    await sleep(250);
  }
}

/** Starts the cluster, or returns at once when it is up. A half-started one is ended first. */
export async function up(step: Step): Promise<void> {
  await buildMissing(clusterTools);
  const tools = await ensureTools(clusterTools);
  if (await isUp(tools)) return;
  await down();
  const archive = await step("images", (show) => imageArchive(tools, show));
  await step("keys, network, control plane", () => startControlPlane(tools));
  const namespace = Namespace.find(tools.pause);
  if (namespace === undefined) throw new Error(`The cluster's first process has ended -> read ${logFile("namespace")}`);
  await step("images into containerd", () => startContainerd(namespace, archive));
  await step("node, DNS, volumes", () => startNode(namespace, tools));
  await writeFile(readyFile(), "");
}

const readyFile = (): string => join(home(), "ready");

/** Whether a fully started cluster is running. */
export async function isUp({ pause, kubectl }: Pick<ClusterTools, "pause" | "kubectl">): Promise<boolean> {
  if (!existsSync(readyFile()) || Namespace.find(pause) === undefined) return false;
  return (await kubectlRun(kubectl, ["get", "--raw", "/readyz"], undefined, false)).exitCode === 0;
}

function kubectlRun(kubectl: string, args: readonly string[], input?: string, reject = true) {
  return execute(kubectl, [`--kubeconfig=${kubeconfig()}`, ...args], {
    reject,
    ...(input === undefined ? {} : { input }),
  });
}

async function startControlPlane(tools: ClusterTools): Promise<void> {
  for (const folder of ["logs", "kubeconfigs", "cni", "kubelet", "etcd"]) {
    await mkdir(join(home(), folder), { recursive: true, mode: 0o755 });
  }
  await createVolumeFolders();
  await createCgroups();
  await writePki(join(home(), "pki"), subjects);
  for (const holder of kubeconfigHolders) {
    await writeKubeconfig(kubeconfigOf(holder), join(home(), "pki"), apiServer, holder);
  }
  for (const [file, content] of Object.entries(nodeFiles())) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  const namespace = await Namespace.create(tools.pause);
  await connect(namespace);
  start(namespace, "etcd", tools.etcd);
  start(namespace, "kube-apiserver", tools["kube-apiserver"]);
  await waitFor("kube-apiserver", 120, logFile("kube-apiserver"), async () => {
    return (await kubectlRun(tools.kubectl, ["get", "--raw", "/readyz"], undefined, false)).exitCode === 0;
  });
  start(namespace, "kube-controller-manager", tools["kube-controller-manager"]);
  start(namespace, "kube-scheduler", tools["kube-scheduler"]);
}

function start(namespace: Namespace, component: Component, program: string): void {
  namespace.start(component, program, commandLines()[component]);
}

async function startContainerd(namespace: Namespace, archive: string): Promise<void> {
  start(namespace, "containerd", "containerd");
  const ctr = (...args: readonly string[]) => namespace.run("ctr", "-a", containerdSocket, "-n", "k8s.io", ...args);
  await waitFor("containerd", 60, logFile("containerd"), async () => (await ctr("version")) !== "");
  await ctr("images", "import", "--no-unpack", archive);
}

async function startNode(namespace: Namespace, tools: ClusterTools): Promise<void> {
  start(namespace, "kubelet", tools.kubelet);
  start(namespace, "kube-proxy", tools["kube-proxy"]);
  const apply = (manifest: string) => kubectlRun(tools.kubectl, ["apply", "-f", "-"], manifest);
  const binding = ["create", "clusterrolebinding", "node-proxier", "--clusterrole=system:node-proxier"];
  await kubectlRun(tools.kubectl, [...binding, "--user=system:kube-proxy"]);
  await apply(
    volumeObjects()
      .map((object) => JSON.stringify(object))
      .join("\n---\n"),
  );
  const coredns = await readFile(join(__dirname, "manifests", "coredns.yaml"), "utf8");
  await apply(coredns.replace("DNS_ADDRESS", settings.dnsAddress));
  await waitFor("the node", 120, logFile("kubelet"), async () => {
    const ready = `jsonpath={.status.conditions[?(@.type=="Ready")].status}`;
    return (await kubectlRun(tools.kubectl, ["get", "node", settings.nodeName, "-o", ready])).stdout === "True";
  });
  await kubectlRun(tools.kubectl, ["-n", "kube-system", "rollout", "status", "deployment/coredns", "--timeout=120s"]);
}
