import { findJavaAgent, findSettings, withJar, withoutSettings } from "./jvm-options";
import type { AgentSettings } from "./agent-settings";
import { attachedByCarrier, checkServiceName, mountOverOld } from "./new-agent";
import { otherTexts, readVariable, type Target } from "./target";
import { inText, tokenVariableFor } from "./token";
import type { ConfigEntry } from "./agent-config";
import type { Injection, Injector } from "./injector";
import type { Problems } from "./problems";

/** Variables that hold options of a JVM, and what a service says to have them written. */
const jvmVariables = { JAVA_TOOL_OPTIONS: "java-tool-options", JDK_JAVA_OPTIONS: "jdk-java-options" } as const;
type JvmVariable = keyof typeof jvmVariables;

/** Whether a JVM reads its options in a variable by itself, and not what starts it. */
export function isReadByJvm(variable: string): boolean {
  return variable in jvmVariables;
}

const propertiesOf = (config: readonly ConfigEntry[]): string[] =>
  // A name that the owner gives wins over ours, which is there in case the owner gives none.
  config.filter(({ what }) => what !== "serviceName").map(({ name }) => name);

/**
 * Settings that would win over ours: agent options over `-D`, the command line over both variables, and
 * JDK_JAVA_OPTIONS, which the launcher puts on the command line, over JAVA_TOOL_OPTIONS.
 */
function checkPrecedence(
  target: Target,
  carrier: JvmVariable,
  properties: readonly string[],
  problems: Problems,
): void {
  for (const { where, text } of otherTexts(target, carrier)) {
    const { agentOptions, systemProperties } = findSettings(text, properties);
    const weaker = where === "JAVA_TOOL_OPTIONS" && carrier === "JDK_JAVA_OPTIONS";
    const [stronger, as] = agentOptions.length > 0 ? [agentOptions, "agent options"] : [systemProperties, "-D"];
    if (stronger.length === 0 || (as === "-D" && weaker)) continue;
    const instead = Object.entries(jvmVariables).find(([variable]) => variable === where)?.[1];
    problems.add(
      "inject",
      `would have no effect: ${where} sets ${stronger.join(" and ")} as ${as}, which takes precedence over ${carrier}`,
      instead === undefined
        ? "move it elsewhere, e.g. into SW_AGENT_COLLECTOR_BACKEND_SERVICES"
        : `set inject: ${instead}`,
    );
  }
}

/** The value of a carrier: what stood there, and the settings. Later options win, so ours come last. */
function valueOf(base: string, config: readonly ConfigEntry[], jar: string | undefined): string {
  return [
    withoutSettings(jar === undefined ? base : withJar(base, jar), propertiesOf(config)),
    ...config.map((each) => `-Dskywalking.${each.name}=${inText(each)}`),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function inject(
  name: JvmVariable,
  target: Target,
  config: readonly ConfigEntry[],
  settings: AgentSettings,
  problems: Problems,
): Injection | undefined {
  const { service, container } = target;
  const carrier = readVariable(target, name);
  if (carrier.foreign) {
    problems.add(
      "inject",
      `cannot keep ${name}: its value comes from elsewhere (valueFrom) and cannot be extended`,
      `set inject: ${name === "JAVA_TOOL_OPTIONS" ? "jdk-java-options (Java 9 or newer)" : "java-tool-options"}`,
    );
  }
  const others = otherTexts(target, name);
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
  checkPrecedence(target, name, propertiesOf(config), problems);
  if (problems.found()) return undefined;
  const attachment =
    settings.javaAgent === undefined
      ? undefined
      : findJavaAgent(base) !== undefined
        ? attachedByCarrier
        : mountOverOld(target, carrier.original === undefined ? undefined : { name, fix: fixOf(name) }, problems);
  if (settings.javaAgent !== undefined) checkServiceName(target, base, problems);
  if (problems.found()) return undefined;
  return {
    values: [
      ...tokenVariableFor(container.name, config, settings),
      {
        slot: { at: "env", container: container.name, name },
        value: valueOf(base, config, attachment?.jar),
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

/** Address, namespace and the rest as `-D` in one variable, with the jar where the variable attaches it. */
export function jvmVariable(name: JvmVariable): Injector {
  return {
    writes: "jvm-options",
    nameOf: () => "property",
    inject: (target, config, settings, problems) => inject(name, target, config, settings, problems),
  };
}
