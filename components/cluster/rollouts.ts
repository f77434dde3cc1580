import { setTimeout as sleep } from "node:timers/promises";

import { pendingRollout } from "../../upgrade/workload/kinds";
import { workloadKey, type WorkloadRef } from "../../upgrade/workload/ref";
import type { Clusters } from "./clusters";

/** How often the API server is asked how far rollouts are. */
const pollMilliseconds = 1000;

/**
 * Waits until the rollouts of these workloads have finished.
 *
 * @param timeout - in milliseconds
 * @param onProgress - told what is waited for, whenever that changes
 * @throws Error that names the workloads that are left and what each waits for
 */
export async function waitForRollouts(
  clusters: Clusters,
  refs: readonly WorkloadRef[],
  timeout: number,
  onProgress: (waitingFor: string) => void,
): Promise<void> {
  const deadline = Date.now() + timeout;
  let shown = "";
  for (;;) {
    const pending = await pendingOf(clusters, refs);
    const [first] = pending;
    if (first === undefined) return;
    const waitingFor = `${refs.length - pending.length} of ${refs.length} rolled out, waiting for ${pending.map(({ text }) => text).join("; ")}`;
    if (Date.now() > deadline) {
      const { context } = clusters.reader(first.ref.cluster);
      throw new Error(
        `Rollouts did not finish in ${timeout / 1000} s: ${waitingFor} -> look at the pods (\`kubectl --context ${context} get pods -A\`), fix them or go back, and run \`pulumi up\` again`,
      );
    }
    if (waitingFor !== shown) onProgress(waitingFor);
    shown = waitingFor;
    await sleep(pollMilliseconds);
  }
}

interface Pending {
  readonly ref: WorkloadRef;
  readonly text: string;
}

/** What is not rolled out yet, each with what it waits for. */
async function pendingOf(clusters: Clusters, refs: readonly WorkloadRef[]): Promise<Pending[]> {
  const live = await clusters.workloads(refs);
  return refs.flatMap((ref) => {
    const item = live.get(workloadKey(ref));
    const pending = item === undefined ? "it is gone" : pendingRollout(ref.kind, item);
    return pending === undefined ? [] : [{ ref, text: `${ref.kind} ${ref.namespace}/${ref.name} (${pending})` }];
  });
}
