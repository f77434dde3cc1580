import type { ConfigMaps } from "../../upgrade/inject/target";
import { createProviders } from "../../components/cluster/provider";
import type { Outputs } from "../../components/outputs";
import { declareUpgrade } from "../../components/upgrade";
import { administer } from "../../components/storage/administration";
import { decide } from "../../upgrade/decide";
import { clustersOf } from "../../upgrade/config";
import { readConfig } from "../../upgrade/read-config";
import type { Workload } from "../../upgrade/workload/workload";
import type { RawConfig } from "../example";
import { record, type RecordedResource } from "./recorder";

/** What the program declares for a config. */
export interface Declared {
  readonly outputs: Outputs | undefined;
  readonly resources: readonly RecordedResource[];
  /** Names of what had been declared when the rollout of an OAP was first waited for; undefined: it never was. */
  readonly beforeRollout: readonly string[] | undefined;
}

/** Runs the program on a config, without an engine. */
export async function declared(
  raw: RawConfig,
  workloads: ReadonlyMap<string, Workload>,
  configMaps: ConfigMaps = new Map(),
  present: ReadonlyMap<string, number> = new Map(),
): Promise<Declared> {
  const config = readConfig(raw);
  const decision = decide(config, { present, workloads, configMaps });
  let outputs: Outputs | undefined;
  let beforeRollout: readonly string[] | undefined;
  const resources = await record((soFar) => {
    const providerOf = createProviders(clustersOf(config), { kubeconfig: undefined, context: undefined });
    ({ outputs } = declareUpgrade({
      config,
      ...decision,
      providerOf,
      rolloutsFinished: () => {
        beforeRollout ??= soFar.map(({ name }) => name);
        return Promise.resolve();
      },
      returnToOwner: () => Promise.resolve(),
      askGate: () => Promise.reject(new Error("the mocked engine runs no hooks")),
      secretsOf: () =>
        Promise.resolve({ password: "a password", ca: "an authority", certificate: "a certificate", key: "a key" }),
      storageAdministrator: {
        administer,
        reached: () => Promise.resolve(),
        takeSnapshot: ({ generation, repository }) =>
          Promise.resolve({
            repository: repository.name,
            name: `${generation}-20260101t000000z`,
            indices: 3,
            documents: 198,
          }),
      },
    }));
  });
  return { outputs, resources, beforeRollout };
}
