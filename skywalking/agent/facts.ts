import type { Refusal } from "../compatibility/agents";
import type { OapRelease } from "../oap/releases";
import type { Timeline } from "../release";

/** The places where one setting of an agent can be set. */
export interface SettingName {
  /**
   * Its name in the agent's own configuration: for Java a property, set as `-Dskywalking.<property>` or as an agent
   * option; for PHP a directive of php.ini; for Go and Ruby a key of the YAML file.
   */
  readonly property: string | undefined;
  /** The environment variable that sets it in the agent as shipped. */
  readonly env: string | undefined;
}

/** Names of the agent's settings; undefined if the release has no such setting. */
export interface SettingNames {
  readonly backendService: SettingName | undefined;
  readonly serviceName: SettingName | undefined;
  readonly instanceName: SettingName | undefined;
  readonly namespace: SettingName | undefined;
  readonly authentication: SettingName | undefined;
  /** Turns TLS on. */
  readonly forceTls: SettingName | undefined;
  /** Path of the certificate authority's file. */
  readonly trustedCaPath: SettingName | undefined;
}

/** The effect of an agent's namespace. */
export type NamespaceFacts =
  | { readonly effect: "none" }
  /** `<namespace>-sw8`: a call between two namespaces loses its trace link. */
  | { readonly effect: "header-prefix" }
  /** Shown among the properties of the instance. */
  | { readonly effect: "instance-property" }
  /** The service is reported as `<service>|<namespace>`, followed by `tail`. */
  | {
      readonly effect: "service-name-suffix";
      /** How many characters of the namespace the agent keeps; undefined: all. */
      readonly maxLength: number | undefined;
      readonly tail: "" | "|";
    };

/** What an agent does when its OAP comes back with an empty storage behind the same address. */
export type Reregistration =
  /** It keeps ids that the new storage does not know, and must be restarted. */
  | { readonly kind: "never" }
  /**
   * The OAP, which must also be 6.3.0 or newer, answers its ping with a reset. The agent then waits, tracing nothing,
   * and registers again.
   */
  | {
      readonly kind: "on reset command";
      /** How long it waits by default (`agent.cool_down_threshold`). */
      readonly coolDownMinutes: number;
      /** Whether the project's upgrade guide says that the release supports this. */
      readonly documented: boolean;
      /** A problem that the project reports. */
      readonly knownProblem: string | undefined;
    }
  /** It reports names, not ids, so it has nothing to register. */
  | {
      readonly kind: "stateless";
      /** Whether it sends its instance properties again without a restart; undefined if unknown. */
      readonly resendsInstanceProperties: boolean | undefined;
    };

/** An image that contains the agent's directory. */
export interface AgentImage {
  readonly repository: string;
  /** Suffixes of the tag, the default first; "" means no suffix. */
  readonly variants: readonly [string, ...string[]];
  readonly directory: string;
}

/**
 * Where an agent reads its configuration from, besides the application's own code.
 *
 * - `jvm-options`: options of a JVM, as `-D` or after its `-javaagent:`.
 * - `variables`: environment variables of the container.
 * - `file`: a file of `key = value` lines.
 */
export type ConfigSource = "jvm-options" | "variables" | "file";

/**
 * Signs of a container's language, for manifests that do not name it. A missing field means that there is no such sign.
 */
export interface LanguageHints {
  /** Repositories of images that contain the agent: the official ones, and copies in other registries. */
  readonly agentImages?: RegExp;
  /** Programs that the container starts. */
  readonly commands?: RegExp;
  /** Variables that only programs in this language read. */
  readonly variables?: RegExp;
  /** Images whose name shows the language. */
  readonly images?: RegExp;
}

/** The facts about the agent of one language that changed from release to release. */
interface AgentTimelines<Release extends string> {
  readonly protocol: Timeline<Release, "v2" | "v3">;
  readonly settings: Timeline<Release, SettingNames>;
  readonly namespace: Timeline<Release, NamespaceFacts>;
  /** How many characters of the service's name the agent keeps; undefined: all. */
  readonly serviceNameMaxLength: Timeline<Release, number | undefined>;
  readonly reregistration: Timeline<Release, Reregistration>;
  readonly image: Timeline<Release, AgentImage | undefined>;
}

/** Everything that is known about the agent of one language. */
export interface AgentFacts<Release extends string> extends AgentTimelines<Release> {
  /** The language's name as its own project writes it. */
  readonly title: string;
  /** Tags of the agent's repository, oldest first. */
  readonly releases: readonly [Release, ...Release[]];
  /**
   * The newest agent release whose sources have been read for each fact. A newly listed release would otherwise
   * silently inherit the last row of every timeline; a test fails until each of these is the newest release.
   */
  readonly verifiedUpTo: Readonly<Record<keyof AgentTimelines<Release> | "refusedBy", Release>>;
  /**
   * Agent releases that each OAP does not work with, by the project's compatibility table and older sources.
   * All others work.
   */
  readonly refusedBy: Timeline<OapRelease, readonly Refusal[]>;
  /** Empty if only the application's own code configures it. */
  readonly configuredBy: readonly ConfigSource[];
  readonly recognisedBy: LanguageHints;
}
