/** A `-javaagent:` option that attaches a SkyWalking agent. */
export interface JavaAgentOption {
  /** The whole option as it stands in the text. */
  readonly text: string;
  /** Path of the jar. */
  readonly jar: string;
  /** Agent options behind the jar, e.g. `agent.service_name=cart`; "" for none. */
  readonly options: string;
}

/** The first SkyWalking agent in a string of JVM options or in a command line. */
export function findJavaAgent(options: string): JavaAgentOption | undefined {
  const match = /-javaagent:([^\s"'=]*skywalking-agent[^\s"'=/]*\.jar)(=\S+)?/.exec(options);
  if (match === null) return undefined;
  // The first group takes part in every match.
  const [text, jar, agentOptions = ""] = match as unknown as [string, string, string?];
  return { text, jar, options: agentOptions.slice(1) };
}

/**
 * Agent options, one by one. A value with a comma stands in quotes (Setting-override.md of the Java agent, 6.5 to 9.7).
 */
function splitAgentOptions(options: string): string[] {
  return options.match(/(?:[^,'"]|'[^']*'|"[^"]*")+/g) ?? [];
}

/** The agent options of the first SkyWalking agent in a string of JVM options, by key. */
export function agentOptionsOf(options: string): Map<string, string> {
  const pairs = splitAgentOptions(findJavaAgent(options)?.options ?? "").map((option): [string, string] => {
    const equals = option.indexOf("=");
    return [option.slice(0, equals).trim(), option.slice(equals + 1).replace(/^(['"])(.*)\1$/, "$2")];
  });
  return new Map(pairs);
}

const sets = (option: string, property: string): boolean => option.trim().startsWith(`${property}=`);

const systemProperty = (property: string): RegExp =>
  new RegExp(`(^|\\s)-Dskywalking\\.${property.replaceAll(".", "\\.")}=\\S*`, "g");

/** Which of an agent's properties a text sets: as agent options, which win over `-D`, or as `-D`. */
export function findSettings(
  text: string,
  properties: readonly string[],
): { readonly agentOptions: readonly string[]; readonly systemProperties: readonly string[] } {
  const options = splitAgentOptions(findJavaAgent(text)?.options ?? "");
  return {
    agentOptions: properties.filter((property) => options.some((option) => sets(option, property))),
    systemProperties: properties.filter((property) => systemProperty(property).test(text)),
  };
}

/** Whether a text names the service, as agent option or as `-D`. */
export function setsServiceName(text: string): boolean {
  return /(-Dskywalking\.|[=,])agent\.service_name=/.test(text);
}

/**
 * The text without these properties of the agent, neither as agent options nor as `-D`; everything else
 * stays as it was.
 */
export function withoutSettings(text: string, properties: readonly string[]): string {
  const cleaned = withAgentOptions(text, (options) =>
    options.filter((option) => !properties.some((property) => sets(option, property))),
  );
  return properties.reduce((rest, property) => rest.replace(systemProperty(property), ""), cleaned).trim();
}

/** The text with other options behind the SkyWalking agent's jar. */
export function withAgentOptions(text: string, change: (options: readonly string[]) => readonly string[]): string {
  const agent = findJavaAgent(text);
  if (agent === undefined) return text;
  const options = change(splitAgentOptions(agent.options));
  return text.replace(
    agent.text,
    () => `-javaagent:${agent.jar}${options.length === 0 ? "" : `=${options.join(",")}`}`,
  );
}

/** The text with the SkyWalking agent taken from another jar. */
export function withJar(text: string, jar: string): string {
  const agent = findJavaAgent(text);
  return agent === undefined ? text : text.replace(`-javaagent:${agent.jar}`, () => `-javaagent:${jar}`);
}
