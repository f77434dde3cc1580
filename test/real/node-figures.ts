import { settings } from "../../tools/real-cluster/settings";
import { ask } from "./api";
import { mebibytes, seconds, type Row } from "../../tools/figures";
import type { RealScene } from "./scene";

interface ContainerStatus {
  readonly name: string;
  readonly state: {
    readonly running?: { readonly startedAt: string };
    readonly terminated?: { readonly startedAt: string; readonly finishedAt: string };
  };
}

interface TimedPod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly containers: readonly { readonly resources: { limits?: { memory?: string } } }[] };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly lastTransitionTime: string }[];
    readonly containerStatuses: readonly ContainerStatus[];
  };
}

interface Summary {
  readonly pods: readonly {
    readonly podRef: { readonly name: string };
    readonly containers: readonly {
      readonly memory: { readonly rssBytes?: number; readonly workingSetBytes?: number };
    }[];
  }[];
}

/**
 * The start time and memory of a namespace's pods: pod, time from the start of its container until it was ready or
 * finished, resident memory, memory limit.
 */
export async function podFigures(scene: RealScene, namespace: string): Promise<Row[]> {
  const text = await scene.kubectl(["-n", namespace, "get", "pods", "-o", "json"]);
  const { items } = JSON.parse(text) as { items: TimedPod[] };
  const summary = (await ask(`/api/v1/nodes/${settings.nodeName}/proxy/stats/summary`)) as Summary;
  return items.flatMap(({ metadata, spec, status }) => {
    const state = status.containerStatuses[0]?.state;
    const readyAt = status.conditions.find(({ type }) => type === "Ready")?.lastTransitionTime;
    const started = state?.running?.startedAt ?? state?.terminated?.startedAt;
    const done = state?.terminated?.finishedAt ?? readyAt;
    if (started === undefined || done === undefined) return [];
    const memory = summary.pods.find(({ podRef }) => podRef.name === metadata.name)?.containers[0]?.memory;
    const limit = spec.containers[0]?.resources.limits?.memory ?? "-";
    const name = metadata.name.replace(/-[0-9a-f]{8,10}-\w{5}$/, "").replace(/-[0-9a-f]{8}$/, "");
    const rss = memory?.rssBytes === undefined ? "-" : mebibytes(memory.rssBytes);
    return [[name, seconds(Date.parse(done) - Date.parse(started)), rss, limit]];
  });
}
