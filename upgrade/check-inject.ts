import { agentProfile } from "../skywalking/agent";
import type { AgentSettings as SettingNames } from "../skywalking/agent/facts";
import { compatibility } from "../skywalking/compatibility";
import type { NamedGeneration, Service } from "./config";
import { injectOf, injectsOf } from "./inject/inject";
import { wantedOf } from "./inject/told";
import type { AgentSettings } from "./agent-settings";
import type { Report } from "./problem";

/** Keys that belong to one way of injecting, or to one kind of agent. */
function checkKeys(key: string, service: Service, report: Report): void {
  const inject = injectOf(service);
  for (const [name, way] of [
    ["variable", "agent-options"],
    ["configFile", "config-map"],
  ] as const) {
    if (service[name] === undefined || inject === way) continue;
    report({ key: `services.${key}.${name}`, wrong: `is not allowed: it belongs to inject: ${way}`, fix: "remove it" });
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
export function checkTold(key: string, service: Service, settings: AgentSettings, report: Report): void {
  const inject = injectOf(service);
  const { language, release } = settings.agent;
  for (const { what, setting, value } of wantedOf(service, settings)) {
    const needless = what === "namespace" || (what === "forceTls" && value === "false");
    if (setting === undefined && needless) continue;
    const token = inject === "swck" && what === "authentication";
    const name = inject === "env" || token ? setting?.env : setting?.property;
    if (name !== undefined) continue;
    const by = setting === undefined ? "" : ` by ${token ? "a variable" : `inject: ${String(inject)}`}`;
    report({
      key: `services.${key}.${setting === undefined ? "agent.release" : "inject"}`,
      value: setting === undefined ? release : inject,
      wrong: `cannot give ${language} agent ${release} ${purposes[what]}${by}, which ${settings.generation} requires`,
      fix: setting === undefined ? "use another release of the agent" : "set inject: java-tool-options",
    });
  }
}

/** Agents behind a Satellite report where it does. */
export function checkBehind(
  key: string,
  { behind = [] }: Service,
  generations: readonly NamedGeneration[],
  report: Report,
): void {
  for (const [index, agent] of behind.entries()) {
    for (const { name, generation } of generations) {
      const verdict = compatibility(agent, generation.version);
      if (verdict.verdict === "ok") continue;
      report({
        key: `services.${key}.behind.${String(index)}.release`,
        value: agent.release,
        wrong: `cannot report to ${name} (OAP ${generation.version}): ${verdict.reason}`,
        fix: "have its owner upgrade that agent first",
      });
    }
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
