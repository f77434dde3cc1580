import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type { Service } from "../config";
import type { Report } from "../problem";
import { readSlot, type SlotState, type Written } from "../slot";
import type { Workload } from "../workload";

/** A service whose agent gets settings, and what is known about its workload. */
export interface Subject {
  readonly key: string;
  readonly service: Service;
  readonly workload: Workload;
  /** The container with the agent. */
  readonly container: V1Container;
  /** Variables of that container as its owner's manifest sets them, without what is ours. */
  readonly ownersEnv: ReadonlyMap<string, string>;
}

/** What an agent is told, and where: the same whatever tells it. */
export interface Carried {
  /** In the order in which they are applied: a variable comes before what refers to it. */
  readonly values: readonly Written[];
  /** Slots whose value the owner's manifest sets too, as the user knows them: `JAVA_TOOL_OPTIONS`. */
  readonly ownersToo: readonly string[];
  /** Where the directory of an upgraded agent is mounted. */
  readonly agentMountPath: string | undefined;
}

/** Reports what is wrong with one service, and remembers that something is. */
export class Problems {
  private count = 0;

  constructor(
    private readonly key: string,
    private readonly report: Report,
  ) {}

  /** @param setting - the key of the service that is to be changed */
  add(setting: string, wrong: string, fix: string): void {
    this.count += 1;
    this.report({ key: `services.${this.key}.${setting}`, wrong, fix });
  }

  found(): boolean {
    return this.count > 0;
  }
}

export function readSubject(key: string, service: Service, container: V1Container, workload: Workload): Subject {
  const ownersEnv = new Map<string, string>();
  for (const { name } of container.env ?? []) {
    const { original } = readSlot(workload, { at: "env", container: container.name, name });
    if (original !== undefined) ownersEnv.set(name, original);
  }
  return { key, service, workload, container, ownersEnv };
}

/** A variable of the container with the agent. */
export function readVariable({ workload, container }: Subject, name: string): SlotState {
  return readSlot(workload, { at: "env", container: container.name, name });
}

/** Everything in the manifest that can hold options of a JVM, but for one variable. */
export function otherTexts(
  { container, ownersEnv }: Subject,
  except?: string,
): { readonly where: string; readonly text: string }[] {
  const command = [...(container.command ?? []), ...(container.args ?? [])].join(" ");
  return [
    ...(command === "" ? [] : [{ where: "its command line", text: command }]),
    ...[...ownersEnv].filter(([name]) => name !== except).map(([where, text]) => ({ where, text })),
  ];
}
