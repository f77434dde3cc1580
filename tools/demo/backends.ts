import { join } from "node:path";

import { backendService, namespaceOf } from "../../upgrade/backend";
import type { Config, NamedGeneration } from "../../upgrade/config";
import { writeKwokConfig } from "../recorded-oap/behind-pods";
import { recordedReleases, type RecordedReleaseName } from "../recorded-oap/releases";
import { RecordedOap } from "../recorded-oap/server";
import { SimulatedAgents } from "../recorded-oap/simulated-agents";
import { connect } from "./reading/api";

function isRecorded(version: string): version is RecordedReleaseName {
  return version in recordedReleases;
}

/**
 * What answers the gates while no container is running: a recorded OAP for each backend, behind the simulated pods, and
 * agents that report to them as their pods say.
 */
export class RecordedBackends {
  private agents: SimulatedAgents | undefined;

  private constructor(
    private readonly config: Config,
    private readonly from: RecordedOap,
    private readonly to: RecordedOap,
    /** kwok's configuration, by which a port-forward to the simulated pods reaches the OAPs. */
    readonly kwokConfig: string,
  ) {}

  /** Undefined when one of the releases has not been recorded. */
  static async start(config: Config, folder: string): Promise<RecordedBackends | undefined> {
    const [from, to] = await Promise.all([startOf(config.from), startOf(config.to)]);
    if (from === undefined || to === undefined) return undefined;
    const kwokConfig = join(folder, "port-forwards.yaml");
    const behind = [
      { ...config.from, oap: from },
      { ...config.to, oap: to },
    ];
    writeKwokConfig(
      kwokConfig,
      behind.flatMap(({ name, generation, oap }) =>
        generation.managed ? [{ namespace: namespaceOf(name, generation), port: oap.port }] : [],
      ),
    );
    return new RecordedBackends(config, from, to, kwokConfig);
  }

  /** Lets the agents of the sample services report. */
  async report(kubeconfig: string): Promise<void> {
    const { reader } = await connect(kubeconfig);
    const { from, to, services } = this.config;
    const namespaces = [...new Set(Object.values(services).map(({ namespace }) => namespace))];
    this.agents = new SimulatedAgents({
      backends: new Map([
        [backendService(from.name, from.generation), this.from],
        [backendService(to.name, to.generation), this.to],
      ]),
      origin: this.from,
      containers: Object.fromEntries(Object.values(services).map(({ name, container }) => [name, container])),
      pods: async () => (await Promise.all(namespaces.map((namespace) => reader.pods(namespace)))).flat(),
    });
  }

  async stop(): Promise<void> {
    await this.agents?.stop();
    await Promise.all([this.from.stop(), this.to.stop()]);
  }
}

async function startOf({ generation: { version } }: NamedGeneration): Promise<RecordedOap | undefined> {
  return isRecorded(version) ? RecordedOap.start({ release: version }) : undefined;
}
