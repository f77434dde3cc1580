import * as pulumi from "@pulumi/pulumi";

import { ClusterReader, createProvider } from "./components/cluster";
import { forTheUser } from "./components/for-the-user";
import { askGate } from "./components/gates/asking";
import type { AskGate } from "./components/gates/gate";
import { rawConfig } from "./components/raw-config";
import { declareUpgrade, type Answers, type Outputs, type RolloutsFinished } from "./components/upgrade";
import { checkAgentsAtEntrance } from "./upgrade/entrance";
import { checkLiveStorage } from "./upgrade/live-storage";
import { milliseconds } from "./upgrade/duration";
import { planGates } from "./upgrade/gates/gates";
import { labelsOfServices, planPatches } from "./upgrade/patches";
import { plan } from "./upgrade/plan";
import { readConfig } from "./upgrade/read-config";

/** What is waited for is shown as the stack's status, in place of what was shown before. */
function showProgress(text: string): void {
  void pulumi.log.info(text, undefined, undefined, true);
}

/** config -> plan -> components -> engine; whatever is wrong is said before a resource is registered. */
async function main(): Promise<Outputs & { readonly gates: Answers }> {
  const kubernetes = new pulumi.Config("kubernetes");
  const cluster = { kubeconfig: kubernetes.get("kubeconfig"), context: kubernetes.get("context") };
  try {
    const config = readConfig(rawConfig());
    const reader = await ClusterReader.connect(cluster);
    const { present, since, storage, workloads, configMaps } = await reader.observe(config);
    const planned = plan(config, { present, since, storage, labelsOf: labelsOfServices(config.services, workloads) });
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
    });
    for (const warning of warnings) void pulumi.log.warn(warning);
    return { ...outputs, gates: await finished, warnings };
  } catch (error) {
    throw forTheUser(error);
  }
}

export = main;
