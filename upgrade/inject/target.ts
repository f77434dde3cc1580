import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type { AgentRef } from "../../skywalking/agent";
import { readSlot, type SlotState } from "../workload/slot";
import type { Workload } from "../workload/workload";

/** What the config says of a service, as far as it matters for how its agent is told something. */
export interface TargetService {
  readonly agent: AgentRef & {
    readonly directory?: string | undefined;
    readonly serviceName?: string | undefined;
  };
  readonly variable?: string | undefined;
  readonly configFile?: { readonly volume?: string | undefined; readonly key?: string | undefined } | undefined;
  readonly imageEnv?: Readonly<Record<string, string>> | undefined;
}

/** Data of the ConfigMaps that target services mount, by `objectKey`. */
export type ConfigMaps = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** A service whose agent gets settings, and what is known about its workload. */
export interface Target {
  readonly service: TargetService;
  readonly workload: Workload;
  /** The container with the agent. */
  readonly container: V1Container;
  /** Variables of that container as its owner's manifest sets them, without what is ours. */
  readonly ownersEnv: ReadonlyMap<string, string>;
  readonly configMaps: ConfigMaps;
}

export function readTarget(
  service: TargetService,
  container: V1Container,
  workload: Workload,
  configMaps: ConfigMaps,
): Target {
  const ownersEnv = new Map<string, string>();
  for (const { name } of container.env ?? []) {
    const { original } = readSlot(workload, { at: "env", container: container.name, name });
    if (original !== undefined) ownersEnv.set(name, original);
  }
  return { service, workload, container, ownersEnv, configMaps };
}

/** A variable of the container with the agent. */
export function readVariable({ workload, container }: Target, name: string): SlotState {
  return readSlot(workload, { at: "env", container: container.name, name });
}

/** Everything in the manifest that can hold options of a JVM, but for one variable. */
export function otherTexts(
  { container, ownersEnv }: Target,
  except?: string,
): { readonly where: string; readonly text: string }[] {
  const command = [...(container.command ?? []), ...(container.args ?? [])].join(" ");
  return [
    ...(command === "" ? [] : [{ where: "its command line", text: command }]),
    ...[...ownersEnv].filter(([name]) => name !== except).map(([where, text]) => ({ where, text })),
  ];
}
