import Table from "cli-table3";
import { versionOf } from "../toolchain/resolve";
import { tools } from "../toolchain/tools";
import { clusterFiles, type Component, type Ports } from "./control-plane";
import { isAlive } from "./process-identity";
import { type ClusterRecord, isRunning } from "./record";

const port: Partial<Record<Component, keyof Ports>> = { etcd: "etcd", "kube-apiserver": "apiserver", kwok: "kubelet" };

function uptime(record: ClusterRecord): string {
  const minutes = Math.floor((Date.now() - Date.parse(record.startedAt)) / 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function state(record: ClusterRecord): string {
  if (record.failure !== undefined) return `ended: ${record.failure}`;
  if (!isRunning(record)) return "its supervisor was killed; run down to end what is left";
  return record.ready ? `up for ${uptime(record)}` : "starting";
}

/** Describes a running cluster: its processes with versions and ports, and how to reach it. */
export async function describe(directory: string, record: ClusterRecord): Promise<string> {
  const table = new Table({ head: ["process", "version", "pid", "port"], style: { head: [], border: [] } });
  for (const process of record.processes.filter((candidate) => isAlive(candidate))) {
    const { component, path, pid } = process;
    const key = port[component];
    const version = await versionOf(path, tools[component].onPath);
    table.push([component, version ?? "unknown", pid, key === undefined ? "" : record.ports[key]]);
  }
  const whose = record.owned ? "ends with the process that started it" : `supervisor ${record.supervisor.pid}`;
  return [
    `${record.name}: ${state(record)} (${whose})`,
    ...(table.length === 0 ? [] : [table.toString()]),
    ...(isRunning(record) ? [`KUBECONFIG=${clusterFiles(directory).kubeconfig}`] : []),
  ].join("\n");
}
