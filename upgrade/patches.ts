import type { Service } from "./config";
import { injectorOf } from "./inject/injectors";
import type { ConfigMaps } from "./inject/target";
import type { Report } from "./problem";
import type { PlannedService, Plan } from "./plan";
import { aboutServices, type Warning } from "./warnings/warning";
import type { LabelsOf } from "./waves";
import type { Workload } from "./workload/workload";
import { workloadKindRow } from "./workload/kinds";
import { insteadOf, type Maker } from "./workload/maker";
import { workloadKey, type ObjectRef, type WorkloadRef } from "./workload/ref";
import { goesBack, patchWorkload, type WorkloadPatch } from "./workload-patch";

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

/** Whether a workload goes back to its owner at this stage. */
export function isToReturn({ planned, workload }: Pick<TargetPatch, "planned" | "workload">): boolean {
  return goesBack(planned, workload);
}

export interface PlannedPatches {
  /** Wave by wave, as in the plan. */
  readonly waves: readonly (readonly TargetPatch[])[];
  readonly warnings: readonly Warning[];
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

/** Whether this update makes a service report to `to`. */
function movesForward({ planned, patch }: TargetPatch, { to }: Plan): boolean {
  return planned.generation === to && !patch.isApplied;
}

function madeBy(maker: Maker, { kind, namespace, name }: Workload): string {
  return `${maker.kind} ${maker.name} makes ${kind} ${namespace}/${name} and undoes what others change in it`;
}

/**
 * Decides for every service what is applied to its workload.
 *
 * @param workloads - what the API server has, by {@link workloadKey}
 * @param configMaps - what it has of {@link mountedConfigMaps}
 * @returns the patches of the services that can be moved as configured; why others cannot has been reported
 */
export function planPatches(
  plan: Plan,
  workloads: ReadonlyMap<string, Workload>,
  configMaps: ConfigMaps,
  report: Report,
): PlannedPatches {
  const warnings: Warning[] = [];
  const patchOf = (planned: PlannedService): TargetPatch[] => {
    const workload = workloads.get(workloadOf(planned));
    if (workload === undefined) {
      const { kind, namespace, name } = planned.service;
      const { ifMissing } = workloadKindRow(kind);
      report({
        key: `services.${planned.key}`,
        wrong: `is not in the cluster: there is no ${kind} ${name} in namespace ${namespace}`,
        fix: `correct kind, namespace or name${ifMissing === undefined ? ", or remove the service" : `; ${ifMissing}`}`,
      });
      return [];
    }
    const outcome = patchWorkload(planned, workload, configMaps, report);
    if (outcome === undefined) return [];
    warnings.push(...outcome.warnings);
    const target = { planned, workload, patch: outcome.patch };
    if (workload.maker !== undefined && planned.generation === plan.from) {
      const text = `${madeBy(workload.maker, workload)}, so it cannot be moved: ${insteadOf(workload.maker, workload)}`;
      warnings.push(...aboutServices("made-by-another", [planned.key], text));
    }
    if (workload.maker !== undefined && movesForward(target, plan)) {
      report({
        key: `services.${planned.key}`,
        wrong: `cannot be moved: ${madeBy(workload.maker, workload)}`,
        fix: insteadOf(workload.maker, workload),
      });
    }
    if (!outcome.patch.isApplied && workload.heldRollout !== undefined) {
      const text = `${workload.heldRollout}, so its pods stay as they are until somebody acts, and its wave waits for that`;
      warnings.push(...aboutServices("rollout-by-hand", [planned.key], text));
    }
    if (planned.settings === undefined && workload.pendingRollout !== undefined) {
      const text = `its rollout has not finished (${workload.pendingRollout})`;
      warnings.push(...aboutServices("rollout-not-finished", [planned.key], text, "info"));
    }
    return [target];
  };
  const waves = plan.waves.map((wave) => wave.flatMap(patchOf));
  const returning = waves.flat().filter(isToReturn);
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
