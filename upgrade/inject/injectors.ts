import { agentFacts, type AgentLanguage } from "../../skywalking/agent";
import type { Report } from "../problem";
import { agentConfig } from "./agent-config";
import { agentOptions } from "./agent-options";
import { configMap } from "./config-map";
import { env } from "./env";
import type { Injection, Injector } from "./injector";
import { jvmVariable } from "./jvm";
import { namespaceToRemove } from "./no-namespace";
import { Problems } from "./problems";
import type { AgentSettings } from "./agent-settings";
import { swck } from "./swck";
import { readVariable, type Target } from "./target";

/**
 * How an agent is told where to report: `inject` of a service. A language's default is the first that its
 * agent can be told by.
 *
 * - `java-tool-options`: `-D` in JAVA_TOOL_OPTIONS, which every JVM reads.
 * - `jdk-java-options`: `-D` in JDK_JAVA_OPTIONS, which the `java` launcher reads from release 9 on, and which is
 *   stronger: an owner who sets JAVA_TOOL_OPTIONS in a manifest leaves it alone.
 * - `agent-options`: options behind the `-javaagent:` that stands in a variable, which the user names.
 * - `env`: the variables that the agent itself reads.
 * - `swck`: annotations of the pods, for the Java agent injector of SkyWalking Cloud on Kubernetes.
 * - `config-map`: the agent's configuration file, where the workload mounts it from a ConfigMap.
 */
export const injectors = {
  "java-tool-options": jvmVariable("JAVA_TOOL_OPTIONS"),
  "jdk-java-options": jvmVariable("JDK_JAVA_OPTIONS"),
  "agent-options": agentOptions,
  env,
  swck,
  "config-map": configMap,
} as const satisfies Readonly<Record<string, Injector>>;

export type Inject = keyof typeof injectors;
export const injects = Object.keys(injectors) as readonly Inject[];

/**
 * The injectors for an agent of a language, the default first; none where the application's own code alone can tell it.
 */
export function injectsOf(language: AgentLanguage): readonly Inject[] {
  const { configuredBy } = agentFacts[language];
  return injects.filter((inject) => configuredBy.includes(injectors[inject].writes));
}

/** What a service says of how its agent is told something. */
export interface InjectedService {
  readonly inject?: Inject | undefined;
  readonly agent: { readonly language: AgentLanguage; readonly javaVersion?: number | undefined };
}

/** A service's choice, or its language's default; undefined where there is no way. */
export function injectOf({ inject, agent }: InjectedService): Inject | undefined {
  return inject ?? injectsOf(agent.language)[0];
}

/** The injector of a service. */
export function injectorOf(service: InjectedService): Injector {
  // An agent that no injector can tell anything is an error of the config, and no name of a setting is known for it.
  return injectors[injectOf(service) ?? "env"];
}

/**
 * Decides where an agent's settings go: as the service says, else by the default of its language, or by
 * JDK_JAVA_OPTIONS where that is known to be read and the owner sets the default's carrier alone.
 *
 * @param key - of the service
 * @returns undefined where the workload cannot take them whole; the reasons have been reported
 */
export function injectSettings(
  key: string,
  service: InjectedService,
  target: Target,
  settings: AgentSettings,
  report: Report,
): Injection | undefined {
  if (mayAvoidOwner(service, target)) {
    const avoiding = injectBy(key, injectors["jdk-java-options"], target, settings, () => undefined);
    if (avoiding?.ownersToo.length === 0) return avoiding;
  }
  return injectBy(key, injectorOf(service), target, settings, report);
}

/** From this release of Java on the launcher reads JDK_JAVA_OPTIONS (JDK-8170832). */
const readsJdkJavaOptions = 9;

/** Whether the owner alone has JAVA_TOOL_OPTIONS, and there is another carrier by all that is known. */
function mayAvoidOwner({ inject, agent }: InjectedService, target: Target): boolean {
  if (inject !== undefined || (agent.javaVersion ?? 0) < readsJdkJavaOptions) return false;
  const { held, original, foreign } = readVariable(target, "JAVA_TOOL_OPTIONS");
  return !held && (original !== undefined || foreign);
}

function injectBy(
  key: string,
  { nameOf, inject }: Injector,
  target: Target,
  settings: AgentSettings,
  report: Report,
): Injection | undefined {
  const problems = new Problems(key, report);
  const told = { ...settings, agentNamespace: settings.agentNamespace ?? namespaceToRemove(target, settings) };
  const injection = inject(target, agentConfig(target.service, told, nameOf), told, problems);
  return problems.found() ? undefined : injection;
}
