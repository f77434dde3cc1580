import { findJavaAgent, findSettings, withJar, withoutSettings } from "../jvm-options";
import type { AgentSettings } from "../agent-settings";
import { jvmVariables } from "./inject";
import { attachedByCarrier, checkServiceName, mountOverOld } from "./new-agent";
import { otherTexts, readVariable, type Carried, type Subject, type Problems } from "./subject";
import { inText, tokenVariableFor } from "./token";
import type { Told } from "./told";

type JvmInject = keyof typeof jvmVariables;
type JvmVariable = (typeof jvmVariables)[JvmInject];

const propertiesOf = (told: readonly Told[]): string[] =>
  // A name that the owner gives wins over ours, which is there in case the owner gives none.
  told.filter(({ what }) => what !== "serviceName").map(({ name }) => name);

/**
 * Settings that would win over ours: agent options over `-D`, the command line over both variables, and
 * JDK_JAVA_OPTIONS, which the launcher puts on the command line, over JAVA_TOOL_OPTIONS.
 */
function checkPrecedence(
  subject: Subject,
  carrier: JvmVariable,
  properties: readonly string[],
  problems: Problems,
): void {
  for (const { where, text } of otherTexts(subject, carrier)) {
    const { agentOptions, systemProperties } = findSettings(text, properties);
    const weaker = where === "JAVA_TOOL_OPTIONS" && carrier === "JDK_JAVA_OPTIONS";
    const [stronger, as] = agentOptions.length > 0 ? [agentOptions, "agent options"] : [systemProperties, "-D"];
    if (stronger.length === 0 || (as === "-D" && weaker)) continue;
    const inject = Object.entries(jvmVariables).find(([, variable]) => variable === where)?.[0];
    problems.add(
      "inject",
      `would have no effect: ${where} sets ${stronger.join(" and ")} as ${as}, which takes precedence over ${carrier}`,
      inject === undefined
        ? "move it elsewhere, e.g. into SW_AGENT_COLLECTOR_BACKEND_SERVICES"
        : `set inject: ${inject}`,
    );
  }
}

/** The value of a carrier: what stood there, and the settings. Later options win, so ours come last. */
function valueOf(base: string, told: readonly Told[], jar: string | undefined): string {
  return [
    withoutSettings(jar === undefined ? base : withJar(base, jar), propertiesOf(told)),
    ...told.map((each) => `-Dskywalking.${each.name}=${inText(each)}`),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** Address, namespace and the rest as `-D` in one variable, with the jar where the variable attaches it. */
export function carryInJvmVariable(
  inject: JvmInject,
  subject: Subject,
  told: readonly Told[],
  settings: AgentSettings,
  problems: Problems,
): Carried | undefined {
  const { service, container } = subject;
  const name = jvmVariables[inject];
  const carrier = readVariable(subject, name);
  if (carrier.foreign) {
    problems.add(
      "inject",
      `cannot keep ${name}: its value comes from elsewhere (valueFrom) and cannot be extended`,
      `set inject: ${name === "JAVA_TOOL_OPTIONS" ? "jdk-java-options (Java 9 or newer)" : "java-tool-options"}`,
    );
  }
  const others = otherTexts(subject, name);
  const attached = [carrier.original ?? "", ...others.map(({ text }) => text)].some(
    (text) => findJavaAgent(text) !== undefined,
  );
  const hidesImage = name === "JAVA_TOOL_OPTIONS" && carrier.original === undefined;
  const ofImage = service.imageEnv?.[name];
  if (hidesImage && !attached && ofImage === undefined) {
    problems.add(
      `imageEnv.${name}`,
      "is missing: the manifest has no -javaagent, so the image attaches the agent, perhaps by ENV JAVA_TOOL_OPTIONS, which a variable of the pod would hide",
      'set it to what the image has (`docker inspect`), "" for none; or set inject: jdk-java-options if the service runs on Java 9 or newer',
    );
  }
  const base = carrier.original ?? (hidesImage ? ofImage : undefined) ?? "";
  checkPrecedence(subject, name, propertiesOf(told), problems);
  if (problems.found()) return undefined;
  const attachment =
    settings.javaAgent === undefined
      ? undefined
      : findJavaAgent(base) !== undefined
        ? attachedByCarrier
        : mountOverOld(subject, carrier.original === undefined ? undefined : { name, fix: fixOf(name) }, problems);
  if (settings.javaAgent !== undefined) checkServiceName(subject, base, problems);
  if (problems.found()) return undefined;
  return {
    values: [
      ...tokenVariableFor(container.name, told, settings),
      {
        slot: { at: "env", container: container.name, name },
        value: valueOf(base, told, attachment?.jar),
      },
    ],
    ownersToo: carrier.original === undefined ? [] : [name],
    agentMountPath: attachment?.mountPath,
  };
}

function fixOf(name: JvmVariable): string {
  return name === "JAVA_TOOL_OPTIONS"
    ? "set inject: jdk-java-options if the service runs on Java 9 or newer; otherwise move its -javaagent into JAVA_TOOL_OPTIONS"
    : `move its -javaagent into ${name}`;
}
