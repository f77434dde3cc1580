import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

import type { LocalPort } from "../query/port-forward";

/**
 * An Elasticsearch could not be asked, or gave no answer that can be used. The message says which, what for, and what
 * to try.
 */
export class ElasticsearchError extends Error {
  override readonly name = "ElasticsearchError";
}

/** How an Elasticsearch is reached by its administrator. */
export interface ElasticsearchAddress {
  /** Generation that it belongs to, for messages. */
  readonly generation: string;
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** The authority of its certificate, as PEM. Defaults to those that Node.js trusts. */
  readonly ca?: string | undefined;
  /** Why the last connection failed, where a port is forwarded. */
  readonly failure?: LocalPort["failure"];
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** How long an Elasticsearch is waited for. */
export interface Patience {
  /** How often something that changes nothing is asked. */
  readonly attempts: number;
  /** Until an answer must be there. */
  readonly answerMilliseconds: number;
}

const pauseMilliseconds = 1_000;
const patient: Patience = { attempts: 5, answerMilliseconds: 30_000 };
/** What may pass: a node that goes away, a proxy that has no backend at the moment. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The few requests that no resource of the provider makes. */
export class ElasticsearchClient {
  constructor(
    private readonly address: ElasticsearchAddress,
    private readonly patience: Patience = patient,
  ) {}

  /**
   * Asks, and again where that may help.
   *
   * @param what - what we are doing, for a message: `take a snapshot`
   * @returns the answer as it came: what is read of it is for the caller to say
   */
  async ask(what: string, method: "GET" | "PUT" | "POST", path: string, body?: object): Promise<unknown> {
    // What changes something is not asked twice: the first request may have arrived.
    const attempts = method === "GET" ? this.patience.attempts : 1;
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.send(method, path, body);
        if (answer.status < 300) return JSON.parse(answer.body) as unknown;
        if (attempt === attempts || !passing.has(answer.status)) throw this.refused(what, answer);
      } catch (error) {
        if (error instanceof ElasticsearchError) throw error;
        if (attempt === attempts) throw this.unreachable(what, error);
      }
      await sleep(pauseMilliseconds);
    }
  }

  private async send(method: string, path: string, body?: object): Promise<Answer> {
    const { url, user, password, ca } = this.address;
    const request = url.startsWith("https:") ? httpsRequest : httpRequest;
    const content = body === undefined ? undefined : JSON.stringify(body);
    return new Promise<Answer>((resolve, reject) => {
      const sent = request(
        new URL(path, url),
        {
          method,
          // A connection of its own: one that was kept open may lead to a pod that is gone.
          agent: false,
          signal: AbortSignal.timeout(this.patience.answerMilliseconds),
          headers: content === undefined ? {} : { "content-type": "application/json" },
          ...(ca === undefined ? {} : { ca }),
          ...(user === undefined || password === undefined ? {} : { auth: `${user}:${password}` }),
        },
        (response) => {
          text(response).then((received) => {
            resolve({ status: response.statusCode ?? 0, body: received });
          }, reject);
        },
      );
      sent.on("error", reject);
      sent.end(content);
    });
  }

  private say(what: string, why: string, fix: string): ElasticsearchError {
    const { generation, url } = this.address;
    return new ElasticsearchError(`Cannot ${what} in the Elasticsearch of ${generation} (${url}): ${why} -> ${fix}`);
  }

  private unreachable(what: string, error: unknown): ElasticsearchError {
    const forwarded = this.address.failure?.();
    return forwarded === undefined
      ? this.say(what, `it does not answer: ${messageOf(error)}`, `try \`curl ${this.address.url}\` from this machine`)
      : this.say(what, "it does not answer", forwarded.message);
  }

  private refused(what: string, { status, body }: Answer): ElasticsearchError {
    const key = `generations.${this.address.generation}.storage.admin`;
    if (status === 401 || status === 403) {
      return this.say(
        what,
        `it answers ${String(status)}`,
        `set ${key}.user and .password to those of an administrator`,
      );
    }
    return this.say(
      what,
      `it answers ${String(status)}: ${reasonOf(body)}`,
      `fix it there or correct ${key}, and run \`pulumi up\` again`,
    );
  }
}

const longestReason = 300;

/** What an error of Elasticsearch says, without its stack. */
function reasonOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { type?: string; reason?: string } };
    if (error?.reason !== undefined) return `${error.type ?? ""} ${error.reason}`.trim().slice(0, longestReason);
  } catch {
    // Not JSON: a proxy's page, shown as it is.
  }
  return body.trim().slice(0, longestReason);
}
