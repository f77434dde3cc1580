import { writeFileSync } from "node:fs";

import { stringify } from "yaml";

import { restPort } from "../../upgrade/backend";

/** The process on loopback that stands behind the simulated pods of a namespace. */
export interface BehindPods {
  readonly namespace: string;
  readonly port: number;
  /** Port of the pods. Defaults to the OAP's for GraphQL. */
  readonly podPort?: number;
}

/** Whether it stands behind an OAP. */
export function isOap({ podPort = restPort }: BehindPods): boolean {
  return podPort === restPort;
}

/**
 * Writes a configuration for kwok by which a port-forward to that port of any pod in these namespaces reaches a process
 * on this machine. The way there is real: through the API server.
 *
 * @param log - path of the file that is the log of every container, in the form of the CRI. Defaults to none
 */
export function writeKwokConfig(file: string, targets: readonly BehindPods[], log?: string): void {
  const forwards = targets.map(({ namespace, port, podPort = restPort }) => ({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "ClusterPortForward",
    metadata: { name: `${namespace}-${String(podPort)}` },
    spec: {
      selector: { matchNamespaces: [namespace] },
      forwards: [{ ports: [podPort], target: { address: "127.0.0.1", port } }],
    },
  }));
  const logs =
    log === undefined
      ? []
      : [
          {
            apiVersion: "kwok.x-k8s.io/v1alpha1",
            kind: "ClusterLogs",
            metadata: { name: "all" },
            spec: { logs: [{ logsFile: log, previousLogsFile: log }] },
          },
        ];
  writeFileSync(file, [...forwards, ...logs].map((each) => stringify(each)).join("---\n"));
}
