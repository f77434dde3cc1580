import * as autoscaling from "@pulumi/kubernetes/autoscaling/v2";
import type * as pulumi from "@pulumi/pulumi";

import type { Metadata } from "../service";
import type { OapArgs } from "./args";

/** Scales the servers by their CPU. Not while they must not run: it would start them again. */
export function createAutoscaler(
  name: string,
  metadata: Metadata,
  { running, settings }: OapArgs,
  servers: pulumi.Resource,
  parent: pulumi.Resource,
): void {
  if (!running || settings.autoscaling === undefined) return;
  const { minReplicas = settings.replicas, maxReplicas, targetCPUUtilizationPercentage } = settings.autoscaling;
  new autoscaling.HorizontalPodAutoscaler(
    name,
    {
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: metadata.name },
        minReplicas,
        maxReplicas,
        metrics: [
          {
            type: "Resource",
            resource: {
              name: "cpu",
              target: { type: "Utilization", averageUtilization: targetCPUUtilizationPercentage },
            },
          },
        ],
      },
    },
    // Goes when the servers stop, which protection would forbid.
    { parent, dependsOn: servers, protect: false },
  );
}
