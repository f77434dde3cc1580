import { isDeepStrictEqual } from "node:util";

import type { V1ObjectMeta, V1PodTemplateSpec } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type { Problem } from "../problem";
import { pendingRollout, podCount, type WorkloadKind } from "./kinds";
import { workloadKey, workloadText, type WorkloadRef } from "./ref";
import type { PodCount, RolloutState } from "./rollout";

/** The object whose controller made a workload and writes it again when somebody else has changed it. */
export interface Maker {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** A workload as far as it says who made it and what its pods are. */
export interface MadeWorkload extends RolloutState {
  readonly metadata?: V1ObjectMeta;
  readonly spec?: RolloutState["spec"] & { readonly template?: V1PodTemplateSpec };
}

/** Undefined: no controller made it. */
export function makerOf({ metadata }: Pick<MadeWorkload, "metadata">): Maker | undefined {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  return owner && { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name };
}

const primarySuffix = "-primary";

/** Why a workload that a controller made cannot be moved, and what to do instead; undefined: none made it. */
export function madeByAnother(workload: {
  readonly maker: Maker | undefined;
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}): Pick<Problem, "wrong" | "fix"> | undefined {
  const { maker } = workload;
  if (maker === undefined) return undefined;
  const wrong = `${maker.kind} ${maker.name} makes ${workloadText(workload)} and undoes what others change in it`;
  return { wrong, fix: insteadOf(maker, workload) };
}

function insteadOf(
  { kind, name }: Maker,
  workload: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): string {
  if (kind === "Canary" && workload.name.endsWith(primarySuffix)) {
    const target = workload.name.slice(0, -primarySuffix.length);
    return `name ${target} instead, the target of the Canary (spec.targetRef), which it copies`;
  }
  // A Revision makes the Deployment, and has the label of its Service (knative/serving@026d6198, pkg/apis/serving).
  const service = workload.labels["serving.knative.dev/service"];
  const object = service === undefined ? `${kind} ${name}` : `spec.template of the Knative Service ${service}`;
  return `remove the service, and have its agent's settings changed in ${object}`;
}

/**
 * The workload that Flagger makes of this one. It has the pods: this one has none, except while a change of it is being
 * tried (fluxcd/flagger@08b1e522, pkg/canary/deployment_controller.go).
 *
 * @param live - by `workloadKey`
 * @returns undefined where no Canary has made one
 */
export function primaryOf<Item extends MadeWorkload>(
  ref: WorkloadRef,
  live: ReadonlyMap<string, Item>,
): Item | undefined {
  const primary = live.get(workloadKey({ ...ref, name: `${ref.name}${primarySuffix}` }));
  return primary !== undefined && makerOf(primary)?.kind === "Canary" ? primary : undefined;
}

/** What a rollout still waits for; with a primary, until that has what the workload has. */
export function pendingWithPrimary(
  kind: WorkloadKind,
  workload: MadeWorkload,
  primary: MadeWorkload | undefined,
): string | undefined {
  const own = pendingRollout(kind, workload);
  if (own !== undefined || primary === undefined) return own;
  const name = String(primary.metadata?.name);
  if (!isPromoted(workload, primary)) return `its Canary has not copied it to ${name}`;
  const pending = pendingRollout(kind, primary);
  return pending && `${name}: ${pending}`;
}

/** The pods of a workload; those of its primary, where it is to have none itself. */
export function podsWithPrimary(
  kind: WorkloadKind,
  workload: MadeWorkload,
  primary: MadeWorkload | undefined,
): PodCount {
  const own = podCount(kind, workload);
  return primary === undefined || own.desired > 0 ? own : podCount(kind, primary);
}

/** Annotations that Flagger does not copy (fluxcd/flagger@08b1e522, pkg/canary/util.go). */
const notCopied = "toolkit.fluxcd.io";

/**
 * Whether a primary has the images, variables, annotations and ConfigMaps of the workload's pods. Flagger adds an
 * annotation, and may mount copies of ConfigMaps, named like the primary.
 */
function isPromoted(workload: MadeWorkload, primary: MadeWorkload): boolean {
  const [wanted, copied] = [workload, primary].map(({ spec }) => spec?.template);
  const annotations = copied?.metadata?.annotations ?? {};
  return (
    isDeepStrictEqual(containersOf(wanted), containersOf(copied)) &&
    isDeepStrictEqual(configMapsOf(wanted), configMapsOf(copied)) &&
    Object.entries(wanted?.metadata?.annotations ?? {}).every(
      ([name, value]) => name.includes(notCopied) || annotations[name] === value,
    )
  );
}

function containersOf(template: V1PodTemplateSpec | undefined): unknown {
  const { initContainers = [], containers = [] } = template?.spec ?? {};
  return [...initContainers, ...containers].map(({ name, image, env = [] }) => ({
    name,
    image,
    env: env.map((variable) => [variable.name, variable.value]),
  }));
}

function configMapsOf(template: V1PodTemplateSpec | undefined): unknown {
  return (template?.spec?.volumes ?? []).flatMap(({ name, configMap }) =>
    configMap === undefined ? [] : [[name, configMap.name?.replace(/-primary$/, "")]],
  );
}
