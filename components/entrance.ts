import * as core from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";

import { agentPorts, grpcPort, restPort, selectorOf } from "../upgrade/backend";
import { ledToAnnotation, recordOf } from "../upgrade/entrance";
import type { PlannedEntrance } from "../upgrade/plan";
import { unawaited } from "./pod";
import { servicePorts } from "./service";

/**
 * The stable address of a hot reboot: a Service whose selector leads to the OAP of one generation. It may be there
 * already, made by somebody else: agents point at it before the upgrade begins. Turning it moves no live stream; that
 * its former OAP stops does.
 */
export function declareEntrance(
  { name, namespace, leadsTo, before }: PlannedEntrance,
  options: pulumi.CustomResourceOptions,
): core.Service {
  const { generation } = leadsTo;
  const selector = generation.managed ? selectorOf(leadsTo.name, "oap") : (generation.podLabels ?? {});
  const metadata = unawaited({ name, namespace, labels: { "app.kubernetes.io/managed-by": "skywalking-canary" } });
  return new core.Service(
    "entrance",
    {
      metadata: {
        ...metadata,
        // The selector of a Service that Helm made is taken over.
        annotations: {
          ...metadata.annotations,
          "pulumi.com/patchForce": "true",
          [ledToAnnotation]: recordOf({ before, leadsTo }),
        },
      },
      spec: {
        selector,
        ports: servicePorts({ grpc: grpcPort, rest: restPort, ...agentPorts(generation) }),
      },
    },
    // Agents that point at it outlive this stack.
    { ...options, protect: true, retainOnDelete: true },
  );
}
