import type { Config, NamedGeneration } from "../../upgrade/config";
import { workloadOf } from "../../upgrade/patches";
import { reportedName } from "../../upgrade/reported-name";
import type { Workload } from "../../upgrade/workload/workload";

/**
 * The names under which a generation's OAP lists the config's services. A Satellite is left out, because the names of
 * the agents behind it are unknown.
 */
export function namesAt(
  config: Config,
  workloads: ReadonlyMap<string, Workload>,
  at: NamedGeneration,
): ReadonlyMap<string, string> {
  return new Map(
    Object.values(config.services)
      .filter(({ agent }) => agent.language !== "satellite")
      .map((service) => [service.key, reportedName(config, service, workloads.get(workloadOf({ service })), at)]),
  );
}
