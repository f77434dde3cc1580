import type { Config, NamedGeneration } from "../../upgrade/config";
import { reportedName, serviceName } from "../../upgrade/gates/reported-name";
import { workloadOf } from "../../upgrade/patches";
import type { Workload } from "../../upgrade/workload/workload";

/** `agent.namespace` of the agents that report to a generation: those that no patch touches keep that of `from`. */
export function agentNamespaceAt({ strategy, from }: Config, { generation }: NamedGeneration): string {
  return (strategy === "canary" ? generation : from.generation).agentNamespace;
}

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
    Object.entries(config.services).flatMap(([key, service]): [string, string][] => {
      if (service.agent.language === "satellite") return [];
      const own = serviceName(key, service, workloads.get(workloadOf({ service })));
      const isOrigin = config.strategy !== "canary" || service.origin === at.name;
      return [[key, reportedName(own, service, at, isOrigin, agentNamespaceAt(config, at))]];
    }),
  );
}
