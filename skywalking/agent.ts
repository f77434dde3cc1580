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

/** Every agent that this program supports, by language: a file in `agent/` and a row here. */
export const agentFacts = { java, python, nodejs, go, php, rust, ruby, satellite } as const;

export type JavaAgentRelease = (typeof java.releases)[number];
export type AgentLanguage = keyof typeof agentFacts;
/** The keys of {@link agentFacts}, in the same order. */
export const agentLanguages = Object.keys(agentFacts) as readonly AgentLanguage[];

/** An agent as the user names it. */
export interface AgentRef {
  readonly language: AgentLanguage;
  /** One of `agentReleases(language)`, or one that is not known. */
  readonly release: string;
  /** The known release whose facts hold. Defaults to `release`. */
  readonly behavesLike?: string | undefined;
}

/** Every release of a language's agent, oldest first. */
export function agentReleases<Language extends AgentLanguage>(
  language: Language,
): (typeof agentFacts)[Language]["releases"] {
  return agentFacts[language].releases;
}

/** What is known about one release of an agent. */
export interface AgentProfile {
  readonly language: AgentLanguage;
  readonly release: string;
  /** The protocol that it uses to report to the OAP. */
  readonly protocol: "v2" | "v3";
  readonly settings: SettingNames;
  readonly namespaceEffect: NamespaceFacts["effect"];
  /** How many characters of the namespace it keeps; the rest is cut off. Undefined: it keeps all. */
  readonly namespaceMaxLength: number | undefined;
  /** The service name that the OAP sees if `agent.cluster` is not set. */
  readonly serviceNameWith: (namespace: string, serviceName: string) => string;
  /**
   * Full name of an image that contains the agent in `imageAgentDirectory`; undefined if there is none. Throws a
   * RangeError for a variant that does not exist.
   */
  readonly image: (variant?: string) => string | undefined;
  /** The variants that `image` accepts, the default first. */
  readonly imageVariants: readonly string[];
  readonly imageAgentDirectory: string | undefined;
  /** What it does when its OAP comes back with an empty storage. */
  readonly reRegisters: Reregistration;
}

/** The official image of a Java agent in its default variant, and the agent's directory in it. */
export function javaAgentImage({ release, behavesLike = release }: Omit<AgentRef, "language">): {
  readonly image: string;
  readonly directory: string;
} {
  const image = valueAt(java.image, behavesLike);
  return { image: imageName(image, release, image.variants[0]), directory: image.directory };
}

function imageName({ repository }: AgentImage, release: string, variant: string): string {
  return `${repository}:${release}${variant === "" ? "" : `-${variant}`}`;
}

/** @throws RangeError when the release whose facts hold is not one of `agentReleases`. */
export function agentProfile({ language, release, behavesLike = release }: AgentRef): AgentProfile {
  const facts: AgentFacts<string> = agentFacts[language];
  if (!facts.releases.includes(behavesLike)) {
    throw new RangeError(`${JSON.stringify(behavesLike)} is not a release of the ${language} agent`);
  }
  const namespace = valueAt(facts.namespace, behavesLike);
  const image = valueAt(facts.image, behavesLike);
  return {
    language,
    release,
    protocol: valueAt(facts.protocol, behavesLike),
    settings: valueAt(facts.settings, behavesLike),
    namespaceEffect: namespace.effect,
    namespaceMaxLength: namespace.effect === "service-name-suffix" ? namespace.maxLength : undefined,
    serviceNameWith: (name, serviceName) => {
      const service = serviceName.slice(0, valueAt(facts.serviceNameMaxLength, behavesLike));
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
    reRegisters: valueAt(facts.reregistration, behavesLike),
  };
}
