import type { SettingName, ConfigSource, SettingNames } from "../../skywalking/agent/facts";
import type { SlotValue } from "../workload/slot";
import type { ConfigEntry } from "./agent-config";
import type { Problems } from "./problems";
import type { AgentSettings } from "./agent-settings";
import type { Target } from "./target";

/** What of a workload is set so that its agent has its configuration. */
export interface Injection {
  /** In the order in which they are applied: a variable comes before what refers to it. */
  readonly values: readonly SlotValue[];
  /** Slots whose value the owner's manifest sets too, as the user knows them: `JAVA_TOOL_OPTIONS`. */
  readonly ownersToo: readonly string[];
  /** Where the directory of an upgraded agent is mounted. */
  readonly agentMountPath: string | undefined;
  /** A ConfigMap that has to be there before. */
  readonly configMap?: OwnConfigMap;
}

/** A ConfigMap that the program makes beside the owner's. */
export interface OwnConfigMap {
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

/** A way to tell an agent its configuration. */
export interface Injector {
  /** What it writes. It is for the agents that read this. */
  readonly writes: ConfigSource;
  /** By which of its names it writes a setting. */
  readonly nameOf: (what: keyof SettingNames) => keyof SettingName;
  /** The key of a service that says how, and is for no other injector. */
  readonly key?: "variable" | "configFile";
  /** The ConfigMap of the owner's that it must read before it can inject; undefined where there is none. */
  readonly readsConfigMap?: (target: Pick<Target, "service" | "workload">) => string | undefined;
  /**
   * Decides where the configuration goes.
   *
   * @returns undefined where the workload cannot take it whole; the reasons have been reported
   */
  readonly inject: (
    target: Target,
    config: readonly ConfigEntry[],
    settings: AgentSettings,
    problems: Problems,
  ) => Injection | undefined;
}
