import type { Service } from "./config";
import { injectorOf } from "./inject/injectors";
import type { ConfigMaps } from "./inject/target";
import type { Problem, Report } from "./problem";
import type { PlannedService, Plan } from "./plan";
import { aboutServices, type Warning } from "./warnings/warning";
import type { LabelsOf } from "./waves";
import { hasOurs, type Workload } from "./workload/workload";
import { workloadKindRow } from "./workload/kinds";
import { madeByAnother } from "./workload/maker";
import { workloadKey, workloadText, type ObjectRef, type WorkloadRef } from "./workload/ref";
import { goesBack, patchWorkload, undoneBy, type PatchOutcome, type WorkloadPatch } from "./workload-patch";

/** A service with its workload and the patch for it. */
export interface TargetPatch {
  readonly planned: PlannedService;
  readonly workload: Workload;
  readonly patch: WorkloadPatch;
}

/**
 * Whether a workload has a patch at this stage. One without is not declared: before it moves not even an annotation
 * changes, after it has gone back nothing is left, and a stack of a thousand services costs only what has moved.
 */
export function isPatched({ planned }: Pick<TargetPatch, "planned">): boolean {
  return planned.settings !== undefined;
}

export interface PlannedPatches {
  /** Wave by wave, as in the plan. */
  readonly waves: readonly (readonly TargetPatch[])[];
  readonly warnings: readonly Warning[];
}

/** What to do where somebody undoes a patch. */
export const whatIfUndone =
  "keep it from doing so, or choose a carrier that the owner does not set (docs/operations.md), and run `pulumi up` again, or go back";

/** Says of a live workload who has undone what this update has applied to it; undefined: nobody. */
export type Undone = (live: Workload) => string | undefined;

/** What would be undone of these patches. */
export function undoneOf({ waves }: PlannedPatches): Undone {
  const patches = new Map(waves.flat().map((target) => [workloadKey(target.workload), target]));
  return (live) => {
    const target = patches.get(workloadKey(live));
    return target !== undefined && isPatched(target) ? undoneBy(target.patch, live) : undefined;
  };
}

/** The workload of a service. */
export function workloadRef({ service }: Pick<PlannedService, "service">): WorkloadRef {
  const { cluster, kind, namespace, name } = service;
  return { cluster, kind, namespace, name };
}

/** The key of a service's workload, see {@link workloadKey}. */
export function workloadOf({ service }: Pick<PlannedService, "service">): string {
  return workloadKey(workloadRef({ service }));
}

/** The labels of each service's workload. */
export function labelsOfServices(
  services: Readonly<Record<string, Service>>,
  workloads: ReadonlyMap<string, Workload>,
): LabelsOf {
  return new Map(
    Object.entries(services).map(([key, service]) => [key, workloads.get(workloadOf({ service }))?.labels ?? {}]),
  );
}

/** The ConfigMaps that services mount and that carry their agents' settings. */
export function mountedConfigMaps(
  services: Readonly<Record<string, Service>>,
  workloads: ReadonlyMap<string, Workload>,
): ObjectRef[] {
  return Object.values(services).flatMap((service) => {
    const workload = workloads.get(workloadOf({ service }));
    if (workload === undefined) return [];
    const name = injectorOf(service).readsConfigMap?.({ service, workload });
    return name === undefined ? [] : [{ cluster: workload.cluster, namespace: workload.namespace, name }];
  });
}

/** A service and what came of the attempt to make its patch. */
interface Tried {
  readonly planned: PlannedService;
  /** Undefined: it is not in the cluster. */
  readonly workload: Workload | undefined;
  /** Undefined: it cannot be moved as configured. */
  readonly outcome: PatchOutcome | undefined;
  readonly problems: readonly Problem[];
}

/** Whether this update makes a service report to `to`. */
function movesForward({ planned, outcome }: Tried, { to }: Plan): boolean {
  return planned.generation === to && outcome?.patch.isApplied === false;
}

/**
 * Whether nothing moves to `to` at this stage, and some report to `from` though `to` has been entered before: on the
 * way back, and after it.
 */
function isWayBack(tried: readonly Tried[], plan: Plan, hasEntered: boolean): boolean {
  const isBack = ({ planned, workload }: Tried): boolean =>
    planned.generation === plan.from && (hasEntered || (workload !== undefined && hasOurs(workload)));
  return tried.some(isBack) && !tried.some((each) => movesForward(each, plan));
}

