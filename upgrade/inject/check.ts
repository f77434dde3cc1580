import { agentProfile } from "../../skywalking/agent";
import type { SettingNames } from "../../skywalking/agent/facts";
import type { Report } from "../problem";
import { askedSettings } from "./agent-config";
import { injectOf, injectorOf, injectors, injects, injectsOf, type InjectedService } from "./injectors";
import type { Injector } from "./injector";
import type { AgentSettings } from "./agent-settings";
import type { TargetService } from "./target";

type Service = TargetService & InjectedService & { readonly behind?: readonly unknown[] | undefined };

/** Keys that belong to one injector, or to one kind of agent. */
function checkKeys(key: string, service: Service, report: Report): void {
  const inject = injectOf(service);
  for (const owner of injects) {
    const { key: name }: Injector = injectors[owner];
    if (name === undefined || service[name] === undefined || inject === owner) continue;
    report({
      key: `services.${key}.${name}`,
      wrong: `is not allowed: it belongs to inject: ${owner}`,
      fix: "remove it",
    });
  }
  if (service.agent.javaVersion !== undefined && service.agent.language !== "java") {
    report({
      key: `services.${key}.agent.javaVersion`,
      wrong: "is not allowed: it belongs to language: java",
      fix: "remove it",
    });
  }
  if (service.behind !== undefined && service.agent.language !== "satellite") {
    report({
      key: `services.${key}.behind`,
      wrong: "is not allowed: only a satellite passes on what others report",
      fix: "remove it",
    });
  }
}

/** Whether there is a way at all. */
function checkWay(key: string, service: Service, report: Report): boolean {
  const { language } = service.agent;
  const allowed = injectsOf(language);
  if (allowed.length === 0) {
    report({
      key: `services.${key}.agent.language`,
      value: language,
      wrong: "cannot be re-pointed: its address is in the application's own code",
      fix: "have its owner change the code, and remove the service here",
    });
    return false;
  }
  if (service.inject !== undefined && !allowed.includes(service.inject)) {
    report({
      key: `services.${key}.inject`,
      value: service.inject,
      wrong: `is not supported for the ${language} agent; allowed: ${allowed.join(", ")}`,
      fix: "choose one of them",
    });
    return false;
  }
  return true;
}

/** What each setting is for, for a reader who did not ask for it by name. */
const purposes: Readonly<Record<keyof SettingNames, string>> = {
  backendService: "an address",
  namespace: "an agent namespace",
  authentication: "a token",
  forceTls: "a TLS setting",
  trustedCaPath: "a certificate authority",
  serviceName: "a service name",
  instanceName: "an instance name",
};

/**
 * Checks that an agent can be told everything that a generation asks for, by the way that is chosen. What must be told
 * and cannot be is an error; an agent that has no namespace needs none, and one that has no TLS needs not be told to do
 * without.
 */
export function checkAgentConfig(key: string, service: Service, settings: AgentSettings, report: Report): void {
  const inject = injectOf(service);
  const { nameOf } = injectorOf(service);
  const { language, release } = settings.agent;
  for (const { what, setting, value } of askedSettings(service, settings)) {
    const needless = what === "namespace" || (what === "forceTls" && value === "false");
    if (setting === undefined && needless) continue;
    if (setting?.[nameOf(what)] !== undefined) continue;
    // The token of `swck` comes in a variable.
    const inVariable = inject === "swck" && what === "authentication";
    const by = setting === undefined ? "" : ` by ${inVariable ? "a variable" : `inject: ${String(inject)}`}`;
    report({
      key: `services.${key}.${setting === undefined ? "agent.release" : "inject"}`,
      value: setting === undefined ? release : inject,
      wrong: `cannot give ${language} agent ${release} ${purposes[what]}${by}, which ${settings.generation} requires`,
      fix: setting === undefined ? "use another release of the agent" : "set inject: java-tool-options",
    });
  }
}

/** Checks how a service's agent gets its settings, as far as this does not depend on a generation. */
export function checkInject(key: string, service: Service, report: Report): boolean {
  checkKeys(key, service, report);
  if (!checkWay(key, service, report)) return false;
  if (agentProfile(service.agent).settings.backendService !== undefined) return true;
  report({
    key: `services.${key}.agent.release`,
    value: service.agent.release,
    wrong: `cannot be re-pointed: the ${service.agent.language} agent has no setting for its address in that release`,
    fix: "have its owner bring a newer one",
  });
  return false;
}
