import * as pulumi from "@pulumi/pulumi";

import { ClusterReader, createProvider } from "./components/cluster";
import { rawConfig } from "./components/raw-config";
import { declareUpgrade, type Outputs, type RolloutsFinished } from "./components/upgrade";
import { checkAgentsAtEntrance } from "./upgrade/entrance";
import { checkLiveStorage } from "./upgrade/live-storage";
import { milliseconds } from "./upgrade/duration";
import { labelsOfServices, planPatches } from "./upgrade/patches";
import { plan } from "./upgrade/plan";
import { readConfig } from "./upgrade/read-config";

/** What is waited for is shown as the stack's status, in place of what was shown before. */
function showProgress(text: string): void {
  void pulumi.log.info(text, undefined, undefined, true);
}

/**
 * A RunError is shown without a stack: what it says is for the user, not about the program. Nor does it have one: Node's
 * inspection of a stack with lines of @pulumi in it takes some 15 s and gigabytes (seen: Node 20, SDK 3.215).
 */
function forTheUser(error: unknown): pulumi.RunError {
  if (pulumi.RunError.isInstance(error)) return error;
  const shown = new pulumi.RunError(error instanceof Error ? error.message : String(error));
  Reflect.deleteProperty(shown, "stack");
  return shown;
}

/** config -> plan -> components -> engine; whatever is wrong is said before a resource is registered. */
async function main(): Promise<Outputs> {
  const kubernetes = new pulumi.Config("kubernetes");
  const cluster = { kubeconfig: kubernetes.get("kubeconfig"), context: kubernetes.get("context") };
  try {
    const config = readConfig(rawConfig());
    const reader = await ClusterReader.connect(cluster);
    const { present, since, storage, workloads, configMaps } = await reader.observe(config);
    const planned = plan(config, { present, since, storage, labelsOf: labelsOfServices(config.services, workloads) });
    checkLiveStorage(config, planned.generations, storage);
    const patches = planPatches(planned, workloads, configMaps);
    const warnings = [...planned.warnings, ...patches.warnings, ...checkAgentsAtEntrance(config, workloads)];
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
    const { outputs, moved } = declareUpgrade(
      config,
      planned,
      patches,
      createProvider(cluster),
      rolloutsFinished,
      reader.secretsOf,
    );
    for (const warning of warnings) void pulumi.log.warn(warning);
    await moved;
    return { ...outputs, warnings };
  } catch (error) {
    throw forTheUser(error);
  }
}

export = main;