/** Why a service has no workload, or will have none soon; undefined: it has one. */
function goneOf({ planned: { service }, workload }: Tried): string | undefined {
  if (workload === undefined) return `${workloadText(service)} is gone`;
  if (workload.going === undefined) return undefined;
  return `${workload.going === "namespace" ? `namespace ${workload.namespace}` : workloadText(workload)} is being deleted`;
}

function reportMissing({ key, service }: PlannedService, report: Report): void {
  const { kind, namespace, name } = service;
  const { ifMissing } = workloadKindRow(kind);
  report({
    key: `services.${key}`,
    wrong: `is not in the cluster: there is no ${kind} ${name} in namespace ${namespace}`,
    fix: `correct kind, namespace or name${ifMissing === undefined ? ", or remove the service" : `; ${ifMissing}`}`,
  });
}

/** What is against a service whose workload is there: what a controller would undo, or what will not be there. */
function checkMove(tried: Tried, workload: Workload, plan: Plan, report: Report): Warning[] {
  const { planned } = tried;
  const key = `services.${planned.key}`;
  const gone = goneOf(tried);
  const made = madeByAnother(workload);
  if (movesForward(tried, plan)) {
    if (gone !== undefined) {
      const fix = "remove the service, or wait until its owner has deployed it again";
      report({ key, wrong: `cannot be moved: ${gone}`, fix });
    }
    if (made !== undefined) report({ key, wrong: `cannot be moved: ${made.wrong}`, fix: made.fix });
    return [];
  }
  if (made === undefined || planned.generation !== plan.from) return [];
  return aboutServices("made-by-another", [planned.key], `${made.wrong}, so it cannot be moved: ${made.fix}`);
}

/** How the pods of a workload are, or will be. */
function aboutRollout({ key, settings }: PlannedService, workload: Workload, patch: WorkloadPatch): Warning[] {
  const { heldRollout, pendingRollout } = workload;
  const byHand = `${String(heldRollout)}, so its pods stay as they are until somebody acts, and its wave waits for that`;
  const notFinished = `its rollout has not finished (${String(pendingRollout)})`;
  return [
    ...(patch.isApplied || heldRollout === undefined ? [] : aboutServices("rollout-by-hand", [key], byHand)),
    ...(settings !== undefined || pendingRollout === undefined
      ? []
      : aboutServices("rollout-not-finished", [key], notFinished, "info")),
  ];
}

/**
 * Decides for every service what is applied to its workload.
 *
 * On the way back, a service without a workload is left out, so that it keeps no other from going back.
 *
 * @param workloads - what the API server has, by {@link workloadKey}
 * @param configMaps - what it has of {@link mountedConfigMaps}
 * @param hasEntered - whether `to` is in the cluster. Defaults to false
 * @returns the patches of the services that can be moved as configured; why others cannot has been reported
 */
export function planPatches(
  plan: Plan,
  workloads: ReadonlyMap<string, Workload>,
  configMaps: ConfigMaps,
  report: Report,
  hasEntered = false,
): PlannedPatches {
  const tried = plan.waves.map((wave) =>
    wave.map((planned): Tried => {
      const problems: Problem[] = [];
      const workload = workloads.get(workloadOf(planned));
      const outcome = workload && patchWorkload(planned, workload, configMaps, (problem) => problems.push(problem));
      return { planned, workload, outcome, problems };
    }),
  );
  const back = isWayBack(tried.flat(), plan, hasEntered);
  const warnings: Warning[] = [];
  const patchOf = (each: Tried): TargetPatch[] => {
    const { planned, workload, outcome, problems } = each;
    const gone = goneOf(each);
    if (back && gone !== undefined) {
      const text = `${gone}, so it is left out: remove it from \`services\` and \`waves\`, unless its owner deploys it again`;
      warnings.push(...aboutServices("service-gone", [planned.key], text));
      return [];
    }
    if (workload === undefined) {
      reportMissing(planned, report);
      return [];
    }
    problems.forEach(report);
    if (outcome === undefined) return [];
    const { patch } = outcome;
    warnings.push(
      ...outcome.warnings,
      ...checkMove(each, workload, plan, report),
      ...aboutRollout(planned, workload, patch),
    );
    return [{ planned, workload, patch }];
  };
  const waves = tried.map((wave) => wave.flatMap(patchOf));
  const returning = waves.flat().filter(goesBack);
  warnings.push(
    ...aboutServices(
      "returns-to-owner",
      returning.map(({ planned }) => planned.key),
      "goes back to its owner: the pod template as the owner made it, and nothing of ours stays; the patch is deleted from the state alone",
      "info",
    ),
  );
  return { waves, warnings };
}
