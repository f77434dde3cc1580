import type { Config } from "./config";
import { reportedName } from "./reported-name";
import { moveOf } from "./stage";
import { workloadKey } from "./workload/ref";
import type { Workload } from "./workload/workload";

/** A name by which an OAP shows services, and the one by which the next OAP does. */
export interface Rename {
  /** Keys of the services: workloads may report as one. */
  readonly services: readonly string[];
  readonly before: string;
  readonly after: string;
}

/**
 * The names that change with the move from one generation to the other. Services that a patch never moves to `to`, and
 * agents behind a Satellite, keep theirs.
 *
 * @param workloads - by `workloadKey`
 */
export function renamesOf(
  config: Pick<Config, "strategy" | "from" | "to" | "services">,
  workloads: ReadonlyMap<string, Workload>,
): Rename[] {
  const { strategy, from, to, services } = config;
  if (moveOf(strategy) !== "patches") return [];
  const renames = new Map<string, Rename>();
  for (const [key, service] of Object.entries(services)) {
    if (service.agent.language === "satellite" || service.origin === to.name) continue;
    const workload = workloads.get(workloadKey(service));
    const [before, after] = [
      reportedName(config, service, workload, from),
      reportedName(config, service, workload, to),
    ];
    if (before === after) continue;
    const pair = JSON.stringify([before, after]);
    renames.set(pair, { services: [...(renames.get(pair)?.services ?? []), key], before, after });
  }
  return [...renames.values()];
}
