import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { TargetPatch } from "../upgrade/patches";
import type { WorkloadKind } from "../upgrade/workload/kinds";
import { appliedPart } from "./cluster/patch-request";

/** The Patch class of each kind. What they take differs in types alone, see {@link patchTarget}. */
const patchClasses: Readonly<
  Record<WorkloadKind, new (name: string, args: never, options: pulumi.CustomResourceOptions) => pulumi.CustomResource>
> = {
  Deployment: apps.DeploymentPatch,
  StatefulSet: apps.StatefulSetPatch,
  DaemonSet: apps.DaemonSetPatch,
  Rollout: apiextensions.CustomResourcePatch,
  CloneSet: apiextensions.CustomResourcePatch,
};

/**
 * One target workload: what we apply to it with Server-Side Apply, as a field manager of our own. Never deleted, since
 * that would give fields that we took over back to nobody. It does not wait for the rollout: see `waitForRollouts`.
 */
export function patchTarget(
  { planned, workload, patch }: TargetPatch,
  options: Omit<pulumi.CustomResourceOptions, "dependsOn"> & { readonly dependsOn: pulumi.Output<pulumi.Resource[]> },
): pulumi.CustomResource {
  const name = planned.key;
  const file =
    patch.configMap === undefined ? [] : [declareConfigMap(name, workload.namespace, patch.configMap, options)];
  const { spec, ...args } = appliedPart(
    workload,
    {
      annotations: {
        "pulumi.com/patchForce": "true",
        // A patch that failed to become ready would be applied again at the next update whatever its diff is.
        "pulumi.com/skipAwait": "true",
        ...patch.annotations,
      },
    },
    patch.template,
  );
  const patchOptions = {
    ...options,
    dependsOn: options.dependsOn.apply((resources) => [...resources, ...file]),
    retainOnDelete: true,
    // The provider compares the lists of a patch with those of the whole workload place by place (4.25.0, pruneSlice),
    // and so sees changes for ever where the owner has entries of their own. We compare field by field. Where there is
    // nothing to apply, everything is ignored: an update with a part ignored would take that part over from its owner.
    ignoreChanges: patch.isApplied ? ["metadata", "spec"] : [],
  };
  // What is the owner's may be secret, and would be shown in clear by every preview.
  const part = spec === undefined ? {} : { spec: patch.hasOwners ? pulumi.secret(spec) : spec };
  // The template has fields of Kubernetes' own alone, which no type names one by one.
  return new patchClasses[workload.kind](name, { ...args, ...part } as never, patchOptions);
}

/** A ConfigMap of our own beside that of the owner's, which a volume of the workload names instead. */
function declareConfigMap(
  service: string,
  namespace: string,
  { name, data }: NonNullable<TargetPatch["patch"]["configMap"]>,
  options: pulumi.CustomResourceOptions,
): core.ConfigMap {
  return new core.ConfigMap(`${service}-agent-config`, { metadata: { name, namespace }, data }, options);
}
