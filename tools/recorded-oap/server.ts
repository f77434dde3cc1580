import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { buildSchema, graphql } from "graphql";
import * as z from "zod";

import { recordedReleases, type RecordedRelease, type RecordedReleaseName } from "./releases";

/** How the server misbehaves. */
export type Misbehaviour =
  /** Answers 500 to everything. */
  | "fails"
  /** Accepts requests and never answers. */
  | "stalls"
  /** Cuts the connection in the middle of an answer. */
  | "cuts"
  /** Answers 403 to everything, as a proxy would. */
  | "forbids"
  /** Answers what needs no storage, and the rest with an error. */
  | "has no storage";

export interface RecordedOapOptions {
  /** The release that it stands for. */
  readonly release: RecordedReleaseName;
  /** Minutes by which its time zone is ahead of UTC. Defaults to 0. */
  readonly offset?: number;
  /** Minutes by which its clock is ahead of the real one. Defaults to 0. */
  readonly skew?: number;
  /** Whether its health checker is on. Defaults to true. */
  readonly healthChecker?: boolean;
}

const request = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).optional() });
const minute = 60_000;

/**
 * Answers on port 12800 like an OAP of some release, and on that of its administration where it has one: its schema
 * refuses what that release does not know, durations mean what they mean there, and it has its own clock and time zone.
 * It has no storage and receives nothing from agents: its methods tell it who reports.
 */
export class RecordedOap {
  /** How it misbehaves instead of answering; undefined: it answers. */
  misbehaviour: Misbehaviour | undefined;
  /** `checkHealth`. */
  score = 0;
  /** The version that it reports: its release's at first, or that of another release of the same line. */
  version: string;
  /** Hosts that `GET /status/cluster/nodes` returns, its own first. */
  nodes: readonly string[] = ["10.0.0.1"];
  /** Number of requests received. */
  requests = 0;
  /**
   * Milliseconds since the epoch of the last heartbeat, by service and instance. Nothing expires, as within an OAP's
   * TTL.
   */
  private readonly heartbeats = new Map<string, Map<string, number>>();
  private readonly called: { readonly source: string; readonly target: string }[] = [];
  private readonly release: RecordedRelease;
  private readonly schema: ReturnType<typeof buildSchema>;

  private constructor(
    private readonly options: RecordedOapOptions,
    private readonly rest: Listening,
    private readonly admin: Listening | undefined,
  ) {
    this.release = recordedReleases[options.release];
    this.schema = buildSchema(this.release.schema);
    this.version = this.release.version;
    rest.server.on("request", (incoming, outgoing) => {
      void this.handle("rest", incoming, outgoing);
    });
    admin?.server.on("request", (incoming, outgoing) => {
      void this.handle("admin", incoming, outgoing);
    });
  }

  /** Starts one on free ports. */
  static async start(options: RecordedOapOptions): Promise<RecordedOap> {
    const { clusterNodes }: RecordedRelease = recordedReleases[options.release];
    return new RecordedOap(options, await listen(), clusterNodes === "admin" ? await listen() : undefined);
  }

  /** On loopback. */
  get port(): number {
    return this.rest.port;
  }

