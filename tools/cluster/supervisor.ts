/**
 * The process that owns the processes of one cluster: it starts them, and ends them and removes their data when it is
 * told to, when one of them ends, or, for an owned cluster, when the process that started it is gone.
 *
 * It is a separate process because only then does it survive a crash, or a SIGKILL, of its starter.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { exit } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap } from "./bootstrap";
import { type Component, clusterFiles, commandLines, components } from "./control-plane";
import { freePort } from "../ports";
import { writeKubeconfig } from "./kubeconfig";
import { logEnd } from "./logs";
import { writePki } from "./pki";
import { identify, type ProcessIdentity } from "./process-identity";
import { type ClusterRecord, type RecordedProcess, writeRecord } from "./record";
import type { ClusterSpec, SupervisorMessage } from "./supervisor-protocol";
import { waitForApiserver } from "./readiness";

/** A start that takes longer is stuck: the slowest one seen took a fifth of this time. */
const startLimit = 60_000;

const spec = JSON.parse(process.argv[2] ?? "") as ClusterSpec; // Written by launch.ts of the same version.
const files = clusterFiles(spec.directory);
const children = new Map<Component, ChildProcess>();
let record: ClusterRecord;
let step = "preparing";
let stopping: Promise<void> | undefined;

/** Resolves when the message has been sent: an exit right after would lose it. */
async function tell(message: SupervisorMessage): Promise<void> {
  if (!process.connected) return;
  await new Promise((resolve) => process.send?.(message, undefined, undefined, resolve));
}

async function tellStep(text: string): Promise<void> {
  step = text;
  await tell({ kind: "step", text });
}

function update(change: Partial<ClusterRecord>): void {
  record = { ...record, ...change };
  writeRecord(spec.directory, record);
}

/** Ends every child by its handle, which is safe against reused ids, then removes what they wrote. */
async function stop(failure?: string): Promise<void> {
  const running = [...children.values()].filter((child) => child.exitCode === null && child.signalCode === null);
  await Promise.all(
    running.map(async (child) => {
      const ended = once(child, "exit");
      // The data is dropped, so there is nothing to save, and a kube-apiserver that gets a SIGTERM waits for its
      // watchers.
      child.kill("SIGKILL");
      await ended;
    }),
  );
  if (failure === undefined) {
    // It may be told to stop while it is still writing keys: then the folder is not empty at the first attempt.
    await rm(spec.directory, { recursive: true, force: true, maxRetries: 10 });
  } else {
    // The logs stay, because the message points to them. So does the record, where somebody may ask by name.
    const kept = spec.owned ? ["logs"] : ["logs", "cluster.json"];
    if (!spec.owned) update({ failure });
    const rest = readdirSync(spec.directory).filter((entry) => !kept.includes(entry));
    await Promise.all(rest.map((entry) => rm(join(spec.directory, entry), { recursive: true, force: true })));
    await tell({ kind: "failed", message: failure });
  }
}

function stopAndExit(failure?: string): void {
  stopping ??= stop(failure).finally(() => {
    exit(failure === undefined ? 0 : 1);
  });
}

function report(component: Component, what: string): string {
  return `${component} ${what}\n${logEnd(files.log(component))}`;
}

function start(component: Component, args: readonly string[]): void {
  if (stopping !== undefined) throw new Error(`${component} was not started: the cluster is ending`);
  const log = openSync(files.log(component), "a");
  const child = spawn(spec.programs[component], [...args], { cwd: spec.directory, stdio: ["ignore", log, log] });
  closeSync(log);
  children.set(component, child);
  child.once("error", (error) => {
    stopAndExit(`${component} could not be started: ${error.message}`);
  });
  child.once("exit", (code, signal) => {
    if (stopping === undefined) stopAndExit(report(component, `ended with ${signal ?? `code ${code ?? "?"}`}`));
  });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) return;
  const recorded: RecordedProcess = { ...identity, component, path: spec.programs[component] };
  update({ processes: [...record.processes, recorded] });
}

async function run(self: ProcessIdentity): Promise<void> {
  const ports = { etcd: await freePort(), apiserver: await freePort(), kubelet: await freePort() };
  record = {
    name: spec.name,
    owned: spec.owned,
    supervisor: self,
    startedAt: new Date().toISOString(),
    ports,
    processes: [],
    ready: false,
  };
  update({});
  await writePki(files.pki);
  const server = `https://127.0.0.1:${ports.apiserver}`;
  await writeKubeconfig(files.kubeconfig, files.pki, server, "admin");
  for (const holder of ["kube-controller-manager", "kube-scheduler", "kwok"] as const) {
    await writeKubeconfig(files.kubeconfigOf(holder), files.pki, server, holder);
  }
  const lines = commandLines(files, ports, spec.kwokConfigs);
  const [etcd, apiserver, ...others] = components;
  await tellStep("starting etcd and kube-apiserver");
  start(etcd, lines[etcd]);
  start(apiserver, lines[apiserver]);
  await waitForApiserver(files, ports.apiserver);
  await tellStep("starting controllers, scheduler and simulated nodes");
  for (const component of others) start(component, lines[component]);
  await bootstrap(files.kubeconfig, spec.nodes);
  update({ ready: true });
}

async function main(): Promise<void> {
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(name, () => {
      stopAndExit();
    });
  }
  let released = false;
  process.on("disconnect", () => {
    if (!released) stopAndExit();
  });
  const self = identify(process.pid);
  if (self === undefined) throw new Error("cannot read the start time of a process");
  // The starter may be gone before anything listened.
  if (!process.connected) {
    stopAndExit();
    return;
  }
  await Promise.race([
    run(self),
    sleep(startLimit, undefined, { ref: false }).then(() => {
      throw new Error(`not ready after ${startLimit / 1000} s; logs: ${files.logs}`);
    }),
  ]);
  await tell({ kind: "ready" });
  if (!spec.owned) {
    released = true;
    process.disconnect();
  }
}

main().catch((error: unknown) => {
  stopAndExit(`${step} failed: ${error instanceof Error ? error.message : String(error)}`);
});
