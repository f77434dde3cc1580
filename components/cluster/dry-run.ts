import type { CoreV1Api, CustomObjectsApi } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};

import { isPatched, type PlannedPatches, type TargetPatch } from "../../upgrade/patches";
import { describeProblem, shownText, type Problem } from "../../upgrade/problem";
import { aboutServices, type Warning } from "../../upgrade/warnings/warning";
import type { Workload } from "../../upgrade/workload/workload";
import { inParallel } from "../query/in-parallel";
import type { Clusters } from "./clusters";
import { messageOf, statusOf } from "./errors";
import { toWorkload, type ListedWorkload } from "./listed-workload";
import { appliedPart, requestOf, sentAs } from "./patch-request";

/** How many are asked at a time. */
const atATime = 8;

/** The API server's answers to what this update would change. */
interface Answers {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
}

/** What the API server answers to a patch: the whole workload, of a StatefulSet with the volumes of each pod. */
type Patched = ListedWorkload & {
  readonly spec?: { readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[] };
};

const nothing: Answers = { problems: [], warnings: [] };

/**
 * Asks the API server whether it would take the patches of this update, and pods like those that they lead to. Nothing
 * is changed: every request is a server-side dry run, which goes through admission as a real one does.
 *
 * @returns warnings of services whose present pods would be refused, too
 * @throws Error that names all services whose patch or new pods are refused, and by what
 */
export async function tryPatches(clusters: Clusters, { waves }: PlannedPatches): Promise<readonly Warning[]> {
  const changing = waves.flat().filter((target) => isPatched(target) && !target.patch.isApplied);
  if (changing.length === 0) return [];
  const { CoreV1Api, CustomObjectsApi } = await import("@kubernetes/client-node");
  const answers = await inParallel(changing, atATime, (target) => {
    const { kube } = clusters.reader(target.workload.cluster);
    return tryPatch(kube.makeApiClient(CustomObjectsApi), kube.makeApiClient(CoreV1Api), target);
  });
  const problems = answers.flatMap((answer) => answer.problems);
  if (problems.length > 0) {
    throw new Error(
      [
        "The API server refuses what this update would change; nothing was changed.",
        ...problems.map((problem) => `  - ${describeProblem(problem)}`),
      ].join("\n"),
    );
  }
  return answers.flatMap((answer) => answer.warnings);
}

async function tryPatch(custom: CustomObjectsApi, core: CoreV1Api, target: TargetPatch): Promise<Answers> {
  const { planned, workload, patch } = target;
  const key = `services.${planned.key}`;
  const fix = "change what asks for it, or what it asks for, or take the service out of this stage";
  const body = appliedPart(workload, { annotations: patch.annotations }, patch.template);
  const request = { ...requestOf(workload), body, dryRun: "All", force: true };
  const options = await sentAs("ServerSideApply");
  let patched: Patched | undefined;
  const refused = await refusalOf(async () => {
    patched = (await custom.patchNamespacedCustomObject(request, options)) as Patched;
  });
  if (refused !== undefined) {
    return { ...nothing, problems: [{ key, wrong: `the API server refuses its patch: ${refused}`, fix }] };
  }
  const next = patched && toWorkload(workload.cluster, workload.kind, patched);
  if (patched === undefined || next === undefined) return nothing;
  const claims = claimsOf(patched);
  const refusedNext = await refusalOf(() => tryPod(core, next, claims));
  if (refusedNext === undefined) return nothing;
  const present = await refusalOf(() => tryPod(core, workload, claims));
  if (present === undefined) {
    return { ...nothing, problems: [{ key, wrong: `the API server refuses its new pods: ${refusedNext}`, fix }] };
  }
  const text = `the API server would refuse its new pods as it would its present ones, so the rollout may not finish: ${present}`;
  return { ...nothing, warnings: aboutServices("pods-refused", [planned.key], text) };
}

/** What the API server says against a request; undefined: nothing, or it did not come to that. */
async function refusalOf(request: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await request();
    return undefined;
  } catch (error) {
    const status = statusOf(error) ?? 500;
    const message = shownText(messageOf(error).replaceAll(/\s+/g, " "));
    // Whoever may not make pods leaves it to the controllers, and not every webhook can be tried.
    const isUnknown = status >= 500 || message.includes(' cannot create resource "pods" ') || /dry.?run/i.test(message);
    return isUnknown ? undefined : message;
  }
}

/** A pod as the controller of a workload would make it. */
function tryPod(
  core: CoreV1Api,
  { namespace, name, podAnnotations: annotations, podLabels: labels, podSpec }: Workload,
  claims: readonly string[],
): Promise<unknown> {
  const { volumes: ownVolumes = [], ...spec } = podSpec;
  const volumes = claims.map((claim) => ({
    name: claim,
    persistentVolumeClaim: { claimName: `${claim}-${name}-0` },
  }));
  const body = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { annotations, labels, namespace, generateName: `${name}-` },
    spec: { ...spec, volumes: [...ownVolumes, ...volumes] },
  };
  return core.createNamespacedPod({ namespace, body, dryRun: "All" });
}

/** The volumes that a StatefulSet gives each pod. */
function claimsOf({ spec }: Patched): string[] {
  return (spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
}
