import { createHash } from "node:crypto";

import type { AgentSettings } from "./agent-settings";
import { readSlot, type Slot } from "../workload/slot";
import { findSettings } from "./jvm-options";
import { otherTexts, readVariable, type Target, type TargetService } from "./target";
import { tokenVariableFor } from "./token";
import type { ConfigEntry } from "./agent-config";
import { podVolumes, tokenVariable } from "../workload/additions";
import { objectKey, workloadText } from "../workload/ref";
import type { Workload } from "../workload/workload";
import type { Injection, Injector } from "./injector";
import type { Problems } from "./problems";

const slotOf = (volume: string): Slot => ({ at: "volume", name: volume });

/**
 * The volume with the agent's configuration file, and the ConfigMap that the owner's manifest mounts in it; undefined
 * where there is no such volume, or several and none named.
 */
function ownersFile(
  { podSpec, ...workload }: Workload,
  { configFile }: Pick<TargetService, "configFile">,
): { readonly volume: string; readonly configMap: string } | undefined {
  const volumes = (podSpec.volumes ?? []).filter(
    ({ name, configMap }) => configMap !== undefined && !podVolumes.has(name),
  );
  const [only, ...others] = volumes.map(({ name }) => name);
  const volume = configFile?.volume ?? (others.length === 0 ? only : undefined);
  const configMap = volume === undefined ? undefined : readSlot({ podSpec, ...workload }, slotOf(volume)).original;
  return volume === undefined || configMap === undefined ? undefined : { volume, configMap };
}

/**
 * A configuration file with other values: lines of a key become one, at the place of the first; keys that it does not
 * have are added. Both `agent.config` of Java and php.ini have a line `key = value`, and take the last of several.
 */
function withValues(file: string, values: ReadonlyMap<string, string>): string {
  const left = new Map(values);
  const lines = file.split("\n").flatMap((line) => {
    const key = /^\s*([^#;=\s]+)\s*=/.exec(line)?.[1];
    if (key === undefined || !values.has(key)) return [line];
    const value = left.get(key);
    left.delete(key);
    return value === undefined ? [] : [`${key}=${value}`];
  });
  const added = [...left].map(([key, value]) => `${key}=${value}`);
  const body = lines.join("\n").replace(/\n*$/, "");
  return `${[...(body === "" ? [] : [body]), ...added].join("\n")}\n`;
}

/** The token by reference: `${NAME}` is a variable in agent.config as in php.ini. */
const inFile = ({ value }: ConfigEntry): string => value ?? `\${${tokenVariable}}`;

function inject(
  target: Target,
  config: readonly ConfigEntry[],
  settings: AgentSettings,
  problems: Problems,
): Injection | undefined {
  const { service, workload, container, configMaps } = target;
  const file = ownersFile(workload, service);
  if (file === undefined) {
    const volumes = (workload.podSpec.volumes ?? []).flatMap(({ name, configMap }) => (configMap ? [name] : []));
    problems.add(
      "configFile.volume",
      `names no volume with a ConfigMap of ${workloadText(workload)}; allowed: ${volumes.join(", ") || "none, it has no such volume"}`,
      "name the volume that has the agent's configuration file, or choose another way to inject",
    );
    return undefined;
  }
  if (container.volumeMounts?.some(({ name }) => name === file.volume) !== true) {
    problems.add(
      "configFile.volume",
      `is not mounted in container ${container.name}`,
      "name the volume that is, or the other container",
    );
  }
  const key = service.configFile?.key ?? "agent.config";
  const data = configMaps.get(objectKey({ ...workload, name: file.configMap }));
  const content = data?.[key];
  if (data === undefined || content === undefined) {
    problems.add(
      "configFile.key",
      data === undefined
        ? `cannot be read: there is no ConfigMap ${file.configMap} in namespace ${workload.namespace}`
        : `is not in ConfigMap ${workload.namespace}/${file.configMap}; allowed: ${Object.keys(data).join(", ")}`,
      data === undefined ? "have its owner create it" : "name the file that the agent reads",
    );
    return undefined;
  }
  if (settings.javaAgent !== undefined) {
    problems.add(
      "inject",
      "cannot move the agent's jar, address and namespace as one: the volume is set by the workload's owner, whose next deploy would leave the new agent with the old file",
      "choose another way to inject, or have its owner bring the new agent first",
    );
  }
  const properties = config.map(({ name }) => name);
  for (const { where, text } of otherTexts(target)) {
    const { agentOptions, systemProperties } = findSettings(text, properties);
    const stronger = [...new Set([...agentOptions, ...systemProperties])];
    if (stronger.length === 0) continue;
    problems.add(
      "inject",
      `would have no effect: ${where} sets ${stronger.join(" and ")}, which takes precedence over the file`,
      "remove it there, or choose another way to inject",
    );
  }
  if (readVariable(target, tokenVariable).foreign) {
    problems.add(
      "inject",
      `cannot use the variable ${tokenVariable}: the owner's manifest sets it`,
      "have its owner rename it",
    );
  }
  if (problems.found()) return undefined;
  const values = new Map(config.map((each) => [each.name, inFile(each)]));
  const changed = { ...data, [key]: withValues(content, values) };
  const hash = createHash("sha256").update(JSON.stringify(changed)).digest("hex").slice(0, 8);
  const configMap = { name: `${file.configMap}-skywalking-canary-${hash}`, data: changed };
  return {
    values: [
      ...tokenVariableFor(container.name, config, settings),
      { slot: slotOf(file.volume), value: configMap.name },
    ],
    ownersToo: [`the ConfigMap of volume ${file.volume}`],
    agentMountPath: undefined,
    configMap,
  };
}

/**
 * The agent's configuration file, mounted from a ConfigMap: a copy of it with other values takes its place in the
 * volume. One value, the ConfigMap's name, moves everything; the name changes with the content, so that pods roll.
 */
export const configMap: Injector = {
  writes: "file",
  nameOf: () => "property",
  key: "configFile",
  readsConfigMap: ({ service, workload }) => ownersFile(workload, service)?.configMap,
  inject,
};
