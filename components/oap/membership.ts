import * as core from "@pulumi/kubernetes/core/v1";
import * as rbac from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";

import { oapName } from "../../upgrade/backend";
import { definedFields } from "../defined-fields";
import { labelsOf } from "../pod";
import type { OapArgs } from "./args";

/** Label by which the nodes of one cluster find each other. Two generations must never share its value. */
export const clusterLabel = "skywalking-canary/oap-cluster";

/** The account of the servers. */
export function serviceAccountName({ generation, settings }: OapArgs): string {
  return settings.serviceAccount.name ?? oapName(generation);
}

/**
 * What the nodes need to find each other: to read the pods of their own namespace, and ConfigMaps if they follow those.
 */
export function createMembership(name: string, args: OapArgs, parent: pulumi.Resource): pulumi.Resource {
  const { generation, namespace, profile, settings } = args;
  const metadata = { name: oapName(generation), namespace, labels: labelsOf(generation, "oap", profile.release) };
  const role = new rbac.Role(
    name,
    {
      metadata,
      rules: [
        {
          apiGroups: [""],
          resources: ["pods", ...(settings.dynamicConfig === undefined ? [] : ["configmaps"])],
          verbs: ["get", "list", "watch"],
        },
      ],
    },
    { parent },
  );
  return new rbac.RoleBinding(
    name,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", name: serviceAccountName(args), namespace }],
    },
    { parent, dependsOn: [...createServiceAccount(name, args, metadata, parent), role] },
  );
}

function createServiceAccount(
  name: string,
  { settings }: OapArgs,
  metadata: { name: string; namespace: string },
  parent: pulumi.Resource,
): core.ServiceAccount[] {
  const { name: existing, annotations } = settings.serviceAccount;
  if (existing !== undefined) return [];
  return [
    new core.ServiceAccount(
      name,
      { metadata: { ...metadata, ...definedFields({ annotations }) }, automountServiceAccountToken: true },
      // An account that the user names instead takes its place, which protection would forbid.
      { parent, protect: false },
    ),
  ];
}
