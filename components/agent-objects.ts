import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { Generation } from "../upgrade/config";
import { authorityConfigMap, authorityFile, tokenKey, tokenSecret } from "../upgrade/workload/additions";
import type { TargetPatch } from "../upgrade/patches";
import { namespaceKey, type ObjectRef } from "../upgrade/workload/ref";
import type { OptionsIn } from "./options";

/**
 * What agents need beside their settings, in the Kubernetes namespace of each service: the token of their generation,
 * and the certificate authority that they are to trust. One object for all services of a namespace.
 *
 * @returns by cluster, Kubernetes namespace and generation, see {@link agentObjectsKey}
 */
export function declareAgentObjects(
  targets: readonly TargetPatch[],
  generations: Readonly<Record<string, Generation>>,
  optionsIn: OptionsIn,
): ReadonlyMap<string, pulumi.Resource[]> {
  const objects = new Map<string, pulumi.Resource[]>();
  for (const { workload, planned } of targets) {
    const { settings } = planned;
    if (settings === undefined) continue;
    const key = agentObjectsKey(workload, settings.generation);
    if (objects.has(key)) continue;
    const generation = generations[settings.generation];
    const options = optionsIn(workload.cluster);
    const name = `${workload.namespace}-${settings.generation}`;
    objects.set(key, [
      ...(generation?.token === undefined
        ? []
        : [
            new core.Secret(
              `${name}-token`,
              {
                metadata: { name: tokenSecret(settings.generation), namespace: workload.namespace },
                stringData: { [tokenKey]: pulumi.secret(generation.token) },
              },
              options,
            ),
          ]),
      ...(generation?.tls?.ca === undefined
        ? []
        : [
            new core.ConfigMap(
              `${name}-ca`,
              {
                metadata: { name: authorityConfigMap(settings.generation), namespace: workload.namespace },
                data: { [authorityFile]: generation.tls.ca },
              },
              options,
            ),
          ]),
    ]);
  }
  return objects;
}

export function agentObjectsKey(place: Pick<ObjectRef, "cluster" | "namespace">, generation: string): string {
  return `${namespaceKey(place)}/${generation}`;
}
