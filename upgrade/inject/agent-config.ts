import { agentProfile } from "../../skywalking/agent";
import type { SettingName, SettingNames } from "../../skywalking/agent/facts";
import { authorityFile, authorityMountPath } from "../workload/additions";
import type { AgentSettings } from "./agent-settings";
import type { TargetService } from "./target";

/** A value that a generation asks an agent to have, and what the agent's release calls it. */
export interface AskedSetting {
  readonly what: keyof SettingNames;
  /** Undefined: the release has no such setting. */
  readonly setting: SettingName | undefined;
  /** Undefined for the token, which is in a Secret. */
  readonly value: string | undefined;
}

/** One line of an agent's configuration. */
export interface ConfigEntry {
  readonly what: keyof SettingNames;
  /** Its name, as property or as variable. */
  readonly name: string;
  /** Undefined for the token, which is in a Secret. */
  readonly value: string | undefined;
}

/** Everything that a generation asks of a service's agent, also what the agent's release cannot be told. */
export function askedSettings({ agent }: Pick<TargetService, "agent">, settings: AgentSettings): AskedSetting[] {
  const names = agentProfile(settings.agent).settings;
  const ask = (what: keyof SettingNames, value: string | undefined): AskedSetting => ({
    what,
    setting: names[what],
    value,
  });
  const { serviceName } = agent;
  return [
    ...(settings.javaAgent === undefined || serviceName === undefined ? [] : [ask("serviceName", serviceName)]),
    ...(settings.token ? [ask("authentication", undefined)] : []),
    ...(settings.tls === undefined ? [] : [ask("forceTls", String(settings.tls.on))]),
    ...(settings.tls?.ca === true ? [ask("trustedCaPath", `${authorityMountPath}/${authorityFile}`)] : []),
    ask("backendService", settings.backendService),
    ...(settings.agentNamespace === undefined ? [] : [ask("namespace", settings.agentNamespace)]),
  ];
}

/**
 * The configuration of a service's agent. An agent without namespaces is given none, and one without TLS need not be
 * told to do without.
 *
 * @param nameOf - by which of its names a setting is written
 */
export function agentConfig(
  service: Pick<TargetService, "agent">,
  settings: AgentSettings,
  nameOf: (what: keyof SettingNames) => keyof SettingName,
): ConfigEntry[] {
  return askedSettings(service, settings).flatMap(({ what, setting, value }) => {
    const name = setting?.[nameOf(what)];
    return name === undefined ? [] : [{ what, name, value }];
  });
}
