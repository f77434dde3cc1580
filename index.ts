import { createRequire } from "node:module";

import * as pulumi from "@pulumi/pulumi";

import { ClusterReader, createProvider } from "./components/cluster";
import { forTheUser } from "./components/for-the-user";
import { askGate } from "./components/gates/asking";
import type { AskGate } from "./components/gates/gate";
import { rawConfig } from "./components/raw-config";
import { readSnapshotRecord } from "./components/storage/snapshot-record";
import type * as Storages from "./components/storage/storages";
import type { StorageWork } from "./components/storage/work";
import { declareUpgrade, type Answers, type Outputs, type RolloutsFinished } from "./components/upgrade";
import type { Config } from "./upgrade/config";
import { checkAgentsAtEntrance } from "./upgrade/entrance";
import { checkLiveStorage } from "./upgrade/live-storage";
import { milliseconds } from "./upgrade/duration";
import { planGates } from "./upgrade/gates/gates";
import { labelsOfServices, planPatches } from "./upgrade/patches";
import { plan } from "./upgrade/plan";
import { readConfig } from "./upgrade/read-config";
import { snapshotOf, type Snapshot } from "./upgrade/storage/snapshot";
import { administersStorage } from "./upgrade/storage/administration";

/** What is waited for is shown as the stack's status, in place of what was shown before. */
function showProgress(text: string): void {
  void pulumi.log.info(text, undefined, undefined, true);
}

/** What the stack asks to be done in its storages. Most ask for nothing, and do not pay for what that needs. */
function storageWorkOf(config: Config, { kube, secretsOf }: ClusterReader): StorageWork | undefined {
  if (!administersStorage(config)) return undefined;
  // tsx knows TypeScript by `require` alone, and what is imported above is loaded by every stack.
  const { openStorages } = createRequire(__filename)("./components/storage/storages") as typeof Storages;
  const work = openStorages(kube, secretsOf, pulumi.runtime.isDryRun(), showProgress);
  const shown =
    <Args extends readonly unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> =>
      act(...args).catch((error: unknown) => {
        throw forTheUser(error);
      });
  return { ...work, reached: shown(work.reached), takeSnapshot: shown(work.takeSnapshot) };
}

/** What an earlier update has recorded of the generation that it deleted. */
async function recordedSnapshots(config: Config, { kube }: ClusterReader): Promise<ReadonlyMap<string, Snapshot>> {
  const place = snapshotOf(config);
  if (place === undefined || config.stage.row.from.presence !== "absent") return new Map();
  const record = await readSnapshotRecord(kube, place);
  return new Map(record === undefined ? [] : [[place.generation, record]]);
}

/** config -> plan -> components -> engine; whatever is wrong is said before a resource is registered. */
async function main(): Promise<Outputs & { readonly gates: Answers }> {
  const kubernetes = new pulumi.Config("kubernetes");
  const cluster = { kubeconfig: kubernetes.get("kubeconfig"), context: kubernetes.get("context") };
  try {
    const config = readConfig(rawConfig());
    const reader = await ClusterReader.connect(cluster);
    const { present, since, storage, workloads, configMaps } = await reader.observe(config);
    const planned = plan(config, {
      present,
      since,
      storage,
      labelsOf: labelsOfServices(config.services, workloads),
      snapshots: await recordedSnapshots(config, reader),
    });
    checkLiveStorage(config, planned.generations, storage);
    const patches = planPatches(planned, workloads, configMaps);
    const { gates, warnings: ofGates } = planGates(config, planned, workloads);
    const warnings = [
      ...planned.warnings,
      ...patches.warnings,
      ...checkAgentsAtEntrance(config, workloads),
      ...new Set(ofGates),
    ];
    const rolloutsFinished: RolloutsFinished = async (refs, timeout, what) => {
      if (pulumi.runtime.isDryRun() || refs.length === 0) return;
      const show = (waitingFor: string): void => {
        showProgress(`${what}: ${waitingFor}`);
      };
      // Everything that waits for it is rejected with this very error, which is shown once.
      await reader.waitForRollouts(refs, milliseconds(timeout), show).catch((error: unknown) => {
        throw forTheUser(error);
      });
    };
    const ask: AskGate = (gate, onProgress) => askGate(gate, reader, onProgress);
    const { outputs, finished } = declareUpgrade({
      config,
      plan: planned,
      patches,
      gates,
      provider: createProvider(cluster),
      rolloutsFinished,
      askGate: ask,
      secretsOf: reader.secretsOf,
      storageWork: storageWorkOf(config, reader),
    });
    for (const warning of warnings) void pulumi.log.warn(warning);
    return { ...outputs, gates: await finished, warnings };
  } catch (error) {
    throw forTheUser(error);
  }
}

export = main;
