import * as apps from "@pulumi/kubernetes/apps/v1";
import type * as pulumi from "@pulumi/pulumi";

import type { WorkloadKind } from "../upgrade/config";
import { fieldManager, type Workload } from "../upgrade/workload";
import { agentMountPath, agentVolume, type WorkloadPatch } from "../upgrade/workload-patch";

/** The patch of each kind of workload. */
const patchTypes = {
  Deployment: apps.DeploymentPatch,
  StatefulSet: apps.StatefulSetPatch,
  DaemonSet: apps.DaemonSetPatch,
} as const satisfies Record<WorkloadKind, unknown>;

/** Brings the agent's directory into a volume. Readable and writable by the application's user, whoever that is: the agent writes logs there. */
function agentContainer({ image, directory }: NonNullable<WorkloadPatch["agent"]>) {
  return {
    name: agentVolume,
    image,
    command: ["sh", "-c", `cp -R ${directory}/. ${agentMountPath}/ && chmod -R a+rwX ${agentMountPath}`],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      runAsNonRoot: true,
      runAsUser: 65534,
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
    volumeMounts: [{ name: agentVolume, mountPath: agentMountPath }],
  };
}

function podTemplate({ container, env, agent }: WorkloadPatch) {
  if (env.length === 0 && agent === undefined) return undefined;
  return {
    spec: {
      ...(agent === undefined
        ? {}
        : { initContainers: [agentContainer(agent)], volumes: [{ name: agentVolume, emptyDir: {} }] }),
      containers: [
        {
          name: container,
          env: env.map(({ name, value }) => ({ name, value })),
          ...(agent === undefined ? {} : { volumeMounts: [{ name: agentVolume, mountPath: agent.mountPath }] }),
        },
      ],
    },
  };
}

/**
 * One target workload: what we apply to it with Server-Side Apply, as a field manager of our own. Never deleted, since
 * that would give fields that we took over back to nobody. It does not wait for the rollout: see `waitForRollouts`.
 */
export function patchTarget(
  name: string,
  workload: Workload,
  patch: WorkloadPatch,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const template = podTemplate(patch);
  return new patchTypes[workload.kind](
    name,
    {
      metadata: {
        name: workload.name,
        namespace: workload.namespace,
        annotations: {
          "pulumi.com/patchFieldManager": fieldManager,
          "pulumi.com/patchForce": "true",
          // A patch that failed to become ready would be applied again at the next update whatever its diff is.
          "pulumi.com/skipAwait": "true",
          ...patch.annotations,
        },
      },
      ...(template === undefined ? {} : { spec: { template } }),
    },
    {
      ...options,
      retainOnDelete: true,
      // The provider compares the lists of a patch with those of the whole workload place by place (4.25.0, pruneSlice),
      // and so sees changes for ever where the owner has entries of their own. We compare field by field. Where there is
      // nothing to apply, everything is ignored: an update with a part ignored would take that part over from its owner.
      ignoreChanges: patch.holds ? ["metadata", "spec"] : [],
    },
  );
}
