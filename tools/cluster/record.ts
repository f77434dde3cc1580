import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Component, Ports } from "./control-plane";
import { isAlive, type ProcessIdentity, signal, waitForEnd } from "./process-identity";

/** What is stored about a cluster, so that any later process can inspect it and end it. */
export interface ClusterRecord {
  readonly name: string;
  /** Whether it ends with the process that started it. */
  readonly owned: boolean;
  readonly supervisor: ProcessIdentity;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly ports: Ports;
  readonly processes: readonly RecordedProcess[];
  /** Whether the first Deployment has become available. */
  readonly ready: boolean;
  /** Why it is no longer running, when it ended by itself. */
  readonly failure?: string;
}

export interface RecordedProcess extends ProcessIdentity {
  readonly component: Component;
  readonly path: string;
}

const recordFile = (directory: string): string => join(directory, "cluster.json");

export function writeRecord(directory: string, record: ClusterRecord): void {
  const aside = `${recordFile(directory)}.${process.pid}`;
  writeFileSync(aside, JSON.stringify(record, undefined, 2));
  renameSync(aside, recordFile(directory));
}

/** The record of the cluster in that directory, if any. */
export function readRecord(directory: string): ClusterRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(directory), "utf8")) as ClusterRecord; // Only writeRecord writes it.
  } catch {
    return undefined;
  }
}

/** Whether anything of the cluster is still running under its supervisor. */
export function isRunning(record: ClusterRecord): boolean {
  return isAlive(record.supervisor) && record.failure === undefined;
}

/**
 * Ends whatever is left of the cluster, and removes its directory. A supervisor does this itself when it is asked to
 * stop; the rest is for one that was killed.
 */
export async function endCluster(directory: string): Promise<void> {
  const record = readRecord(directory);
  if (record !== undefined) {
    signal(record.supervisor, "SIGTERM");
    if (!(await waitForEnd(record.supervisor, 10_000))) signal(record.supervisor, "SIGKILL");
    // Read again: the supervisor may have started more in the meantime.
    const { processes } = readRecord(directory) ?? record;
    for (const process of processes) signal(process, "SIGKILL");
    await Promise.all(processes.map((process) => waitForEnd(process, 5_000)));
  }
  await rm(directory, { recursive: true, force: true });
}