  /** On loopback; undefined where the release has no administration. */
  get adminPort(): number | undefined {
    return this.admin?.port;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  async stop(): Promise<void> {
    for (const { server } of [this.rest, ...(this.admin === undefined ? [] : [this.admin])]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /**
   * Records that an instance has reported.
   *
   * @param minutesAgo - Defaults to 0
   */
  reports(service: string, instance: string, minutesAgo = 0): void {
    const instances = this.heartbeats.get(service) ?? new Map<string, number>();
    instances.set(instance, this.now() - minutesAgo * minute);
    this.heartbeats.set(service, instances);
  }

  /** Records that one service has called another, or a peer, within the last hour. */
  calls(source: string, target: string): void {
    for (const name of [source, target]) if (!this.heartbeats.has(name)) this.knowsPeer(name);
    this.called.push({ source, target });
  }

  /** Records a service that others call and that no agent reports, such as a database. */
  knowsPeer(service: string): void {
    this.heartbeats.set(service, new Map());
  }

  /**
   * The heartbeats of all who report, which may include the OAP itself.
   *
   * @throws when the storage is gone, as an OAP 6.6.0 says it of `getAllServices`
   */
  private reported(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    if (this.misbehaviour === "has no storage") {
      throw new Error("Exception while fetching data (/getAllServices) : Connection refused");
    }
    const { itself } = this.release;
    // One that is alone in its cluster has this as its only instance.
    return itself === undefined
      ? this.heartbeats
      : new Map([...this.heartbeats, [itself, new Map([["standalone", this.now()]])]]);
  }

  private now(): number {
    return Date.now() + (this.options.skew ?? 0) * minute;
  }

  private async handle(port: "rest" | "admin", incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.requests += 1;
    const body = await text(incoming);
    const answer = (status: number, value: unknown): void => {
      outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    switch (this.misbehaviour) {
      case "fails":
        answer(500, { message: "Internal Server Error" });
        return;
      case "forbids":
        answer(403, { message: "Forbidden" });
        return;
      case "stalls":
        return;
      case "cuts":
        outgoing.writeHead(200, { "content-length": "1000" }).write('{"data":');
        setTimeout(() => incoming.socket.destroy(), 20);
        return;
      case "has no storage":
      case undefined:
        break;
    }
    if (incoming.url === "/status/cluster/nodes" && this.release.clusterNodes === port) {
      answer(200, { nodes: this.nodes.map((host, index) => ({ host, port: 11800, isSelf: index === 0 })) });
      return;
    }
    if (port === "admin" || incoming.method !== "POST" || incoming.url !== "/graphql") {
      answer(404, { message: "Not Found" });
      return;
    }
    const { query, variables } = request.parse(JSON.parse(body));
    answer(
      200,
      await graphql({ schema: this.schema, source: query, rootValue: this.resolvers(), variableValues: variables }),
    );
  }

  private resolvers() {
    return {
      version: this.version,
      getTimeInfo: () => ({ timezone: timezone(this.options.offset ?? 0), currentTimestamp: this.now() }),
      checkHealth: () => {
        if (this.options.healthChecker === false) throw new Error("health-checker missing.");
        return { score: this.score, details: this.score === 0 ? "" : "storage_elasticsearch" };
      },
      getAllServices: ({ duration }: { duration: Duration }) =>
        [...this.reported()]
          .filter(
            ([, instances]) =>
              !this.release.servicesWithinDuration ||
              [...instances.values()].some((heartbeat) => this.within(heartbeat, duration)),
          )
          .map(([name]) => ({ id: name, name, group: "" })),
      getServiceInstances: ({ duration, serviceId }: { duration: Duration; serviceId: string }) =>
        [...(this.reported().get(serviceId) ?? [])]
          .filter(([, heartbeat]) => this.within(heartbeat, duration))
          .map(([name]) => ({ id: name, name })),
      getGlobalTopology: ({ duration }: { duration: Duration }) => this.topology(duration),
    };
  }

  /** Who was called within a duration, which is in hours of the server's own time zone, both ends included. */
  private topology({ start, end, step }: Duration) {
    if (step !== "HOUR") throw new Error(`a step that is not recorded: ${step}`);
    const hour = this.local(this.now()).slice(0, "yyyy-MM-dd HH".length);
    const calls = start <= hour && hour <= end ? this.called : [];
    const names = new Set(calls.flatMap(({ source, target }) => [source, target]));
    return {
      nodes: [...names].map((name) => ({ id: name, name, isReal: (this.heartbeats.get(name)?.size ?? 0) > 0 })),
      calls: calls.map(({ source, target }) => ({ id: `${source}-${target}`, source, target })),
    };
  }

  /** An instant in the server's format: `yyyy-MM-dd HHmm`. */
  private local(instant: number): string {
    return new Date(instant + (this.options.offset ?? 0) * minute)
      .toISOString()
      .slice(0, 16)
      .replace("T", " ")
      .replace(":", "");
  }

  /** Whether a heartbeat is within a duration, which is in minutes of the server's own time zone. */
  private within(heartbeat: number, { start, end, step }: Duration): boolean {
    if (step !== "MINUTE") throw new Error(`a step that is not recorded: ${step}`);
    const bucket = this.local(heartbeat);
    if (bucket < start) return false;
    switch (this.release.end) {
      case "ignored":
        return true;
      case "exclusive":
        return bucket < end;
      case "inclusive":
        return bucket <= end;
    }
  }
}

interface Listening {
  readonly server: Server;
  readonly port: number;
}

async function listen(): Promise<Listening> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  return { server, port: address.port };
}

interface Duration {
  readonly start: string;
  readonly end: string;
  readonly step: string;
}

/** Minutes in the format of time zones in `getTimeInfo`: `+0530`. */
function timezone(offset: number): string {
  const minutes = Math.abs(offset);
  const digits = (value: number): string => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${digits(Math.floor(minutes / 60))}${digits(minutes % 60)}`;
}
