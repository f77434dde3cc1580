import { agentProfile } from "../../skywalking/agent";
import type { Service } from "../../upgrade/config";
import type { ConfigMaps } from "../../upgrade/inject/target";
import { objectKey, theCluster } from "../../upgrade/workload/ref";
import type { PodTemplate } from "./agent";

/** The settings in an agent's configuration file, where a pod mounts it from a ConfigMap. */
export interface FileSettings {
  readonly address: string | undefined;
  readonly agentNamespace: string | undefined;
}

/**
 * The value of a key in a file of `key = value` lines; the last one counts. For `${NAME:default}` it is the default: a
 * variable that is set is found as a variable.
 */
function valueIn(file: string, key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  const values = file.split("\n").flatMap((line) => {
    const [, name, value = ""] = /^\s*([^#;=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === key ? [value] : [];
  });
  const value = values.at(-1);
  const placeholder = /^\$\{[^:}]*(?::(.*))?\}$/.exec(value ?? "");
  return placeholder === null ? value : placeholder[1];
}

/** Reads the file that a service's `configFile` names; undefined when it names none or the file does not exist. */
export function settingsInFile(
  { configFile, agent, namespace }: Pick<Service, "configFile" | "agent" | "namespace">,
  { spec }: PodTemplate,
  configMaps: ConfigMaps,
): FileSettings | undefined {
  if (configFile === undefined) return undefined;
  const mounted = spec.volumes?.find(({ name }) => name === configFile.volume)?.configMap?.name;
  const file = configMaps.get(objectKey({ cluster: theCluster, namespace, name: mounted ?? "" }))?.[
    configFile.key ?? "agent.config"
  ];
  if (file === undefined) return undefined;
  const { settings } = agentProfile(agent);
  return {
    address: valueIn(file, settings.backendService?.property),
    agentNamespace: valueIn(file, settings.namespace?.property),
  };
}
