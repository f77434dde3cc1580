import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * The answer of a demo service: the trace segment that it emitted for the request, and those of the services it called.
 */
export interface Answer {
  readonly service: string;
  readonly pod: string;
  readonly trace: string | null;
  /** One of {@link untracedIds} when the agent was attached but not connected, so that nothing was traced. */
  readonly segment: string | null;
  /** Propagation headers that came with the request. */
  readonly headers: readonly string[];
  readonly calls: readonly Answer[];
}

/** What an agent says that traces nothing: without a context, and with an ignored one (to 7.0.0; 8.6.0 and 9.4.0). */
const untracedIds: readonly string[] = ["N/A", "[Ignored Trace]", "Ignored_Trace"];

export type TrafficLine = { readonly at: number; readonly took: number } & (
  { readonly answer: Answer } | { readonly failed: string }
);

/** A request that a service has answered. */
export interface SeenRequest {
  readonly service: string;
  readonly pod: string;
  readonly at: number;
}

/** A segment that a service has emitted. */
export interface EmittedSegment extends SeenRequest {
  readonly segmentId: string;
  readonly traceId: string;
}

/** A call as caller and callee have seen it. */
export interface SeenCall {
  readonly caller: Answer;
  readonly callee: Answer;
}

function* answersOf(answer: Answer): Generator<Answer> {
  yield answer;
  for (const call of answer.calls) yield* answersOf(call);
}

/** The outcome of the requests of a period. */
export class Tally {
  readonly answered: number;
  readonly failures: readonly string[];
  readonly emitted: readonly EmittedSegment[];
  /** Requests to a service that its agent did not trace. */
  readonly untraced: readonly SeenRequest[];
  readonly calls: readonly SeenCall[];
  /** The slowest request, in milliseconds. */
  readonly slowest: number;

  constructor(readonly lines: readonly TrafficLine[]) {
    const emitted: EmittedSegment[] = [];
    const untraced: SeenRequest[] = [];
    const calls: SeenCall[] = [];
    for (const line of lines) {
      if (!("answer" in line)) continue;
      for (const answer of answersOf(line.answer)) {
        const { service, pod, segment, trace } = answer;
        if (segment === null || trace === null || untracedIds.includes(segment))
          untraced.push({ service, pod, at: line.at });
        else emitted.push({ service, pod, at: line.at, segmentId: segment, traceId: trace });
        calls.push(...answer.calls.map((callee) => ({ caller: answer, callee })));
      }
    }
    this.emitted = emitted;
    this.untraced = untraced;
    this.calls = calls;
    this.failures = lines.flatMap((line) => ("failed" in line ? [line.failed] : []));
    this.answered = lines.length - this.failures.length;
    this.slowest = lines.reduce((most, { took }) => Math.max(most, took), 0);
  }

  get sent(): number {
    return this.lines.length;
  }
}

const checkout = join(__dirname, "..", "..");

/** Steady traffic from inside the cluster's network. */
export class Traffic {
  private constructor(
    private readonly source: ChildProcess,
    private readonly file: string,
  ) {}

  /** @param perSecond - requests per second: a few, so that a slow answer is not the machine's fault */
  static start(url: string, perSecond: number, file: string): Traffic {
    const source = [join(__dirname, "traffic-source.ts"), url, String(perSecond), file];
    const command = ["--import", "tsx", "tools/real-cluster", "exec", process.execPath, "--import", "tsx", ...source];
    const child = spawn(process.execPath, command, { cwd: checkout, stdio: ["pipe", "ignore", "inherit"] });
    return new Traffic(child, file);
  }

  /** What has been answered or has failed so far. */
  tally(since = 0): Tally {
    const text = existsSync(this.file) ? readFileSync(this.file, "utf8") : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const lines = whole
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as TrafficLine);
    return new Tally(lines.filter(({ at }) => at >= since));
  }

  /** Waits for the first answers. */
  async flowing(): Promise<void> {
    while (this.tally().answered === 0) {
      if (this.source.exitCode !== null) throw new Error(`the traffic has ended with ${String(this.source.exitCode)}`);
      await sleep(250);
    }
  }

  /** Stops sending and waits for requests in flight. */
  async stop(): Promise<void> {
    const ended = once(this.source, "exit");
    this.source.stdin?.end();
    if (this.source.exitCode === null) await ended;
  }
}
