import { createRequire } from "node:module";

import * as pulumi from "@pulumi/pulumi";

import type { RolloutsFinished } from "./components/backends";
import { readAutoscalers } from "./components/cluster/autoscalers";
import { Clusters } from "./components/cluster/clusters";
import { tryPatches } from "./components/cluster/dry-run";
import { readNetwork } from "./components/cluster/namespaces";
import { observe } from "./components/cluster/observe";
import { createProviders } from "./components/cluster/provider";
import { returnToOwner, type ReturnToOwner } from "./components/cluster/return-to-owner";
import { waitForRollouts } from "./components/cluster/rollouts";
import { protectFromDestroy } from "./components/destroy-protection";
import { askGate } from "./components/gates/ask";
import type { GateClusters } from "./components/gates/look";
import type { Answers } from "./components/gates/gates";
import type { Outputs } from "./components/outputs";
import { rawConfig, secretKeys } from "./components/raw-config";
import { toRunError } from "./components/run-error";
import { readCapacities } from "./components/storage/capacity";
import { readSnapshotRecord } from "./components/storage/snapshot-record";
import type * as Administrator from "./components/storage/administrator";
import type { StorageAdministrator } from "./components/storage/administrator";
import { declareUpgrade } from "./components/upgrade";
import { clustersOf, type Config } from "./upgrade/config";
import { undoneOf, type Undone } from "./upgrade/patches";
import { decide, type Observed } from "./upgrade/decide";
import { milliseconds } from "./upgrade/duration";
import { planGenerations } from "./upgrade/plan";
import { readConfig } from "./upgrade/read-config";
import { capacityQuestions } from "./upgrade/storage/capacity";
import { snapshotOf } from "./upgrade/storage/snapshot";
import { workloadText } from "./upgrade/workload/ref";
import { administersStorage } from "./upgrade/storage/administration";

/** What is waited for is shown as the stack's status, in place of what was shown before. */
function showProgress(text: string): void {
  void pulumi.log.info(text, undefined, undefined, true);
}

/** What the stack asks to be done in its storages. Most ask for nothing, and do not pay for what that needs. */
function storageAdministratorOf(config: Config, clusters: Clusters): StorageAdministrator | undefined {
  if (!administersStorage(config)) return undefined;
  // tsx knows TypeScript by `require` alone, and what is imported above is loaded by every stack.
  const { createStorageAdministrator } = createRequire(__filename)(
    "./components/storage/administrator",
  ) as typeof Administrator;
  const administrator = createStorageAdministrator(clusters, pulumi.runtime.isDryRun(), showProgress);
  const shown =
    <Args extends readonly unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> =>
      act(...args).catch((error: unknown) => {
        throw toRunError(error);
      });
  return { ...administrator, reached: shown(administrator.reached), takeSnapshot: shown(administrator.takeSnapshot) };
}

/**
 * What is read of the clusters and of storages that get a new OAP, and what an earlier update has recorded of the
 * generation that it deleted.
 */
async function observeAll(config: Config, clusters: Clusters): Promise<Observed> {
  const seen = await observe(clusters, config);
  const observed = { ...seen, autoscalers: await readAutoscalers(clusters, config, seen.workloads) };
  const place = snapshotOf(config);
  const isDeleted = place !== undefined && config.stage.row.from.presence === "absent";
  const [capacity, snapshot, network] = await Promise.all([
    readCapacities(capacityQuestions(config, planGenerations(config, observed), observed.present)),
    isDeleted ? readSnapshotRecord(clusters.reader(place.cluster).kube, place) : undefined,
    readNetwork(clusters, seen.namespaces),
  ]);
  return {
    ...observed,
    capacity,
    network,
    ...(place === undefined || snapshot === undefined ? {} : { snapshots: new Map([[place.generation, snapshot]]) }),
  };
}

/** Waits for rollouts, and shows how far they are. */
function waitBy(clusters: Clusters, undone: Undone, { rollout: { onDelete } }: Config): RolloutsFinished {
  return async (refs, timeout, what) => {
    if (pulumi.runtime.isDryRun() || refs.length === 0) return;
    const show = (waitingFor: string): void => {
      showProgress(`${what}: ${waitingFor}`);
    };
    // Everything that waits for it is rejected with this very error, which is shown once.
    await waitForRollouts(clusters, refs, milliseconds(timeout), show, { undone, onDelete }).catch((error: unknown) => {
      throw toRunError(error);
    });
  };
}

/** Gives workloads back, except in a preview. */
function returnBy(clusters: Clusters): ReturnToOwner {
  return async (target) => {
    if (pulumi.runtime.isDryRun()) return;
    showProgress(`${workloadText(target.workload)} goes back to its owner`);
    await returnToOwner(clusters.reader(target.workload.cluster), target).catch((error: unknown) => {
      throw toRunError(error);
    });
  };
}

/** config -> decision -> components -> engine; whatever is wrong is said before a resource is registered. */
async function main(): Promise<Outputs & { readonly gates: Answers }> {
  const kubernetes = new pulumi.Config("kubernetes");
  const cluster = { kubeconfig: kubernetes.get("kubeconfig"), context: kubernetes.get("context") };
  try {
    const config = readConfig(rawConfig(), secretKeys());
    const clusters = await Clusters.connect(clustersOf(config), cluster);
    const decision = decide(config, await observeAll(config, clusters));
    const undone = undoneOf(decision.patches);
    const asked: GateClusters = {
      knownBefore: new Map(),
      reader: (name) => clusters.reader(name),
      movedWorkloads: (refs) => clusters.movedWorkloads(refs, undone),
    };
    const warnings = [...decision.warnings, ...(await tryPatches(clusters, decision.patches))];
    const protectAll = protectFromDestroy();
    const { outputs, finished } = declareUpgrade({
      config,
      ...decision,
      warnings,
      providerOf: createProviders(clustersOf(config), cluster),
      rolloutsFinished: waitBy(clusters, undone, config),
      returnToOwner: returnBy(clusters),
      askGate: (gate, onProgress) => askGate(gate, asked, onProgress),
      secretsOf: clusters.secretsOf,
      storageAdministrator: storageAdministratorOf(config, clusters),
    });
    for (const { severity, text } of warnings) {
      void (severity === "info" ? pulumi.log.info(text) : pulumi.log.warn(text));
    }
    const gates = await finished;
    protectAll();
    return { ...outputs, gates };
  } catch (error) {
    throw toRunError(error);
  }
}

export = main;
