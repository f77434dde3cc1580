import { createHash } from "node:crypto";

import type { Config, Wave } from "./config";
import { percentOf } from "./percent";

/** Labels of the target services' workloads, by service. */
export type LabelsOf = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** A config whose waves are lists of services. */
export type ResolvedConfig = Omit<Config, "waves"> & { readonly waves: readonly string[][] };

/**
 * Where a service stands between 0 and 100, by its name alone: other services that come or go do not move it to
 * another wave.
 */
function standing(key: string): number {
  return (createHash("sha256").update(key).digest().readUInt32BE() / 2 ** 32) * 100;
}

/** Whether labels fit a selector: `tier=backend`, several with a comma between, all of which must fit. */
export function fits(selector: string, labels: Readonly<Record<string, string>> = {}): boolean {
  return selector.split(",").every((requirement) => {
    const equals = requirement.indexOf("=");
    return labels[requirement.slice(0, equals)] === requirement.slice(equals + 1);
  });
}

/**
 * Decides which services are in each wave. A service is in the first wave that names it, selects it or reaches it with
 * its share.
 */
export function resolveWaves(config: Config, labelsOf: LabelsOf): ResolvedConfig {
  const services = Object.keys(config.services);
  // A list is somebody's decision: no share and no selector takes a service out of it.
  const taken = new Set(config.waves.flatMap((wave) => (Array.isArray(wave) ? wave : [])));
  const take = (wanted: (key: string) => boolean): string[] => {
    const members = services.filter((key) => !taken.has(key) && wanted(key));
    for (const key of members) taken.add(key);
    return members;
  };
  const resolve = (wave: Wave): string[] => {
    if (typeof wave === "string") return take((key) => standing(key) < percentOf(wave));
    if ("selector" in wave) return take((key) => fits(wave.selector, labelsOf.get(key)));
    return wave;
  };
  return { ...config, waves: config.waves.map(resolve) };
}
