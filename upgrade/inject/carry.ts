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
  // The config has been checked: what can be told nothing is an error there, and is told nothing here.
  const inject = injectOf(service) ?? "env";
  const told = toldOf(service, settings, inject === "env" ? "env" : "property");
  switch (inject) {
    case "java-tool-options":
    case "jdk-java-options":
      return carryInJvmVariable(inject, subject, told, settings, problems);
    case "agent-options":
      return carryInAgentOptions(service.variable ?? "JAVA_TOOL_OPTIONS", subject, told, settings, problems);
    case "env":
      return carryInVariables(subject, told, settings, problems);
    case "swck":
      return carryInAnnotations(subject, told, settings, problems);
    case "config-map":
      return carryInConfigMap(configMaps, subject, told, settings, problems);
  }
}
