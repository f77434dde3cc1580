import { createHash } from "node:crypto";

import type { AgentSettings } from "../agent-settings";
import { readSlot, type Slot } from "../slot";
import { findSettings } from "../jvm-options";
import { otherTexts, readVariable, type Carried, type Subject, type Problems } from "./subject";
import { tokenVariableFor } from "./token";
import type { Told } from "./told";
import { tokenVariable } from "../names";

/** Data of the ConfigMaps that target services mount, by `namespace/name`. */
export type ConfigMaps = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** A ConfigMap that the program makes beside the owner's. */
export interface OwnConfigMap {
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

const slotOf = (volume: string): Slot => ({ at: "volume", name: volume });

/** The name of the ConfigMap that the owner's manifest mounts in a volume; undefined where there is no such volume. */
export function ownersConfigMap(workload: Subject["workload"], volume: string): string | undefined {
  return readSlot(workload, slotOf(volume)).original;
}

/**
 * A configuration file with other values: lines of a key become one, at the place of the first; keys that it does not have are added.
 * Both `agent.config` of Java and php.ini have a line `key = value`, and take the last of several.
 */
export function withValues(file: string, values: ReadonlyMap<string, string>): string {
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
const inFile = ({ value }: Told): string => value ?? `\${${tokenVariable}}`;

/**
 * The agent's configuration file, mounted from a ConfigMap: a copy of it with other values takes its place in the volume. One
 * value, the ConfigMap's name, moves everything; the name changes with the content, so that pods roll.
 */
export function carryInConfigMap(
  file: { readonly volume: string; readonly key: string },
  configMaps: ConfigMaps,
  subject: Subject,
  told: readonly Told[],
  settings: AgentSettings,
  problems: Problems,
): (Carried & { readonly configMap: OwnConfigMap }) | undefined {
  const { workload, container } = subject;
  const original = ownersConfigMap(workload, file.volume);
  if (original === undefined) {
    const volumes = (workload.podSpec.volumes ?? []).flatMap(({ name, configMap }) => (configMap ? [name] : []));
    problems.add(
      "configFile.volume",
      `is not a volume with a ConfigMap of ${workload.kind} ${workload.namespace}/${workload.name}; allowed: ${volumes.join(", ") || "none, it has no such volume"}`,
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
  const data = configMaps.get(`${workload.namespace}/${original}`);
  const content = data?.[file.key];
  if (data === undefined || content === undefined) {
    problems.add(
      "configFile.key",
      data === undefined
        ? `cannot be read: there is no ConfigMap ${original} in namespace ${workload.namespace}`
        : `is not in ConfigMap ${workload.namespace}/${original}; allowed: ${Object.keys(data).join(", ")}`,
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
  const properties = told.map(({ name }) => name);
  for (const { where, text } of otherTexts(subject)) {
    const { agentOptions, systemProperties } = findSettings(text, properties);
    const stronger = [...new Set([...agentOptions, ...systemProperties])];
    if (stronger.length === 0) continue;
    problems.add(
      "inject",
      `cannot win: ${where} sets ${stronger.join(" and ")}, which is stronger than the file`,
      "take it out of there, or choose another way to inject",
    );
  }
  if (readVariable(subject, tokenVariable).foreign) {
    problems.add(
      "inject",
      `cannot use the variable ${tokenVariable}: the owner's manifest sets it`,
      "have its owner rename it",
    );
  }
  if (problems.found()) return undefined;
  const values = new Map(told.map((each) => [each.name, inFile(each)]));
  const changed = { ...data, [file.key]: withValues(content, values) };
  const hash = createHash("sha256").update(JSON.stringify(changed)).digest("hex").slice(0, 8);
  const configMap = { name: `${original}-skywalking-canary-${hash}`, data: changed };
  return {
    values: [...tokenVariableFor(container.name, told, settings), { slot: slotOf(file.volume), value: configMap.name }],
    ownersToo: [`the ConfigMap of volume ${file.volume}`],
    agentMountPath: undefined,
    configMap,
  };
}
