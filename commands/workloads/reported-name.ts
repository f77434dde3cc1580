import type { Config, NamedGeneration } from "../../upgrade/config";
import { workloadOf } from "../../upgrade/patches";
import { reportedName } from "../../upgrade/reported-name";
import type { Workload } from "../../upgrade/workload/workload";

/**
 * The names by which the OAP of a generation lists the services of the config. Of a Satellite nothing is known: behind it are
 * agents whose names nobody has told us.
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
