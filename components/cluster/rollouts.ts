import { setTimeout as sleep } from "node:timers/promises";

import type { Config } from "../../upgrade/config";
import { whatIfUndone, type Undone } from "../../upgrade/patches";
import { pendingWithPrimary, primaryOf } from "../../upgrade/workload/maker";
import { rolloutReason, withLog, type NamespaceReading } from "../../upgrade/workload/reasons";
import { namespaceKey, workloadKey, workloadText, type WorkloadRef } from "../../upgrade/workload/ref";
import type { Clusters } from "./clusters";
import { evictOldPod } from "./evict";
import { toWorkload, type ListedWorkload } from "./listed-workload";

/** How often the API server is asked how far rollouts are. */
const pollMilliseconds = 1000;

/** How often it is asked why one does not come. Most have come before. */
const reasonMilliseconds = 5000;

/** Of how many it is asked while they are waited for. Of more, most are only on their way. */
const reasonsAtOnce = 20;

export interface WaitOptions {
  /** Says who has undone what was applied. Defaults to nobody. */
  readonly undone?: Undone;
  /** `rollout.onDelete` of the config. */
  readonly onDelete?: Config["rollout"]["onDelete"];
}

/**
 * Waits until the rollouts of these workloads have finished.
 *
 * @param timeout - in milliseconds
 * @param onProgress - told what is waited for, whenever that changes
 * @throws Error at once where what was applied is undone; when the time is up, one that names the workloads that are
 *   left, what each waits for, and why where the cluster says it
 */
export async function waitForRollouts(
  clusters: Clusters,
  refs: readonly WorkloadRef[],
  timeout: number,
  onProgress: (waitingFor: string) => void,
  { undone = () => undefined, onDelete = "wait" }: WaitOptions = {},
): Promise<void> {
  const deadline = Date.now() + timeout;
  let shown = "";
  let reasons: ReadonlyMap<string, string> = new Map();
  let nextReasons = Date.now() + reasonMilliseconds;
  for (;;) {
    const live = await clusters.workloads(refs);
    assertNotUndone(refs, live, undone);
    const pending = pendingOf(live, refs);
    const [first] = pending;
    if (first === undefined) return;
    const isOver = Date.now() > deadline;
    if (isOver || (pending.length <= reasonsAtOnce && Date.now() >= nextReasons)) {
      reasons = await reasonsOf(clusters, pending);
      nextReasons = Date.now() + reasonMilliseconds;
    }
    const waitingFor = `${refs.length - pending.length} of ${refs.length} rolled out, waiting for ${pending.map((each) => describe(each, reasons)).join("; ")}`;
    if (isOver) {
      const { context } = clusters.reader(first.ref.cluster);
      throw new Error(
        `Rollouts did not finish in ${timeout / 1000} s: ${waitingFor} -> look at the pods (\`kubectl --context ${context} get pods -A\`), fix them or go back, and run \`pulumi up\` again`,
      );
    }
    if (waitingFor !== shown) onProgress(waitingFor);
    shown = waitingFor;
    if (onDelete === "delete") {
      await Promise.all(
        pending.flatMap(({ ref, items: [item] }) =>
          item === undefined ? [] : [evictOldPod(clusters.reader(ref.cluster), ref, item)],
        ),
      );
    }
    await sleep(pollMilliseconds);
  }
}

/** What somebody puts back is not worth waiting for. */
function assertNotUndone(
  refs: readonly WorkloadRef[],
  live: ReadonlyMap<string, ListedWorkload>,
  undone: Undone,
): void {
  const texts = refs.flatMap((ref) => {
    const item = live.get(workloadKey(ref));
    const workload = item && toWorkload(ref.cluster, ref.kind, item);
    return (workload && undone(workload)) ?? [];
  });
  if (texts.length > 0) throw new Error(`${texts.join("; ")} -> ${whatIfUndone}`);
}

interface Pending {
  readonly ref: WorkloadRef;
  /** The workload and its primary, as far as they are there. */
  readonly items: readonly ListedWorkload[];
  readonly waitsFor: string;
}

function describe({ ref, waitsFor }: Pending, reasons: ReadonlyMap<string, string>): string {
  const reason = reasons.get(workloadKey(ref));
  return `${workloadText(ref)} (${waitsFor}${reason === undefined ? "" : `; ${reason}`})`;
}

/** What is not rolled out yet, each with what it waits for. */
function pendingOf(live: ReadonlyMap<string, ListedWorkload>, refs: readonly WorkloadRef[]): Pending[] {
  return refs.flatMap((ref) => {
    const item = live.get(workloadKey(ref));
    const primary = primaryOf(ref, live);
    const waitsFor =
      item === undefined
        ? "it is gone"
        : item.metadata?.deletionTimestamp === undefined
          ? pendingWithPrimary(ref.kind, item, primary)
          : "it is being deleted";
    return waitsFor === undefined ? [] : [{ ref, items: [item, primary].flatMap((each) => each ?? []), waitsFor }];
  });
}

/** Why these do not come, by `workloadKey`, with one reading per cluster and namespace. */
async function reasonsOf(clusters: Clusters, pending: readonly Pending[]): Promise<ReadonlyMap<string, string>> {
  const places = new Map(pending.map(({ ref }) => [namespaceKey(ref), ref]));
  const readings = new Map([...places].map(([place, ref]) => [place, readNamespace(clusters, ref)]));
  const found = await Promise.all(
    pending.map(async ({ ref, items }): Promise<[string, string][]> => {
      const reading = await readings.get(namespaceKey(ref));
      const [reason] = items.flatMap((item) => (reading && rolloutReason(ref.kind, item, reading)) ?? []);
      if (reason === undefined) return [];
      const { crashed } = reason;
      const log =
        crashed &&
        (await clusters
          .reader(ref.cluster)
          .lastLines(ref.namespace, crashed)
          .catch(() => undefined));
      return [[workloadKey(ref), withLog(reason, log)]];
    }),
  );
  return new Map(found.flat());
}

/** What may not be read, or not now, is left out: nothing but an explanation depends on it. */
async function readNamespace(clusters: Clusters, { cluster, namespace }: WorkloadRef): Promise<NamespaceReading> {
  const reader = clusters.reader(cluster);
  const orNothing = <Item>(read: Promise<readonly Item[]>): Promise<readonly Item[]> => read.catch(() => []);
  const [pods, replicaSets, events] = await Promise.all([
    orNothing(reader.pods(namespace)),
    orNothing(reader.replicaSets(namespace)),
    orNothing(reader.warningEvents(namespace)),
  ]);
  return { pods, replicaSets, events };
}
