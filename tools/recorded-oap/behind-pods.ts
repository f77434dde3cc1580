import { writeFileSync } from "node:fs";

import { stringify } from "yaml";

import { restPort } from "../../upgrade/backend";

/** Which process on loopback stands behind the simulated pods of a namespace. */
export interface BehindPods {
  readonly namespace: string;
  readonly port: number;
}

/**
 * Writes a configuration of kwok by which a port-forward to port 12800 of any pod of these namespaces reaches a process on
 * this machine: the way there is the real one, through the API server.
 */
export function writePortForwards(file: string, targets: readonly BehindPods[]): void {
  const forwards = targets.map(({ namespace, port }) => ({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "ClusterPortForward",
    metadata: { name: namespace },
    spec: {
      selector: { matchNamespaces: [namespace] },
      forwards: [{ ports: [restPort], target: { address: "127.0.0.1", port } }],
    },
  }));
  writeFileSync(file, forwards.map((forward) => stringify(forward)).join("---\n"));
}
