import { setTimeout as sleep } from "node:timers/promises";

import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { effectiveSettings, lookUp } from "../stack/effective-settings";
import { isReady } from "../../upgrade/workload/pod-ready";
import type { RecordedOap } from "./server";

export interface SimulatedAgentsOptions {
  /** Which OAP answers at which address, `host:port` as agents are told it. */
  readonly backends: ReadonlyMap<string, RecordedOap>;
  /** Where agents report that get their address only from their image. */
  readonly origin: RecordedOap;
  /** Which container of a pod has the agent, by the pod's label `app`; undefined: the first. Other pods have none. */
  readonly containers: Readonly<Record<string, string | undefined>>;
  /** Lists the pods of the target services. */
  readonly pods: () => Promise<readonly V1Pod[]>;
}

interface Report {
  readonly oap: RecordedOap;
  readonly service: string;
}

const heartbeatMilliseconds = 1_000;
/** Minutes since the last report of an agent that has stopped, so that nobody has to wait for the window to pass. */
const longAgo = 60;

/**
 * Reports to recorded OAPs what the agents in simulated pods would, based on the pods alone: no part of the program is
 * asked. An agent that the program brings is new enough to add its namespace to the name; the samples' own are not.
 */
export class SimulatedAgents {
  /** Services whose agents cannot reach their OAP, by label `app`. */
  readonly muted = new Set<string>();
  private readonly reports = new Map<string, Report>();
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(private readonly options: SimulatedAgentsOptions) {
    this.running = this.run();
  }

  /** @throws what went wrong since the start */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.beat(await this.options.pods());
      await sleep(heartbeatMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }

  private beat(pods: readonly V1Pod[]): void {
    const seen = new Map(
      pods.flatMap((pod) => {
        const report = this.reportOf(pod);
        return report === undefined ? [] : [[pod.metadata?.name ?? "", report] as const];
      }),
    );
    for (const [instance, { oap, service }] of this.reports) {
      if (seen.get(instance)?.oap !== oap) oap.reports(service, instance, longAgo);
    }
    this.reports.clear();
    for (const [instance, report] of seen) {
      report.oap.reports(report.service, instance);
      this.reports.set(instance, report);
    }
  }

  private reportOf(pod: V1Pod): Report | undefined {
    const { metadata, spec } = pod;
    const app = metadata?.labels?.app ?? "";
    if (!(app in this.options.containers) || this.muted.has(app)) return undefined;
    if (!isReady(pod) || metadata?.deletionTimestamp !== undefined) return undefined;
    const name = this.options.containers[app];
    const container = spec?.containers.find((each) => name === undefined || each.name === name);
    if (container === undefined) return undefined;
    const { backendService, agentNamespace = "", agentImage } = effectiveSettings(spec, container.name);
    const oap = backendService === undefined ? this.options.origin : this.options.backends.get(backendService);
    if (oap === undefined) return undefined;
    const service = lookUp(container, "agent.service_name", "SW_AGENT_NAME") ?? app;
    return {
      oap,
      service: agentImage === undefined || agentNamespace === "" ? service : `${service}|${agentNamespace}|`,
    };
  }
}
