import { isNotFound } from "../../../components/cluster/errors";
import { listWorkloads, type ListedWorkload } from "../../../commands/workloads/list";
import type { Config, Service } from "../../../upgrade/config";
import { effectiveSettings, type EffectiveSettings } from "../../stack/effective-settings";
import type { Api } from "./api";

/** What the agents in one service's pods do; pods that differ are separate readings. */
export interface ServiceReading {
  readonly service: string;
  readonly settings: EffectiveSettings;
  /** The generation that the address belongs to; undefined when it belongs to none. */
  readonly generation: string | undefined;
  readonly ready: number;
  /** Desired pods of the workload. */
  readonly desired: number;
}

/**
 * Reads every target service of the stack file from its pods.
 *
 * @throws Error when a workload does not exist
 */
export async function readServices(api: Api, config: Config): Promise<ServiceReading[]> {
  const services = Object.values(config.services);
  const namespaces = [...new Set(services.map(({ namespace }) => namespace))];
  const listed = (await Promise.all(namespaces.map((namespace) => listWorkloads(api.reader, namespace)))).flat();
  const readings = await Promise.all(
    services.map((service) => {
      const { kind, namespace, name } = service;
      const live = listed.find(
        ({ workload }) => workload.kind === kind && workload.namespace === namespace && workload.name === name,
      );
      if (live === undefined) throw new Error(`There is no ${kind} ${namespace}/${name}`);
      return readService(api, config, service, live);
    }),
  );
  return readings.flat();
}

async function readService(
  api: Api,
  config: Config,
  service: Service,
  { desired, pods }: ListedWorkload,
): Promise<ServiceReading[]> {
  const bySettings = new Map<string, { settings: EffectiveSettings; ready: number }>();
  for (const pod of pods) {
    const settings = effectiveSettings(pod.spec, service.container ?? pod.spec.containers[0]?.name ?? "");
    const key = JSON.stringify(settings);
    const { ready } = bySettings.get(key) ?? { ready: 0 };
    bySettings.set(key, { settings, ready: ready + (pod.ready ? 1 : 0) });
  }
  return Promise.all(
    [...bySettings.values()].map(async ({ settings, ready }) => ({
      service: service.key,
      settings,
      // Where only the image knows the address, the configured origin is all we have.
      generation:
        settings.backendService === undefined
          ? service.origin
          : await generationAt(api, config, settings.backendService),
      ready,
      desired,
    })),
  );
}

/** Whose address it is: by the label of the Service there, or, for a backend that is not managed, by the stack file. */
async function generationAt({ core }: Api, { generations }: Config, address: string): Promise<string | undefined> {
  const [adopted] = Object.entries(generations).filter(([, it]) => !it.managed && it.address === address);
  if (adopted !== undefined) return adopted[0];
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc(?:\.cluster\.local)?:\d+$/.exec(address) ?? [];
  if (name === undefined || namespace === undefined) return undefined;
  try {
    const { metadata } = await core.readNamespacedService({ name, namespace });
    return metadata?.labels?.["app.kubernetes.io/instance"];
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
