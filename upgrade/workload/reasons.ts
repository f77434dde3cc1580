import type { CoreV1Event, V1ContainerStatus, V1ObjectMeta, V1Pod, V1ReplicaSet } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};

import { shownText } from "../problem";
import { workloadKindRow, type WorkloadKind } from "./kinds";
import type { RolloutState } from "./rollout";
import { lastApplied } from "./workload";

/** What there is in a Kubernetes namespace beside workloads; empty where it may not be read. */
export interface NamespaceReading {
  readonly pods: readonly V1Pod[];
  readonly replicaSets: readonly V1ReplicaSet[];
  /** Those of type Warning. */
  readonly events: readonly CoreV1Event[];
}

/** A workload that has not rolled out. */
export interface NotRolledOut extends RolloutState {
  readonly metadata?: V1ObjectMeta;
}

/** Conditions by which controllers say that they cannot make pods; the last two are those of a CloneSet. */
const failures: readonly string[] = ["ReplicaFailure", "FailedScale", "FailedUpdate"];

/** Why a container waits that is only starting. */
const starting: readonly string[] = ["ContainerCreating", "PodInitializing"];

/** The number of a ReplicaSet among those of its Deployment or its Rollout. */
const revisions = ["deployment.kubernetes.io/revision", "rollout.argoproj.io/revision"] as const;

const longestReason = 400;

/** Why a rollout does not come. */
export interface Reason {
  readonly text: string;
  /** A container that has ended by itself and left no message, so that its log may say why. */
  readonly crashed?: { readonly pod: string; readonly container: string };
}

/**
 * Why new pods of a workload do not come or do not become ready; undefined: nobody says. What holds now goes before
 * events, and events count only since the program last changed the workload.
 */
export function rolloutReason(
  kind: WorkloadKind,
  workload: NotRolledOut,
  reading: NamespaceReading,
): Reason | undefined {
  const replicaSet = newestReplicaSet(workload, reading.replicaSets);
  const revision = workloadKindRow(kind).rollout.revision?.(workload);
  const owner = revision === undefined ? replicaSet : workload;
  const pods = reading.pods
    .filter(({ metadata }) => {
      const isNew = revision === undefined || metadata?.labels?.[revision[0]] === revision[1];
      return isNew && metadata?.deletionTimestamp === undefined && isMadeBy(metadata, owner);
    })
    .sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
  const events = eventsSince(lastApplied(workload.metadata?.managedFields ?? []), reading.events);
  const ofOwners = [workload, replicaSet].flatMap((about) => newestOf(events, about) ?? []);
  const reasons: Reason[] = [
    ...(workload.status?.conditions ?? []).flatMap(({ type, status, reason, message }) =>
      failures.includes(type) && status === "True" ? [{ text: said(reason, message) }] : [],
    ),
    ...pods.flatMap(podReasons),
    ...ofOwners.map(({ reason, message }) => ({ text: said(reason, message) })),
    ...pods.flatMap((pod) => {
      const event = newestOf(events, pod);
      return event === undefined ? [] : [{ text: `pod ${nameOf(pod)}: ${said(event.reason, event.message)}` }];
    }),
  ];
  return reasons[0] && { ...reasons[0], text: onOneLine(reasons[0].text) };
}

/** A reason with the last lines of the log that may explain it. */
export function withLog({ text }: Reason, log: string | undefined): string {
  const lines = log?.trim() ?? "";
  return lines === "" ? text : `${text}; its log ends with: ${onOneLine(lines)}`;
}

const onOneLine = (text: string): string => shortened(shownText(text.replaceAll(/\s+/g, " ").trim()));

type Made = Pick<V1Pod, "metadata">;

const nameOf = ({ metadata }: Made): string => String(metadata?.name);

/** Whether an object has this owner. */
export function isMadeBy(made: V1ObjectMeta | undefined, owner: Made | undefined): boolean {
  const uid = owner?.metadata?.uid;
  return uid !== undefined && made?.ownerReferences?.some((reference) => reference.uid === uid) === true;
}

function newestReplicaSet(workload: Made, replicaSets: readonly V1ReplicaSet[]): V1ReplicaSet | undefined {
  const revisionOf = ({ metadata }: Made): number =>
    Math.max(...revisions.map((annotation) => Number(metadata?.annotations?.[annotation] ?? 0)));
  return replicaSets
    .filter(({ metadata }) => isMadeBy(metadata, workload))
    .sort((one, other) => revisionOf(one) - revisionOf(other))
    .at(-1);
}

function timeOf({ series, lastTimestamp, eventTime }: CoreV1Event): number {
  return new Date(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? 0).getTime();
}

/** In the order of time. */
function eventsSince(since: Date | undefined, events: readonly CoreV1Event[]): readonly CoreV1Event[] {
  return events
    .filter((event) => since === undefined || timeOf(event) >= since.getTime())
    .sort((one, other) => timeOf(one) - timeOf(other));
}

function newestOf(events: readonly CoreV1Event[], about: Made | undefined): CoreV1Event | undefined {
  return events.findLast(({ involvedObject: { uid } }) => uid !== undefined && uid === about?.metadata?.uid);
}

/** What keeps a pod from becoming ready: it has failed, it has no node, or a container does not start or ends. */
function podReasons(pod: V1Pod): Reason[] {
  const { phase, reason, message, conditions, initContainerStatuses, containerStatuses } = pod.status ?? {};
  const unscheduled = conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  const reasons = [
    ...(phase === "Failed" && reason !== undefined ? [{ text: said(reason, message) }] : []),
    ...(unscheduled === undefined ? [] : [{ text: said(unscheduled.reason, unscheduled.message) }]),
    ...[...(initContainerStatuses ?? []), ...(containerStatuses ?? [])].flatMap((status) =>
      containerReason(nameOf(pod), status),
    ),
  ];
  return reasons.map((each) => ({ ...each, text: `pod ${nameOf(pod)}: ${each.text}` }));
}

function containerReason(pod: string, { name, ready, state, lastState }: V1ContainerStatus): Reason[] {
  if (ready) return [];
  const { waiting } = state ?? {};
  const ended = state?.terminated ?? lastState?.terminated;
  const end =
    ended === undefined ? undefined : said(said(ended.reason, `exit code ${String(ended.exitCode)}`), ended.message);
  const hasMessage = ended?.message !== undefined && ended.message !== "";
  const crashed = ended === undefined || hasMessage ? {} : { crashed: { pod, container: name } };
  if (waiting?.reason === undefined || starting.includes(waiting.reason)) {
    return end === undefined ? [] : [{ text: `container ${name}: ${end}`, ...crashed }];
  }
  const why = waiting.reason === "CrashLoopBackOff" ? (end ?? waiting.message) : waiting.message;
  return [{ text: `container ${name}: ${said(waiting.reason, why)}`, ...crashed }];
}

function said(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(": ");
}

/** The end of a long text is kept: a message that is taken from a log says there why the process ended. */
function shortened(text: string): string {
  const half = longestReason / 2;
  return text.length <= longestReason ? text : `${text.slice(0, half)} ... ${text.slice(-half)}`;
}
