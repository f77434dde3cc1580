import type { V1Container, V1PodSpec } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { agentFacts, agentProfile, agentReleases, type AgentLanguage } from "../../skywalking/agent";
import type { SettingName } from "../../skywalking/agent/facts";
import { agentOptionsOf, findJavaAgent } from "../../upgrade/inject/jvm-options";
import type { Workload } from "../../upgrade/workload/workload";
import { isKnown, languageOfImage, releaseIn, releaseOfImage, speaksOfAgent } from "./image-tag";
import { languageByCommand } from "./language";

/** The parts of a pod in which an agent shows. */
export interface PodTemplate {
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: V1PodSpec;
}

/** The pod template of a workload. */
export function templateOf({ podAnnotations, podLabels, podSpec }: Workload): PodTemplate {
  return { annotations: podAnnotations, labels: podLabels, spec: podSpec };
}

/** A setting of an agent, as found in the manifest. */
export interface FoundSetting {
  /** Undefined where the value comes from elsewhere (`valueFrom`). */
  readonly value: string | undefined;
  /** Where it was found: an agent option, a property, a variable, an annotation. */
  readonly where: string;
  /** The field of the pod template that holds it, as the keys of `managedFields` name it. */
  readonly field: readonly string[];
}

/** How a pod's manifest attaches its agent. */
export type Attachment =
  /** A `-javaagent:` in a variable or on the command line. */
  | { readonly by: "javaagent"; readonly where: string; readonly jar: string }
  /** The Java agent injector of SWCK, when each pod is created. */
  | { readonly by: "swck" }
  /** The image itself: the manifest shows nothing. */
  | { readonly by: "image" };

/** An agent that a pod's manifest shows. */
export interface FoundAgent {
  readonly container: string;
  /** Undefined when nothing shows it. */
  readonly language: AgentLanguage | undefined;
  /** Undefined when nothing shows it. One that is not known is told only by the tag of the agent's own image. */
  readonly release: string | undefined;
  /** What the release was read from. */
  readonly releaseBy: string | undefined;
  readonly attachment: Attachment;
  /** `collector.backend_service` */
  readonly address: FoundSetting | undefined;
  /** `agent.namespace` */
  readonly agentNamespace: FoundSetting | undefined;
  /** `agent.service_name` */
  readonly serviceName: FoundSetting | undefined;
}

/**
 * Prefix of the annotations that SWCK turns into agent options, which win over everything else
 * (docs/java-agent-injector.md, 0.9).
 */
const swckAgent = "agent.skywalking.apache.org/";
const swckContainer = "strategy.skywalking.apache.org/inject.Container";
const swckImage = "sidecar.skywalking.apache.org/initcontainer.Image";
const swckLabel = "swck-java-agent-injected";

/** Variables that configure an agent of any language. */
const agentVariable = /^(SW_AGENT_|SKYWALKING_AGENT_|SATELLITE_GRPC_)/;

function injectedBySwck({ labels, annotations }: PodTemplate, container: string): boolean {
  const only = annotations[swckContainer];
  return labels[swckLabel] === "true" && (only === undefined || only === container);
}

interface Text {
  readonly where: string;
  readonly text: string;
  readonly field: readonly string[];
}

const named = (name: string): string => `k:${JSON.stringify({ name })}`;
const containerField = (container: V1Container): string[] => ["f:spec", "f:containers", named(container.name)];
const variableField = (container: V1Container, variable: string): string[] => [
  ...containerField(container),
  "f:env",
  named(variable),
];

/** Kubernetes replaces each `$(NAME)` with the value of that variable of the container. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\(([A-Za-z_]\w*)\)/g, (whole, name: string) => variables.get(name) ?? whole);
}

/**
 * Everything that may hold JVM options, in the order in which a JVM reads it: the last of several `-D` counts. The
 * program that starts the JVM may put other variables on its command line.
 */
function jvmTexts(container: V1Container): Text[] {
  const values = new Map((container.env ?? []).map(({ name, value = "" }) => [name, value]));
  const first = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"];
  const others = [...values.keys()].filter((name) => !first.includes(name));
  const command = [...(container.command ?? []), ...(container.args ?? [])].join(" ");
  return [
    ...[...first, ...others].flatMap((where) => {
      const text = values.get(where);
      const field = variableField(container, where);
      return text === undefined || text === "" ? [] : [{ where, text: expand(text, values), field }];
    }),
    ...(command === ""
      ? []
      : [
          {
            where: "its command line",
            text: expand(command, values),
            field: [...containerField(container), container.args === undefined ? "f:command" : "f:args"],
          },
        ]),
  ];
}

/**
 * Removes the single quotes around a value with a comma, and the quotes around those, which belong to the JVM's
 * variable.
 */
function unquoted(value: string): string {
  return value.replace(/^"?'(.*)'"?$/, "$1");
}

/**
 * A Java agent's setting, by order of precedence: agent options, then `-D`, then variables (Setting-override.md, 6.5 to
 * 9.7).
 */
