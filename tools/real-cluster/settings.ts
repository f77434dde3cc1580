import { join } from "node:path";

import { cacheDirectory, stateDirectory } from "../directories";

/** Names and addresses of the cluster. A machine has only one, so they are fixed. */
export const settings = {
  nodeName: "node1",
  /** The host's end of the only link between the host and the cluster. */
  link: "swcanary",
  hostAddress: "10.77.0.1",
  nodeAddress: "10.77.0.2",
  apiPort: 16443,
  podRange: "10.244.0.0/16",
  nodePodRange: "10.244.0.0/24",
  serviceRange: "10.96.0.0/16",
  /** The first address of `serviceRange`. */
  apiServiceAddress: "10.96.0.1",
  dnsAddress: "10.96.0.10",
  /** The cgroup that contains those of all pods. */
  cgroup: "skywalking-canary",
  /** Number of volumes for claims of any size: a stack of two backends takes two. */
  volumes: 8,
} as const;

export const apiServer = `https://${settings.nodeAddress}:${settings.apiPort}`;

/** Everything that a running cluster writes; it is removed with it. */
export function home(): string {
  return join(stateDirectory(), "real-cluster");
}

export function kubeconfigOf(holder: string): string {
  return join(home(), "kubeconfigs", `${holder}.yaml`);
}

/** The owner's kubeconfig. */
export function kubeconfig(): string {
  return kubeconfigOf("admin");
}

export function logFile(name: string): string {
  return join(home(), "logs", `${name}.log`);
}

/** Folder of the image archives, which can be built again. */
export function imageCache(): string {
  return join(cacheDirectory(), "images");
}
