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

/** The keys that an agent takes from options, `-D` and files alike, and that move together. */
const pair = ["collector.backend_service", "agent.namespace"] as const;

const pairProperties = /(^|\s)-Dskywalking\.(?:collector\.backend_service|agent\.namespace)=\S*/g;

/** Agent options, one by one. A value with a comma stands in quotes (Setting-override.md of the Java agent, 6.5 to 9.7). */
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

const isOfPair = (option: string): boolean => pair.some((key) => option.trim().startsWith(`${key}=`));

/** Whether a text sets the address or the namespace as agent options, which win over `-D`, or as `-D`. */
export function setsPair(text: string): { readonly agentOptions: boolean; readonly properties: boolean } {
  return {
    agentOptions: splitAgentOptions(findJavaAgent(text)?.options ?? "").some(isOfPair),
    properties: text.match(pairProperties) !== null,
  };
}

/** Whether a text names the service, as agent option or as `-D`. */
export function setsServiceName(text: string): boolean {
  return /(-Dskywalking\.|[=,])agent\.service_name=/.test(text);
}

/** The text without address and namespace; everything else stays as it was. */
export function withoutPair(text: string): string {
  const agent = findJavaAgent(text);
  const kept = splitAgentOptions(agent?.options ?? "").filter((option) => !isOfPair(option));
  const cleaned =
    agent === undefined
      ? text
      : text.replace(agent.text, () => `-javaagent:${agent.jar}${kept.length === 0 ? "" : `=${kept.join(",")}`}`);
  return cleaned.replace(pairProperties, "").trim();
}

/** The text with the SkyWalking agent taken from another jar. */
export function withJar(text: string, jar: string): string {
  const agent = findJavaAgent(text);
  return agent === undefined ? text : text.replace(`-javaagent:${agent.jar}`, () => `-javaagent:${jar}`);
}
