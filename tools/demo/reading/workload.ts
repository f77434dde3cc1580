import type { V1LabelSelector, V1ObjectMeta } from "@kubernetes/client-node";

import type { Config } from "../../../upgrade/config";
import type { WorkloadKind } from "../../../upgrade/workload/kinds";
import type { Api } from "./api";

/** Where the stack file says that a target service runs. */
export interface Target {
  readonly service: string;
  readonly kind: WorkloadKind;
  readonly namespace: string;
  /** Name of the workload. */
  readonly name: string;
  /** Container with the agent; undefined for the only one. */
  readonly container: string | undefined;
  /** The generation that its owner's manifest and image point at. */
  readonly origin: string;
}

export function targetsOf({ services }: Config): Target[] {
  return Object.values(services).map((service) => ({
    service: service.key,
    kind: service.kind,
    namespace: service.namespace,
    name: service.name,
    container: service.container,
    origin: service.origin,
  }));
}

/** What the three kinds of workload have in common. */
export interface Workload {
  readonly metadata: V1ObjectMeta;
  readonly selector: V1LabelSelector;
  /** Pods that it is to have. */
  readonly desired: number;
  /** The revision that its pods are to have, where the workload itself says it. */
  readonly updateRevision?: string | undefined;
}

export async function readWorkload({ apps }: Api, { kind, name, namespace }: Target): Promise<Workload> {
  switch (kind) {
    case "Deployment": {
      const { metadata = {}, spec } = await apps.readNamespacedDeployment({ name, namespace });
      return { metadata, selector: spec?.selector ?? {}, desired: spec?.replicas ?? 1 };
    }
    case "StatefulSet": {
      const { metadata = {}, spec, status } = await apps.readNamespacedStatefulSet({ name, namespace });
      const { updateRevision } = status ?? {};
      return { metadata, selector: spec?.selector ?? {}, desired: spec?.replicas ?? 1, updateRevision };
    }
    case "DaemonSet": {
      const { metadata = {}, spec, status } = await apps.readNamespacedDaemonSet({ name, namespace });
      return { metadata, selector: spec?.selector ?? {}, desired: status?.desiredNumberScheduled ?? 0 };
    }
    case "Rollout":
    case "CloneSet":
      throw new Error(`The sample services have no ${kind}, so ${namespace}/${name} cannot be read`);
  }
}
