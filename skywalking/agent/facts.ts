import type { Refusal } from "../compatibility/agents";
import type { OapRelease } from "../oap/releases";
import type { Timeline } from "../release";

/** One setting of an agent: where it can be set. */
export interface AgentSetting {
  /**
   * Its name in the agent's own configuration: a property for Java, set as `-Dskywalking.<property>` or as an agent option;
   * a directive of php.ini for PHP; a key of the YAML file for Go and Ruby.
   */
  readonly property: string | undefined;
  /** The environment variable that really sets it, as the agent is shipped. */
  readonly env: string | undefined;
}

/** What an agent calls what it must know; undefined where the release has no such setting. */
export interface SettingNames {
  readonly backendService: AgentSetting | undefined;
  readonly serviceName: AgentSetting | undefined;
  readonly instanceName: AgentSetting | undefined;
  readonly namespace: AgentSetting | undefined;
  readonly authentication: AgentSetting | undefined;
  /** Switches TLS on. */
  readonly forceTls: AgentSetting | undefined;
  /** Path of the certificate authority's file. */
  readonly trustedCaPath: AgentSetting | undefined;
}

/** What the namespace of an agent does. */
export type NamespaceFacts =
  | { readonly effect: "none" }
  /** `<namespace>-sw8`: a call between two namespaces loses its trace link. */
  | { readonly effect: "header-prefix" }
  /** Shown among the properties of the instance. */
  | { readonly effect: "instance-property" }
  /** The service is reported as `<service>|<namespace>` and `tail`. */
  | {
      readonly effect: "service-name-suffix";
      /** Characters of the namespace that the agent keeps; undefined: all. */
      readonly maxLength: number | undefined;
      readonly tail: "" | "|";
    };

/** What an agent does when its OAP comes back with an empty storage behind the same address. */
export type Reregistration =
  /** It holds on to ids that the new storage does not know. Restart it. */
  | { readonly kind: "never" }
  /**
   * The OAP, 6.3.0 or newer too, answers its ping with a reset; it then waits, tracing nothing, and registers again.
   */
  | {
      readonly kind: "on reset command";
      /** `agent.cool_down_threshold`: what it waits by default. */
      readonly coolDownMinutes: number;
      /** Whether the project's upgrade guide names the release as fit for it. */
      readonly documented: boolean;
      /** What the project says against it. */
      readonly knownProblem: string | undefined;
    }
  /** It reports names, not ids: there is nothing to register. */
  | {
      readonly kind: "stateless";
      /** Whether it sends the properties of its instance again without a restart; undefined where that is unknown. */
      readonly resendsInstanceProperties: boolean | undefined;
    };

/** An image that holds the directory of an agent. */
export interface AgentImage {
  readonly repository: string;
  /** Suffixes of the tag, the default first; "" is a tag without any. */
  readonly variants: readonly [string, ...string[]];
  readonly directory: string;
}

/**
 * What an agent reads its configuration from, beside its own code.
 *
 * - `jvm-options`: options of a JVM, as `-D` or behind its `-javaagent:`.
 * - `variables`: environment variables of the container.
 * - `file`: a file of lines `key = value`.
 */
export type ConfigSource = "jvm-options" | "variables" | "file";

/** What gives away the language of a container, where its manifest does not say it. Left out: nothing does. */
export interface LanguageHints {
  /** Repositories of images that hold the agent: the official ones, and copies of them under other registries. */
  readonly agentImages?: RegExp;
  /** Programs that it starts. */
  readonly commands?: RegExp;
  /** Variables that only programs of this language read. */
  readonly variables?: RegExp;
  /** Images that are known by the language of what runs in them. */
  readonly images?: RegExp;
}

/** How what is known of the agent of one language changed over its releases. */
interface AgentTimelines<Release extends string> {
  readonly protocol: Timeline<Release, "v2" | "v3">;
  readonly settings: Timeline<Release, SettingNames>;
  readonly namespace: Timeline<Release, NamespaceFacts>;
  /** Characters of the service's name that the agent keeps; undefined: all. */
  readonly serviceNameMaxLength: Timeline<Release, number | undefined>;
  readonly reregistration: Timeline<Release, Reregistration>;
  readonly image: Timeline<Release, AgentImage | undefined>;
}

/** Everything that is known of the agent of one language. */
export interface AgentFacts<Release extends string> extends AgentTimelines<Release> {
  /** The language as its own project writes it. */
  readonly title: string;
  /** Tags of the agent's repository, oldest first. */
  readonly releases: readonly [Release, ...Release[]];
  /**
   * The newest release for which the sources of each fact have been read. A release that is added to the list would
   * otherwise inherit the last row of every timeline unread, so a test asks for those that are older than the newest release.
   */
  readonly verifiedUpTo: Readonly<Record<keyof AgentTimelines<Release> | "refusedBy", Release>>;
  /** Releases that each OAP refuses, by the project's compatibility table and what is older than it. Those not named work. */
  readonly refusedBy: Timeline<OapRelease, readonly Refusal[]>;
  /** Empty: it is configured by the application's own code alone. */
  readonly configuredBy: readonly ConfigSource[];
  readonly recognisedBy: LanguageHints;
}
