import { findJavaAgent, findSettings, withAgentOptions, withJar, withoutSettings } from "../jvm-options";
import type { AgentSettings } from "../agent-settings";
import { jvmVariables } from "./inject";
import { attachedByCarrier, checkServiceName } from "./new-agent";
import { unsettable } from "./no-namespace";
import { otherTexts, readVariable, type Carried, type Subject, type Problems } from "./subject";
import { inText, tokenVariableFor } from "./token";
import type { Told } from "./told";

const readByJvm: readonly string[] = Object.values(jvmVariables);

/**
 * One agent option. A value with a comma stands in quotes (Setting-override.md of the Java agent, 6.5 to 9.7). A JVM takes one pair of
 * quotes away from what it reads in a variable of its own, so there it needs a second.
 */
function option(told: Told, variable: string): string {
  const text = inText(told);
  const quoted = /[,=]/.test(text) ? `'${text}'` : text;
  return `${told.name}=${quoted !== text && readByJvm.includes(variable) ? `"${quoted}"` : quoted}`;
}

/**
 * Address, namespace and the rest as options behind the `-javaagent:` of a variable: they win over everything else, and jar
 * and settings are one value.
 */
export function carryInAgentOptions(
  variable: string,
  subject: Subject,
  told: readonly Told[],
  settings: AgentSettings,
  problems: Problems,
): Carried | undefined {
  const { service, container } = subject;
  const carrier = readVariable(subject, variable);
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
  const properties = told.map(({ name }) => name);
  for (const { where, text } of otherTexts(subject, variable)) {
    if (findJavaAgent(text) === undefined) continue;
    problems.add(
      "variable",
      `is not the only one: ${where} has a -javaagent of SkyWalking too`,
      "have its owner attach the agent once",
    );
  }
  const options = told.filter(({ value }) => value !== "");
  if (options.length < told.length) {
    const texts = otherTexts(subject).map(({ where, text }) => ({
      where,
      sets: findSettings(text, properties).systemProperties.includes("agent.namespace"),
    }));
    unsettable(
      texts.find(({ sets }) => sets)?.where ??
        (subject.ownersEnv.get("SW_AGENT_NAMESPACE") ? "SW_AGENT_NAMESPACE" : undefined),
      problems,
    );
  }
  if (settings.javaAgent !== undefined) checkServiceName(subject, base, problems);
  if (problems.found()) return undefined;
  const jarred = settings.javaAgent === undefined ? base : withJar(base, attachedByCarrier.jar);
  const value = withAgentOptions(withoutSettings(jarred, properties), (kept) => [
    ...kept,
    ...options.map((each) => option(each, variable)),
  ]);
  return {
    values: [
      ...tokenVariableFor(container.name, told, settings),
      { slot: { at: "env", container: container.name, name: variable }, value },
    ],
    ownersToo: carrier.original === undefined ? [] : [variable],
    agentMountPath: settings.javaAgent === undefined ? undefined : attachedByCarrier.mountPath,
  };
}
