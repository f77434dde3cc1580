import { go } from "./agent/go";
import { java } from "./agent/java";
import { nodejs } from "./agent/nodejs";
import { php } from "./agent/php";
import { python } from "./agent/python";
import { ruby } from "./agent/ruby";
import { rust } from "./agent/rust";
import { satellite } from "./agent/satellite";
import type { AgentFacts, AgentImage, NamespaceFacts, Reregistration, SettingNames } from "./agent/facts";
import { valueAt } from "./release";

/** Every agent that this program knows, by language: a file in `agent/` and its row here. */
export const agentFacts = { java, python, nodejs, go, php, rust, ruby, satellite } as const;

export type JavaAgentRelease = (typeof java.releases)[number];
export type AgentLanguage = keyof typeof agentFacts;
/** In the order of {@link agentFacts}, whose keys they are. */
export const agentLanguages = Object.keys(agentFacts) as readonly AgentLanguage[];

/** An agent as the user names it. `release` is one of `agentReleases(language)`. */
export interface AgentRef {
  readonly language: AgentLanguage;
  readonly release: string;
}

/** Every release of a language's agent, oldest first. */
export function agentReleases<Language extends AgentLanguage>(
  language: Language,
): (typeof agentFacts)[Language]["releases"] {
  return agentFacts[language].releases;
}

/** What is known of one release of an agent. */
export interface AgentProfile {
  readonly language: AgentLanguage;
  readonly release: string;
  /** The protocol that it speaks to the OAP. */
  readonly protocol: "v2" | "v3";
  readonly settings: SettingNames;
  readonly namespaceEffect: NamespaceFacts["effect"];
  /** Characters of the namespace that it keeps; it cuts off the rest. Undefined: it keeps all. */
  readonly namespaceMaxLength: number | undefined;
  /** The name that the OAP sees, when `agent.cluster` is not set. */
  readonly serviceNameWith: (namespace: string, serviceName: string) => string;
  /**
   * Full name of an image with the agent in `imageAgentDirectory`; undefined where there is none. Throws a RangeError for
   * a variant that does not exist.
   */
  readonly image: (variant?: string) => string | undefined;
  /** What `image` can be asked for, the default first. */
  readonly imageVariants: readonly string[];
  readonly imageAgentDirectory: string | undefined;
  /** What it does when its OAP comes back with an empty storage. */
  readonly reRegisters: Reregistration;
}

/** The official image of a Java agent, its default variant, and where the agent lies in it. */
export function javaAgentImage(release: JavaAgentRelease): { readonly image: string; readonly directory: string } {
  const image = valueAt(java.image, release);
  return { image: imageName(image, release, image.variants[0]), directory: image.directory };
}

function imageName({ repository }: AgentImage, release: string, variant: string): string {
  return `${repository}:${release}${variant === "" ? "" : `-${variant}`}`;
}

/** @throws RangeError when the release is not one of `agentReleases`. */
export function agentProfile({ language, release }: AgentRef): AgentProfile {
  const facts: AgentFacts<string> = agentFacts[language];
  if (!facts.releases.includes(release)) {
    throw new RangeError(`${JSON.stringify(release)} is not a release of the ${language} agent`);
  }
  const namespace = valueAt(facts.namespace, release);
  const image = valueAt(facts.image, release);
  return {
    language,
    release,
    protocol: valueAt(facts.protocol, release),
    settings: valueAt(facts.settings, release),
    namespaceEffect: namespace.effect,
    namespaceMaxLength: namespace.effect === "service-name-suffix" ? namespace.maxLength : undefined,
    serviceNameWith: (name, serviceName) => {
      const service = serviceName.slice(0, valueAt(facts.serviceNameMaxLength, release));
      return namespace.effect === "service-name-suffix" && name !== ""
        ? `${service}|${name.slice(0, namespace.maxLength)}${namespace.tail}`
        : service;
    },
    image: (variant = image?.variants[0]) => {
      if (image === undefined) return undefined;
      if (variant === undefined || !image.variants.includes(variant)) {
        throw new RangeError(`there is no ${JSON.stringify(variant)} image of the ${language} agent ${release}`);
      }
      return imageName(image, release, variant);
    },
    imageVariants: image?.variants ?? [],
    imageAgentDirectory: image?.directory,
    reRegisters: valueAt(facts.reregistration, release),
  };
}
