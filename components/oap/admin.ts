import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";

import { adminName, selectorOf } from "../../upgrade/backend";
import { labelsOf, unawaited } from "../pod";
import type { OapArgs } from "./args";

/**
 * On which addresses the administration listens. It asks nobody who they are. Unless the UI may reach it, that is the
 * pod's own loopback, where a forwarded port ends: this holds in every cluster, and a NetworkPolicy only where the CNI
 * plugin enforces it.
 */
export function adminEnv({ profile: { admin }, opensAdmin }: OapArgs): Readonly<Record<string, string>> {
  if (admin === undefined || opensAdmin) return {};
  return { [admin.host]: "127.0.0.1", [admin.peerHost]: "127.0.0.1" };
}

/**
 * Lets the UI, and nobody else, reach the administration. The Service has no address of its own, and is apart from the
 * one for agents, which may be open to the world.
 */
export function openAdmin(name: string, args: OapArgs, parent: pulumi.Resource): void {
  const { generation, namespace, profile, opensAdmin } = args;
  const { admin } = profile;
  if (admin === undefined || !opensAdmin) return;
  const metadata = {
    name: adminName(generation),
    namespace,
    labels: labelsOf(generation, "oap", profile.release),
  };
  const servers = selectorOf(generation, "oap");
  const pods = (matchLabels: Readonly<Record<string, string>>) => [{ podSelector: { matchLabels } }];
  const tcp = (port: number, endPort = port) => ({ protocol: "TCP", port, endPort });
  // A key that is removed from the config removes the objects, which protection would forbid.
  const options = { parent, protect: false };
  new core.Service(
    `${name}-admin`,
    {
      metadata: unawaited(metadata),
      spec: { clusterIP: "None", selector: servers, ports: [{ name: "admin", port: admin.port }] },
    },
    options,
  );
  new networking.NetworkPolicy(
    `${name}-admin`,
    {
      metadata,
      spec: {
        podSelector: { matchLabels: servers },
        policyTypes: ["Ingress"],
        ingress: [
          { ports: [tcp(1, admin.port - 1), tcp(admin.peerPort + 1, 65_535)] },
          { from: pods(selectorOf(generation, "ui")), ports: [tcp(admin.port)] },
          { from: pods(servers), ports: [tcp(admin.peerPort)] },
        ],
      },
    },
    options,
  );
}
