import * as core from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { PlannedStorage } from "../../upgrade/plan";
import { claimsOf, claimTemplate, type StorageNodes } from "../../upgrade/storage/nodes";
import { definedFields } from "../defined-fields";

type ClaimSpec = types.input.core.v1.PersistentVolumeClaimSpec;

const claimSpec = ({ storageClass }: StorageNodes, size: string): ClaimSpec => ({
  accessModes: ["ReadWriteOnce"],
  ...definedFields({ storageClassName: storageClass }),
  resources: { requests: { storage: size } },
});

/**
 * The volume claims of a StatefulSet, made before it under the names by which it looks for them. So a claim can grow
 * where it is, while the template in the StatefulSet cannot be changed. They outlive the StatefulSet, the generation
 * and the stack.
 */
export function createClaims(
  name: string,
  namespace: string,
  nodes: StorageNodes,
  { live }: PlannedStorage,
  labels: Readonly<Record<string, string>>,
  parent: pulumi.Resource,
): core.PersistentVolumeClaim[] {
  return claimsOf(nodes, live).map(
    (claim) =>
      new core.PersistentVolumeClaim(
        `${name}-${claim.name}`,
        {
          metadata: {
            name: claim.name,
            namespace,
            labels,
            annotations: {
              // Many classes bind a claim only when a pod uses it.
              "pulumi.com/skipAwait": "true",
              // A claim that a StatefulSet made is taken over.
              "pulumi.com/patchForce": "true",
            },
          },
          spec: claimSpec(nodes, claim.size),
        },
        // A claim keeps its class for life: a change in the config is for the claims that are made after it.
        { parent, retainOnDelete: true, ignoreChanges: ["spec.storageClassName"] },
      ),
  );
}

/** What a StatefulSet says of its volumes. */
export function volumesOf(
  nodes: StorageNodes,
  { dropVolumes }: PlannedStorage,
  labels: Readonly<Record<string, string>>,
): Pick<types.input.apps.v1.StatefulSetSpec, "persistentVolumeClaimRetentionPolicy" | "volumeClaimTemplates"> {
  return {
    persistentVolumeClaimRetentionPolicy: { whenDeleted: dropVolumes ? "Delete" : "Retain", whenScaled: "Retain" },
    volumeClaimTemplates: [{ metadata: { name: claimTemplate, labels }, spec: claimSpec(nodes, nodes.volumeSize) }],
  };
}

/** The template cannot be changed once the StatefulSet exists; it applies only to claims that nobody has created. */
export const unchangeable = ["spec.volumeClaimTemplates"];