function javaSetting(property: string, texts: readonly Text[]): FoundSetting | undefined {
  for (const { where, text, field } of texts) {
    const value = agentOptionsOf(text).get(property);
    if (value !== undefined) return { value: unquoted(value), where: `the agent options in ${where}`, field };
  }
  const pattern = new RegExp(`(?:^|[\\s"'])-Dskywalking\\.${property.replaceAll(".", "\\.")}=(\\S*)`, "g");
  const last = texts
    .flatMap(({ text, where, field }) =>
      [...text.matchAll(pattern)].map(([, value = ""]) => ({ where: `-D in ${where}`, field, value })),
    )
    .at(-1);
  return last && { ...last, value: last.value.replace(/["']$/, "") };
}

function variableSetting(name: string | undefined, container: V1Container): FoundSetting | undefined {
  const variable = container.env?.find((entry) => entry.name === name);
  if (name === undefined || variable === undefined) return undefined;
  return {
    value: variable.valueFrom === undefined ? (variable.value ?? "") : undefined,
    where: name,
    field: variableField(container, name),
  };
}

/** The image of the init container that provides the agent's directory. */
function broughtBy(spec: V1PodSpec, container: V1Container, jar: string | undefined): string | undefined {
  const init = spec.initContainers ?? [];
  const sharesDirectory = init.find(
    ({ volumeMounts }) =>
      jar !== undefined &&
      container.volumeMounts?.some(
        ({ name, mountPath }) =>
          jar.startsWith(`${mountPath.replace(/\/$/, "")}/`) && volumeMounts?.some((mount) => mount.name === name),
      ),
  );
  return (sharesDirectory ?? init.find(({ image }) => image !== undefined && speaksOfAgent(image)))?.image;
}

/** The language, if only one language has these variables. */
function languageByVariable(names: readonly string[]): AgentLanguage | undefined {
  const languages = (Object.keys(agentFacts) as AgentLanguage[]).filter((language) => {
    const release = agentReleases(language).at(-1) ?? "";
    const { backendService } = agentProfile({ language, release }).settings;
    return backendService?.env !== undefined && names.includes(backendService.env);
  });
  return languages.length === 1 ? languages[0] : undefined;
}

function findInContainer(template: PodTemplate, container: V1Container): FoundAgent | undefined {
  const { spec, annotations } = template;
  const texts = jvmTexts(container);
  const attaching = texts.find(({ text }) => findJavaAgent(text) !== undefined);
  const jar = attaching === undefined ? undefined : findJavaAgent(attaching.text)?.jar;
  const swck = injectedBySwck(template, container.name);
  const variables = (container.env ?? []).map(({ name }) => name);
  const ownImage = container.image ?? "";
  const ofAgent = languageOfImage(ownImage);
  const isJava = jar !== undefined || swck || texts.some(({ text }) => text.includes("-Dskywalking."));
  if (!isJava && ofAgent === undefined && !variables.some((name) => agentVariable.test(name))) return undefined;

  const image = (swck ? annotations[swckImage] : undefined) ?? broughtBy(spec, container, jar);
  const language = isJava
    ? "java"
    : (ofAgent ??
      (image === undefined ? undefined : languageOfImage(image)) ??
      languageByVariable(variables) ??
      languageByCommand(container));
  const releases = [
    ...(image === undefined ? [] : [{ by: `the image ${image}`, release: releaseOfImage(image, language ?? "java") }]),
    ...(ofAgent === undefined ? [] : [{ by: `the image ${ownImage}`, release: releaseOfImage(ownImage, ofAgent) }]),
    ...(jar === undefined ? [] : [{ by: `the directory of ${jar}`, release: releaseIn(jar, "java") }]),
  ];
  const told = releases.find(({ release }) => release !== undefined);
  const spoken = language ?? "java";
  const newest = agentReleases(spoken).at(-1) ?? "";
  const { release = newest } = told ?? {};
  const { settings } = agentProfile({ language: spoken, release: isKnown(release, spoken) ? release : newest });
  const read = (setting: SettingName | undefined, property: string): FoundSetting | undefined => {
    const annotation = swck ? annotations[`${swckAgent}${property}`] : undefined;
    if (annotation !== undefined) {
      const name = `${swckAgent}${property}`;
      return {
        value: unquoted(annotation),
        where: `the annotation ${name}`,
        field: ["f:metadata", "f:annotations", `f:${name}`],
      };
    }
    return (language === "java" ? javaSetting(property, texts) : undefined) ?? variableSetting(setting?.env, container);
  };
  return {
    container: container.name,
    language,
    release: told?.release,
    releaseBy: told?.by,
    attachment: swck
      ? { by: "swck" }
      : attaching !== undefined && jar !== undefined
        ? { by: "javaagent", where: attaching.where, jar }
        : { by: "image" },
    address: read(settings.backendService, "collector.backend_service"),
    agentNamespace: read(settings.namespace, "agent.namespace"),
    serviceName: read(settings.serviceName, "agent.service_name"),
  };
}

/**
 * The agents that a pod's manifest shows, at most one per container.
 *
 * Images cannot be inspected: an agent that an image attaches and configures by itself is not found.
 */
export function findAgents(template: PodTemplate): FoundAgent[] {
  return template.spec.containers.flatMap((container) => findInContainer(template, container) ?? []);
}
