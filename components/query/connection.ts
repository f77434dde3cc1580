import { setTimeout as sleep } from "node:timers/promises";

import { Client, fetchExchange, type AnyVariables } from "@urql/core";
import type { TadaDocumentNode } from "gql.tada";

import type { LocalPort } from "./port-forward";

/** An OAP could not be asked, or gave no answer that can be used. The message says which, what for, and what to try. */
export class OapError extends Error {
  override readonly name = "OapError";

  constructor(
    message: string,
    /** The user may not ask it: asking again changes nothing. */
    readonly denied: boolean,
  ) {
    super(message);
  }
}

/** How an OAP is reached. */
export interface Reach {
  /** `http://host:port`, without a path. */
  readonly url: string;
  /** Commands that reach it without the program. */
  readonly byHand: string;
  /** Why the last connection failed, where a port is forwarded. */
  readonly failure?: LocalPort["failure"];
  readonly close?: LocalPort["close"];
}

/** What became of a request. `refused`: the OAP understood it and answered with errors. */
type Outcome<Answer> =
  | { readonly answer: Answer }
  | { readonly failure: string; readonly status: number | undefined; readonly refused?: true };

/** What may pass: a pod that goes away, a proxy that has no backend at the moment. */
const passing: ReadonlySet<number | undefined> = new Set([undefined, 502, 503, 504]);
const attempts = 3;
const pauseMilliseconds = 500;
/** Until an answer must be there. An OAP answers these queries in milliseconds, a busy one in a second or two. */
const answerMilliseconds = 10_000;

/** Requests to one OAP, made again where that may help, and with errors that say what to do. */
export class OapConnection {
  private readonly graphql: Client;

  /** @param generation - its name, for messages */
  constructor(
    private readonly generation: string,
    private readonly reach: Reach,
  ) {
    this.graphql = new Client({
      url: `${reach.url}/graphql`,
      exchanges: [fetchExchange],
      requestPolicy: "network-only",
      preferGetMethod: false,
      fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(answerMilliseconds) }),
    });
  }

  async close(): Promise<void> {
    await this.reach.close?.();
  }

  /**
   * Asks GraphQL.
   *
   * @param what - is asked for, as the end of the sentence `Cannot ask the OAP of v9 for ...`
   * @throws OapError when there is no answer, also not at a second and third attempt, or one with errors
   */
  async query<Result, Variables extends AnyVariables>(
    what: string,
    query: TadaDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    return this.again(what, () => this.ask(query, variables));
  }

  /** Like `query`, but an answer with errors is undefined: the OAP has no such thing, or it is switched off. */
  async queryIfOffered<Result, Variables extends AnyVariables>(
    what: string,
    query: TadaDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result | undefined> {
    return this.again<Result | undefined>(what, async () => {
      const outcome = await this.ask(query, variables);
      return "refused" in outcome ? { answer: undefined } : outcome;
    });
  }

  /** Gets the JSON of a path. Like `query` otherwise. */
  async get(what: string, path: string): Promise<unknown> {
    return this.again(what, async () => {
      try {
        const response = await fetch(`${this.reach.url}${path}`, { signal: AbortSignal.timeout(answerMilliseconds) });
        const { ok, status } = response;
        return ok ? { answer: await response.json() } : { failure: `GET ${path} answered ${String(status)}`, status };
      } catch (error) {
        return networkFailure(error);
      }
    });
  }

  /** The error of a question that has no usable answer. */
  error(what: string, reason: string, denied = false): OapError {
    const onTheWay = this.reach.failure?.();
    const whole = onTheWay?.message ?? `${reason} -> try by hand: ${this.reach.byHand}`;
    return new OapError(`Cannot ask the OAP of ${this.generation} for ${what}: ${whole}`, onTheWay?.denied ?? denied);
  }

  private async ask<Result, Variables extends AnyVariables>(
    query: TadaDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Outcome<Result>> {
    const { data, error } = await this.graphql.query(query, variables).toPromise();
    if (data !== undefined && error === undefined) return { answer: data };
    const said = error?.graphQLErrors.map(({ message }) => message) ?? [];
    if (said.length > 0) {
      return { failure: `it answered with an error: ${said.join("; ")}`, status: 200, refused: true };
    }
    // urql leaves the type of the response to the implementation of fetch; it is that of Node.
    const response = error?.response as Response | undefined;
    // An answer that begins well and does not end is none.
    return response === undefined || response.ok
      ? networkFailure(error?.networkError)
      : { failure: `it answered ${String(response.status)}`, status: response.status };
  }

  private async again<Answer>(what: string, ask: () => Promise<Outcome<Answer>>): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await ask();
      if ("answer" in outcome) return outcome.answer;
      const { failure, status } = outcome;
      if (attempt === attempts || !passing.has(status)) {
        throw this.error(what, failure, status === 401 || status === 403);
      }
      await sleep(pauseMilliseconds);
    }
  }
}

/** What an error of `fetch` has; by its fields, because Jest's realm has an Error of its own. */
interface NetworkError {
  readonly name?: string;
  readonly message?: string;
  readonly cause?: NetworkError;
}

/**
 * Why a request got no answer. Node says it in the cause of `fetch failed`. One that was waited for in vain has had its
 * chance: it is as if it had been answered with 408.
 */
function networkFailure(error: unknown): { readonly failure: string; readonly status: number | undefined } {
  const { name, message, cause } = (error ?? {}) as NetworkError;
  if (name === "TimeoutError") return { failure: `no answer in ${String(answerMilliseconds / 1000)} s`, status: 408 };
  const failure = [cause?.message, message].find((text) => text !== undefined && text !== "") ?? "no answer";
  return { failure, status: undefined };
}
