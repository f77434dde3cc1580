import { agentProfile } from "../../skywalking/agent";
import type { AgentSetting, AgentSettings as SettingNames } from "../../skywalking/agent/facts";
import type { Service } from "../config";
import { authorityFile, authorityMountPath } from "../names";
import type { AgentSettings } from "../agent-settings";

/** One thing that an agent is told. */
export interface Told {
  readonly what: keyof SettingNames;
  /** Its name, as property or as variable. */
  readonly name: string;
  /** What it is told; undefined for the token, which is in a Secret. */
  readonly value: string | undefined;
}

/** A setting for an agent, and whether its release has a name for it. */
export interface Wanted {
  readonly what: keyof SettingNames;
  readonly setting: AgentSetting | undefined;
  readonly value: string | undefined;
}

/** Everything that a service's agent is to be told at a generation, also what its release cannot be told. */
export function wantedOf(service: Pick<Service, "agent">, settings: AgentSettings): Wanted[] {
  const names = agentProfile(settings.agent).settings;
  const want = (what: keyof SettingNames, value: string | undefined): Wanted => ({ what, setting: names[what], value });
  const { serviceName } = service.agent;
  return [
    ...(settings.javaAgent === undefined || serviceName === undefined ? [] : [want("serviceName", serviceName)]),
    ...(settings.token ? [want("authentication", undefined)] : []),
    ...(settings.tls === undefined ? [] : [want("forceTls", String(settings.tls.on))]),
    ...(settings.tls?.ca === true ? [want("trustedCaPath", `${authorityMountPath}/${authorityFile}`)] : []),
    want("backendService", settings.backendService),
    want("namespace", settings.agentNamespace),
  ];
}

/**
 * What an agent is told. An agent without namespaces is told none, and one without TLS need not be told to do without.
 */
export function toldOf(service: Pick<Service, "agent">, settings: AgentSettings, by: keyof AgentSetting): Told[] {
  return wantedOf(service, settings).flatMap(({ what, setting, value }) => {
    const name = setting?.[by];
    return name === undefined ? [] : [{ what, name, value }];
  });
}
