import { eventually } from "../eventually";
import { ask, proxied } from "./api";

interface Instance {
  readonly name: string;
}

/** A trace segment as stored in Elasticsearch. */
export interface StoredSegment {
  readonly segmentId: string;
  readonly traceId: string;
}

interface SearchAnswer {
  readonly _scroll_id: string;
  readonly hits: { readonly hits: readonly { readonly _source: { segment_id: string; trace_id: string } }[] };
}

const pageSize = 2_000;

/** The name under which an OAP reports itself. */
const ownService = "SkyWalking";

/** The last minutes, as a duration in GraphQL. From 9.6 on, its end is exclusive. */
function last(minutes: number): string {
  const format = (at: number) => new Date(at).toISOString().replace("T", " ").replace(":", "").slice(0, 15);
  return `{start: "${format(Date.now() - minutes * 60_000)}", end: "${format(Date.now() + 60_000)}", step: MINUTE}`;
}

/** One of the program's SkyWalking backends: its OAP through GraphQL, and its Elasticsearch directly. */
export class Backend {
  constructor(
    /** Name of the generation. */
    readonly name: string,
    readonly namespace = `skywalking-${name}`,
  ) {}

  private async graphql<Data>(query: string): Promise<Data> {
    const answer = await ask(`${proxied(this.namespace, `oap-${this.name}`, 12800)}/graphql`, { query });
    const { data, errors } = answer as { data?: Data; errors?: unknown };
    if (data === undefined || errors !== undefined) throw new Error(`${query} answered ${JSON.stringify(answer)}`);
    return data;
  }

  /**
   * Instances that were alive in the last minutes, by service, but not the OAP itself. Agents to 7.0 name them
   * `SERVICE-pid:ID@HOST`, later ones `UUID@ADDRESS`.
   */
  async instances(minutes: number): Promise<Map<string, string[]>> {
    const duration = last(minutes);
    const services = await this.services(duration);
    const found = new Map<string, string[]>();
    for (const { id, name } of services.filter((service) => service.name !== ownService)) {
      const { instances } = await this.graphql<{ instances: Instance[] }>(
        `{instances: getServiceInstances(duration: ${duration}, serviceId: "${id}") {name}}`,
      );
      if (instances.length > 0) found.set(name, instances.map((instance) => instance.name).sort());
    }
    return found;
  }

  /** Waits until it lists instances of these services, and of no others. */
  async listsOnly(services: readonly string[]): Promise<void> {
    const expected = [...services].sort().join(", ");
    await eventually(`${expected} report to ${this.name}`, 900, async () => {
      const found = [...(await this.instances(2)).keys()].sort().join(", ");
      if (found !== expected) throw new Error(found);
      return true;
    });
  }

  /** Whether an OAP 6.5.0 has registered itself, and so has its ids. */
  async reportsItself(): Promise<boolean> {
    return (await this.services(last(2))).some(({ name }) => name === ownService);
  }

  private async services(duration: string): Promise<{ id: string; name: string }[]> {
    const { services } = await this.graphql<{ services: { id: string; name: string }[] }>(
      `{services: getAllServices(duration: ${duration}) {id name}}`,
    );
    return services;
  }

  /** The messages of the alarms of the last ten minutes. */
  async alarms(): Promise<string[]> {
    const { alarms } = await this.graphql<{ alarms: { msgs: { message: string }[] } }>(
      `{alarms: getAlarm(duration: ${last(10)}, paging: {pageNum: 1, pageSize: 20}) {msgs {message}}}`,
    );
    return alarms.msgs.map(({ message }) => message);
  }

  private elasticsearch(path: string, body?: unknown): Promise<unknown> {
    return ask(`${proxied(this.namespace, `elasticsearch-${this.name}`, 9200)}${path}`, body);
  }

  /** The number of stored trace segments. */
  async segmentCount(): Promise<number> {
    const index = `${this.name}_segment-*`;
    const { count } = (await this.elasticsearch(`/${index}/_count?ignore_unavailable=true`)) as { count: number };
    return count;
  }

  /** Every stored trace segment. On a busy machine a long answer may be cut off, and is then requested again. */
  segments(): Promise<StoredSegment[]> {
    return eventually(`all segments of ${this.name} are read`, 120, () => this.readSegments());
  }

  private async readSegments(): Promise<StoredSegment[]> {
    const found: StoredSegment[] = [];
    let answer = (await this.elasticsearch(`/${this.name}_segment-*/_search?scroll=5m`, {
      size: pageSize,
      _source: ["segment_id", "trace_id"],
      sort: ["_doc"],
    })) as SearchAnswer;
    while (answer.hits.hits.length > 0) {
      found.push(
        ...answer.hits.hits.map(({ _source }) => ({ segmentId: _source.segment_id, traceId: _source.trace_id })),
      );
      answer = (await this.elasticsearch("/_search/scroll", {
        scroll: "5m",
        scroll_id: answer._scroll_id,
      })) as SearchAnswer;
    }
    return found;
  }

  /** This backend's spans of a trace. */
  async spans(traceId: string): Promise<{ segmentId: string; serviceCode: string }[]> {
    const { trace } = await this.graphql<{ trace: { spans: { segmentId: string; serviceCode: string }[] } }>(
      `{trace: queryTrace(traceId: "${traceId}") {spans {segmentId serviceCode}}}`,
    );
    return trace.spans;
  }
}
