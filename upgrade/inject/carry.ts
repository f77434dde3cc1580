import type { Report } from "../problem";
import type { AgentSettings } from "../agent-settings";
import { carryInAgentOptions } from "./agent-options";
import { carryInConfigMap, type ConfigMaps, type OwnConfigMap } from "./config-map";
import { carryInVariables } from "./env";
import { injectOf } from "./inject";
import { carryInJvmVariable } from "./jvm";
import { Problems, type Carried, type Subject } from "./subject";
import { carryInAnnotations } from "./swck";
import { toldOf } from "./told";

/**
 * Decides where an agent's settings go.
 *
 * @returns undefined where the workload cannot take them whole; the reasons have been reported
 */
export function carry(
  subject: Subject,
  settings: AgentSettings,
  configMaps: ConfigMaps,
  report: Report,
): CarriedWithFile | undefined {
  const problems = new Problems(subject.key, report);
  const carried = carryBy(subject, settings, configMaps, problems);
  return problems.found() ? undefined : carried;
}

type CarriedWithFile = Carried & { readonly configMap?: OwnConfigMap };

function carryBy(
  subject: Subject,
  settings: AgentSettings,
  configMaps: ConfigMaps,
  problems: Problems,
): CarriedWithFile | undefined {
  const { service } = subject;
  const inject = injectOf(service);
  const told = toldOf(service, settings, inject === "env" ? "env" : "property");
  switch (inject) {
    case "java-tool-options":
    case "jdk-java-options":
      return carryInJvmVariable(inject, subject, told, settings, problems);
    case "agent-options":
      return carryInAgentOptions(service.variable ?? "", subject, told, settings, problems);
    case "env":
      return carryInVariables(subject, told, settings, problems);
    case "swck":
      return carryInAnnotations(subject, told, settings, problems);
    case "config-map":
    case undefined: {
      // The config has been checked: an agent that can be told by nothing is an error there.
      const { volume = "", key = "agent.config" } = service.configFile ?? {};
      return carryInConfigMap({ volume, key }, configMaps, subject, told, settings, problems);
    }
  }
}
