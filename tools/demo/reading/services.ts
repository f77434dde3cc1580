import { ApiException } from "@kubernetes/client-node";

import type { Config } from "../../../upgrade/config";
import { effectiveSettings, type EffectiveSettings } from "../../stack/effective-settings";
import type { Api } from "./api";
import { isReady } from "../../stack/pod-state";
import { livePods } from "./pods";
import { readWorkload, type Target, targetsOf } from "./workload";

/** What the agents in the pods of one service do; pods that differ are readings of their own. */
export interface ServiceReading {
  readonly service: string;
  readonly settings: EffectiveSettings;
  /** The generation that the address belongs to; undefined for an address where nothing of a generation is. */
  readonly generation: string | undefined;
  readonly ready: number;
  /** Pods that the workload is to have. */
  readonly desired: number;
}

/** Reads every target service of the stack file, from its pods. */
export async function readServices(api: Api, config: Config): Promise<ServiceReading[]> {
  const readings = await Promise.all(targetsOf(config).map((target) => readService(api, config, target)));
  return readings.flat();
}

async function readService(api: Api, config: Config, target: Target): Promise<ServiceReading[]> {
  const { selector, desired } = await readWorkload(api, target);
  const bySettings = new Map<string, { settings: EffectiveSettings; ready: number }>();
  for (const pod of await livePods(api, target.namespace, selector)) {
    const settings = effectiveSettings(pod.spec, target.container ?? pod.spec?.containers[0]?.name ?? "");
    const key = JSON.stringify(settings);
    const { ready } = bySettings.get(key) ?? { ready: 0 };
    bySettings.set(key, { settings, ready: ready + (isReady(pod) ? 1 : 0) });
  }
  return Promise.all(
    [...bySettings.values()].map(async ({ settings, ready }) => ({
      service: target.service,
      settings,
      // Where only the image knows the address, its owner's word is all there is.
      generation:
        settings.backendService === undefined
          ? target.origin
          : await generationAt(api, config, settings.backendService),
      ready,
      desired,
    })),
  );
}

/** Whose address that is: by the label of the Service there, or, for a backend outside of our hands, by the stack file. */
async function generationAt({ core }: Api, { generations }: Config, address: string): Promise<string | undefined> {
  const [adopted] = Object.entries(generations).filter(([, it]) => !it.managed && it.address === address);
  if (adopted !== undefined) return adopted[0];
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc(?:\.cluster\.local)?:\d+$/.exec(address) ?? [];
  if (name === undefined || namespace === undefined) return undefined;
  try {
    const { metadata } = await core.readNamespacedService({ name, namespace });
    return metadata?.labels?.["app.kubernetes.io/instance"];
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw error;
  }
}
