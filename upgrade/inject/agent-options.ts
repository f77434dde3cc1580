import { findJavaAgent, findSettings, withAgentOptions, withJar, withoutSettings } from "./jvm-options";
import type { AgentSettings } from "./agent-settings";
import { isReadByJvm } from "./jvm";
import { attachedByCarrier, checkServiceName } from "./new-agent";
import { unsettable } from "./no-namespace";
import { otherTexts, readVariable, type Target } from "./target";
import { inText, tokenVariableFor } from "./token";
import type { ConfigEntry } from "./agent-config";
import type { Injection, Injector } from "./injector";
import type { Problems } from "./problems";

/**
 * One agent option. A value with a comma stands in quotes (Setting-override.md of the Java agent, 6.5 to 9.7). A JVM
 * takes one pair of quotes away from what it reads in a variable of its own, so there it needs a second.
 */
function option(entry: ConfigEntry, variable: string): string {
  const text = inText(entry);
  const quoted = /[,=]/.test(text) ? `'${text}'` : text;
  return `${entry.name}=${quoted !== text && isReadByJvm(variable) ? `"${quoted}"` : quoted}`;
}

function inject(
  target: Target,
  config: readonly ConfigEntry[],
  settings: AgentSettings,
  problems: Problems,
): Injection | undefined {
  const { service, container } = target;
  const { variable = "JAVA_TOOL_OPTIONS" } = service;
  const carrier = readVariable(target, variable);
  const base = carrier.original ?? service.imageEnv?.[variable];
  if (carrier.foreign) {
    problems.add(
      "variable",
      `cannot keep ${variable}: its value comes from elsewhere (valueFrom) and cannot be extended`,
      "have its owner write the value into the manifest, or choose another way to inject",
    );
    return undefined;
  }
  if (base === undefined) {
    problems.add(
      `imageEnv.${variable}`,
      `is missing: the manifest does not set ${variable}, and a variable of the pod would hide what the image sets`,
      "set it to what the image has (`docker inspect`)",
    );
    return undefined;
  }
  if (findJavaAgent(base) === undefined) {
    problems.add(
      "variable",
      `names ${variable}, which has no -javaagent of SkyWalking: ${JSON.stringify(base)}`,
      "name the variable that has it",
    );
    return undefined;
  }
  const properties = config.map(({ name }) => name);
  for (const { where, text } of otherTexts(target, variable)) {
    if (findJavaAgent(text) === undefined) continue;
    problems.add(
      "variable",
      `is not the only one: ${where} has a -javaagent of SkyWalking too`,
      "have its owner attach the agent once",
    );
  }
  const options = config.filter(({ value }) => value !== "");
  if (options.length < config.length) {
    const texts = otherTexts(target).map(({ where, text }) => ({
      where,
      sets: findSettings(text, properties).systemProperties.includes("agent.namespace"),
    }));
    unsettable(
      texts.find(({ sets }) => sets)?.where ??
        (target.ownersEnv.get("SW_AGENT_NAMESPACE") ? "SW_AGENT_NAMESPACE" : undefined),
      problems,
    );
  }
  if (settings.javaAgent !== undefined) checkServiceName(target, base, problems);
  if (problems.found()) return undefined;
  const jarred = settings.javaAgent === undefined ? base : withJar(base, attachedByCarrier.jar);
  const value = withAgentOptions(withoutSettings(jarred, properties), (kept) => [
    ...kept,
    ...options.map((each) => option(each, variable)),
  ]);
  return {
    values: [
      ...tokenVariableFor(container.name, config, settings),
      { slot: { at: "env", container: container.name, name: variable }, value },
    ],
    ownersToo: carrier.original === undefined ? [] : [variable],
    agentMountPath: settings.javaAgent === undefined ? undefined : attachedByCarrier.mountPath,
  };
}

/**
 * Address, namespace and the rest as options behind the `-javaagent:` of a variable: they win over everything else, and
 * jar and settings are one value.
 */
export const agentOptions: Injector = { writes: "jvm-options", nameOf: () => "property", key: "variable", inject };
