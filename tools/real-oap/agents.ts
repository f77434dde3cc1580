import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { V1Container, V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type { AgentRelease } from "../jvm/jars";
import { Jvm, smallJvm } from "../jvm/jvm";
import { freePort } from "../ports";
import { effectiveSettings } from "../stack/effective-settings";
import { isReady } from "../../upgrade/workload/pod-ready";
import { agentJar, classes } from "./classes";
import { configFolder } from "./config";

const releases: readonly AgentRelease[] = ["6.6.0", "7.0.0", "8.6.0", "9.4.0"];

export interface RealAgentsOptions {
  /** Which address on this machine stands in for the one that an agent is told, both as `host:port`. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Lists the pods of the services. */
  readonly pods: () => Promise<readonly V1Pod[]>;
}

interface Process {
  readonly uid: string;
  readonly jvm: Jvm;
}

const host = "127.0.0.1";
const lookMilliseconds = 500;

/**
 * Runs, for each simulated pod, the process that a kubelet would: a small service with a real agent, in the pod's
 * environment. There is no container, so the agent's folder and the services' addresses are replaced. A service has one
 * process, on one port, however many pods an update has for a moment.
 */
export class RealAgents {
  private readonly processes = new Map<string, Process>();
  private readonly ports = new Map<string, number>();
  /** Services without a process, by label `app`. */
  private readonly stopped = new Set<string>();
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  private constructor(
    private readonly options: RealAgentsOptions,
    private readonly folder: string,
    private readonly classPath: string,
  ) {
    this.running = this.run();
  }

  static async start(options: RealAgentsOptions): Promise<RealAgents> {
    const folder = mkdtempSync(join(tmpdir(), "skywalking-agents-"));
    for (const release of releases) {
      const agent = join(folder, release);
      for (const part of ["plugins", "activations", "logs"]) mkdirSync(join(agent, part), { recursive: true });
      cpSync(join(configFolder(), `agent-${release}`), join(agent, "config"), { recursive: true });
      cpSync(await agentJar(release), join(agent, "skywalking-agent.jar"));
    }
    return new RealAgents(options, folder, await classes());
  }

  /** @throws what went wrong since the start */
  async stop(): Promise<void> {
    this.stopping.abort();
    try {
      await this.running;
    } finally {
      await Promise.all([...this.processes.values()].map(({ jvm }) => jvm.stop()));
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  /** Ends the process of a service and starts no other one for it. */
  async silence(app: string): Promise<void> {
    this.stopped.add(app);
    const process = this.processes.get(app);
    this.processes.delete(app);
    await process?.jvm.stop();
  }

  restore(app: string): void {
    this.stopped.delete(app);
  }

  /** Starts a service that no workload runs; it ends with the others. */
  async stray(service: string, backendService: string, release: AgentRelease): Promise<void> {
    await this.portOf(service);
    const options = [
      `-javaagent:${this.jar(release)}`,
      `-Dskywalking.agent.service_name=${service}`,
      `-Dskywalking.collector.backend_service=${this.here(backendService)}`,
    ];
    const jvm = this.launch(service, { JAVA_TOOL_OPTIONS: options.join(" ") });
    this.processes.set(service, { uid: "", jvm });
    await jvm.started(async () => (await fetch(`${this.url(service)}healthz`)).ok);
  }

  /** Sends one request to a service, which calls its upstreams; the answer names the trace segments. */
  async request(app: string): Promise<string> {
    const answer = await fetch(this.url(app), { signal: AbortSignal.timeout(5_000) });
    return answer.text();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      for (const { jvm } of this.processes.values()) jvm.assertRuns();
      for (const pod of newest(await this.options.pods())) await this.follow(pod);
      await sleep(lookMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }

  private async follow({ metadata, spec }: V1Pod): Promise<void> {
    const app = metadata?.labels?.app ?? "";
    const [container] = spec?.containers ?? [];
    const uid = metadata?.uid ?? "";
    for (const name of upstreams(container)) await this.portOf(name);
    await this.portOf(app);
    if (container === undefined || this.processes.get(app)?.uid === uid) return;
    const before = this.processes.get(app);
    this.processes.delete(app);
    await before?.jvm.stop();
    if (this.stopped.has(app)) return;
    const { agentImage = "" } = effectiveSettings(spec, container.name);
    const release = releases.find((each) => agentImage.includes(`:${each}-`));
    if (release === undefined)
      throw new Error(`the pod of ${app} has an agent that is not available here: ${agentImage}`);
    this.processes.set(app, { uid, jvm: this.launch(app, this.environment(container, release)) });
  }

  private launch(app: string, env: NodeJS.ProcessEnv): Jvm {
    return new Jvm(["-Xmx96m", ...smallJvm, "-cp", this.classPath, "Leash", "Demo"], {
      name: app,
      log: join(this.folder, `${app}.log`),
      env: { PATH: process.env.PATH, ...env, PORT: String(this.ports.get(app)), DEMO_NAME: app },
    });
  }

  private environment(container: V1Container, release: AgentRelease): NodeJS.ProcessEnv {
    return Object.fromEntries(
      (container.env ?? []).map(({ name, value = "" }) => [
        name,
        this.here(value).replace(/-javaagent:\S*skywalking-agent\.jar/g, `-javaagent:${this.jar(release)}`),
      ]),
    );
  }

  /** A text of a pod with paths and addresses that work on this machine. */
  private here(text: string): string {
    let result = text;
    for (const [there, address] of Object.entries(this.options.addresses)) result = result.replaceAll(there, address);
    for (const app of this.ports.keys()) result = result.replaceAll(`http://${app}/`, this.url(app));
    return result;
  }

  private jar(release: AgentRelease): string {
    return join(this.folder, release, "skywalking-agent.jar");
  }

  private url(app: string): string {
    return `http://${host}:${String(this.ports.get(app))}/`;
  }

  private async portOf(app: string): Promise<void> {
    if (!this.ports.has(app)) this.ports.set(app, await freePort());
  }
}

/** Names of the services that a container calls. */
function upstreams(container: V1Container | undefined): string[] {
  const urls = container?.env?.find(({ name }) => name === "UPSTREAM_URLS")?.value ?? "";
  return [...urls.matchAll(/http:\/\/([a-z-]+)\//g)].map(([, name = ""]) => name);
}

/** The newest ready pod of each service. */
function newest(pods: readonly V1Pod[]): V1Pod[] {
  const found = new Map<string, V1Pod>();
  const created = (pod: V1Pod | undefined): number => new Date(pod?.metadata?.creationTimestamp ?? 0).getTime();
  for (const pod of pods) {
    const app = pod.metadata?.labels?.app;
    if (app === undefined || !isReady(pod) || pod.metadata?.deletionTimestamp !== undefined) continue;
    if (created(pod) >= created(found.get(app))) found.set(app, pod);
  }
  return [...found.values()];
}
