import type { KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import * as z from "zod";

import { oapProfile, type OapRelease } from "../../skywalking/oap";
import type { QueryFacts } from "../../skywalking/oap/query";
import { namespaceOf, oapName, restPort, selectorOf } from "../../upgrade/backend";
import type { Generation } from "../../upgrade/config";
import { lastMinutes, minutesSince, offsetOf, type Clock } from "./clock";
import { OapConnection } from "./connection";
import { inParallel } from "./in-parallel";
import { forwardPort } from "./port-forward";
import { healthQuery, instancesQuery, servicesQuery, timeQuery, versionQuery } from "./queries";

/** A service that an OAP knows. It may be long gone (they linger until their TTL), or nobody's (a database, a peer). */
export interface ReportedService {
  readonly id: string;
  /** As the agent reports it, with `|namespace|` where agents from 8.10 on have one. */
  readonly name: string;
}

/** A service with the names of its instances that have reported within some window. */
export interface LiveService extends ReportedService {
  readonly instances: readonly string[];
}

/** `checkHealth`: 0 is healthy, more is unhealthy, less is not started. */
export interface Health {
  readonly score: number;
  readonly details: string;
}

/** A node that an OAP believes to be of its cluster. */
export interface ClusterNode {
  readonly host: string;
  readonly port: number;
  readonly isSelf: boolean;
}

/** Requests at a time, where one is needed for every service. */
const concurrency = 8;

/** `isSelf` in 10.2 to 11.0 (`ClusterStatusQueryHandler.java`), `self` in their documentation. */
const clusterNodes = z.object({
  nodes: z.array(
    z.object({ host: z.string(), port: z.number(), isSelf: z.boolean().optional(), self: z.boolean().optional() }),
  ),
});

const nodesPath = "/status/cluster/nodes";

/** What can be known of an OAP beside its release, where it is this program's. */
interface MoreOfOap {
  /** To the port of its administration. */
  readonly admin?: OapConnection;
  /** Variables that its servers are given, by which parts of it may be switched off. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Asks one OAP. What its release cannot be asked is undefined in place of an answer. */
export class OapClient {
  private readonly facts: QueryFacts;
  private knownClock: Clock | undefined;

  /** @param release - says what it may be asked */
  constructor(
    release: OapRelease,
    /** For further queries. */
    readonly connection: OapConnection,
    private readonly more: MoreOfOap = {},
  ) {
    this.facts = oapProfile(release).graphql;
  }

  /**
   * Opens the way to a generation's OAP: a port-forward to a ready pod of it, or the `restUrl` of an adopted one. Close
   * it when all has been asked: it keeps the process alive.
   *
   * @param release - Defaults to the generation's
   * @returns undefined for an adopted generation without `restUrl`, which cannot be asked
   */
  static async open(
    kube: KubeConfig,
    name: string,
    generation: Generation,
    release = generation.behavesLike,
  ): Promise<OapClient | undefined> {
    if (!generation.managed) {
      const { restUrl: url } = generation;
      if (url === undefined) return undefined;
      return new OapClient(release, new OapConnection(name, { url, byHand: questionTo(url) }));
    }
    const namespace = namespaceOf(name, generation);
    const connect = async (port: number, question: (url: string) => string): Promise<OapConnection> => {
      const local = await forwardPort(kube, { namespace, labels: selectorOf(name, "oap"), port });
      const command = `kubectl --context ${kube.getCurrentContext()} -n ${namespace} port-forward deployment/${oapName(name)} ${String(port)}`;
      return new OapConnection(name, {
        ...local,
        url: `http://127.0.0.1:${String(local.port)}`,
        byHand: `\`${command}\`, and beside it ${question(`http://127.0.0.1:${String(port)}`)}`,
      });
    };
    const { admin } = oapProfile(release);
    return new OapClient(release, await connect(restPort, questionTo), {
      env: generation.oap.env,
      ...(admin === undefined ? {} : { admin: await connect(admin.port, (url) => `\`curl -s ${url}${nodesPath}\``) }),
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.connection.close(), this.more.admin?.close()]);
  }

  /** What it says its release is: `6.0` up to 7.0, `8.0` up to 8.8, and the release since. */
  async version(): Promise<string> {
    const { version } = await this.connection.query("its version", versionQuery, {});
    if (version === null) throw this.connection.error("its version", "it answered none");
    return version;
  }

  /** Undefined before 8.1, and where the health checker is off. */
  async health(): Promise<Health | undefined> {
    if (!this.facts.hasCheckHealth) return undefined;
    const answer = await this.connection.queryIfOffered("its health", healthQuery, {});
    if (answer === undefined) return undefined;
    const { score, details } = answer.checkHealth;
    return { score, details: details ?? "" };
  }

  /** Its clock. OAPs before 6.5 cannot be asked; they are taken to run by our clock, in UTC as their images do. */
  async clock(): Promise<Clock> {
    this.knownClock ??= await this.readClock();
    return this.knownClock;
  }

  private async readClock(): Promise<Clock> {
    if (!this.facts.hasTimeInfo) return { offset: 0, skew: 0 };
    const { getTimeInfo } = await this.connection.query("its clock", timeQuery, {});
    const offset = offsetOf(getTimeInfo?.timezone ?? "");
    const timestamp = getTimeInfo?.currentTimestamp ?? undefined;
    if (offset === undefined || timestamp === undefined) {
      throw this.connection.error("its clock", `it answered ${JSON.stringify(getTimeInfo)}`);
    }
    return { offset, skew: timestamp - Date.now() };
  }

  /** The nodes of its cluster, as it believes; undefined before 10.2, and where it cannot be asked or says nothing. */
  async clusterNodes(): Promise<readonly ClusterNode[] | undefined> {
    const { admin, env = {} } = this.more;
    const place = this.facts.clusterNodes;
    if (place === undefined || place.switches.some((name) => (env[name] ?? "default") !== "default")) return undefined;
    const connection = place.port === "admin" ? admin : this.connection;
    if (connection === undefined) return undefined;
    const what = "the nodes of its cluster";
    const { data } = clusterNodes.safeParse(await connection.get(what, nodesPath));
    if (data === undefined) throw connection.error(what, `GET ${nodesPath} answered something else`);
    return data.nodes.map(({ host, port, isSelf, self }) => ({ host, port, isSelf: isSelf ?? self ?? false }));
  }

  /** Every service that it knows, alive or not, but not itself. */
  async services(windowMinutes: number): Promise<readonly ReportedService[]> {
    const { getAllServices } = await this.connection.query("its services", servicesQuery, {
      duration: lastMinutes(windowMinutes, await this.clock(), Date.now()),
    });
    return getAllServices.filter(({ name }) => name !== this.facts.reportsItselfAs);
  }

  /** The names of a service's instances that reported within the last minutes. */
  async liveInstances({ id, name }: ReportedService, windowMinutes: number): Promise<readonly string[]> {
    const { getServiceInstances } = await this.connection.query(`the instances of ${name}`, instancesQuery, {
      duration: lastMinutes(windowMinutes, await this.clock(), Date.now()),
      serviceId: id,
    });
    return getServiceInstances.map((instance) => instance.name);
  }

  /**
   * The services with instances that reported within the last minutes, in alphabetical order.
   *
   * @param only - names of services, each with the instant before which what it reported does not count, where there is
   *   one; others are not asked for. Defaults to all, and the whole window
   */
  async liveServices(
    windowMinutes: number,
    only?: ReadonlyMap<string, Date | undefined>,
  ): Promise<readonly LiveService[]> {
    const clock = await this.clock();
    const services = (await this.services(windowMinutes)).filter(({ name }) => only?.has(name) ?? true);
    const live = await inParallel(services, concurrency, async (service) => {
      const since = only?.get(service.name);
      const ago = since === undefined ? windowMinutes : minutesSince(since.getTime(), clock, Date.now());
      const minutes = ago === undefined ? undefined : Math.min(ago, windowMinutes);
      return { ...service, instances: minutes === undefined ? [] : await this.liveInstances(service, minutes) };
    });
    return live.filter(({ instances }) => instances.length > 0).sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /**
   * How many minutes ago, rounded up, any instance of a live service reported last. No release tells that; ever
   * longer windows do.
   */
  async lastHeartbeat(service: ReportedService, windowMinutes: number): Promise<number> {
    for (let minutes = 1; minutes < windowMinutes; minutes += 1) {
      if ((await this.liveInstances(service, minutes)).length > 0) return minutes;
    }
    return windowMinutes;
  }
}

/** A command that asks an OAP for its services. */
function questionTo(url: string): string {
  return `\`curl -s ${url}/graphql -H 'Content-Type: application/json' -d '{"query":"{version}"}'\``;
}
