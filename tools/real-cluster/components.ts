import { join } from "node:path";

import type { Subject } from "../cluster/pki";
import type { ToolName } from "../toolchain/tools";
import { containerdConfig, kubeletConfig, proxyConfig } from "./node";
import { home, kubeconfigOf, settings } from "./settings";

/** Tools that only the cluster itself needs. */
export const clusterTools = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
  "coredns",
  "pause",
] as const satisfies readonly ToolName[];

export type Component =
  "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "containerd" | "kubelet" | "kube-proxy";

/** Holders of a certificate. */
export const subjects: Readonly<Record<string, Subject>> = {
  "kube-apiserver": {
    commonName: "kube-apiserver",
    hosts: [
      settings.nodeAddress,
      "127.0.0.1",
      settings.apiServiceAddress,
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
    ],
  },
  "kubelet-client": { commonName: "kube-apiserver", organization: "system:masters" },
  "kube-controller-manager": { commonName: "system:kube-controller-manager" },
  "kube-scheduler": { commonName: "system:kube-scheduler" },
  "kube-proxy": { commonName: "system:kube-proxy" },
  kubelet: {
    commonName: `system:node:${settings.nodeName}`,
    organization: "system:nodes",
    hosts: [settings.nodeAddress, settings.nodeName],
  },
  admin: { commonName: "admin", organization: "system:masters" },
};

/** Holders of a kubeconfig. */
export const kubeconfigHolders = ["admin", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet"];

/** The command line of each component. etcd listens on loopback in the cluster's own network namespace. */
export function commandLines(): Readonly<Record<Component, readonly string[]>> {
  const pki = (file: string): string => join(home(), "pki", file);
  const etcd = "http://127.0.0.1:2379";
  const peer = "http://127.0.0.1:2380";
  const alone = (name: string): string[] => [
    ...["kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig"].map(
      (flag) => `--${flag}=${kubeconfigOf(name)}`,
    ),
    "--bind-address=127.0.0.1",
    "--leader-elect=false",
  ];
  return {
    etcd: [
      "--name=default",
      `--data-dir=${join(home(), "etcd")}`,
      "--unsafe-no-fsync", // The data is dropped with the cluster.
      "--log-level=warn",
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ],
    "kube-apiserver": [
      `--etcd-servers=${etcd}`,
      `--secure-port=${settings.apiPort}`,
      "--bind-address=0.0.0.0",
      `--advertise-address=${settings.nodeAddress}`,
      `--tls-cert-file=${pki("kube-apiserver.crt")}`,
      `--tls-private-key-file=${pki("kube-apiserver.key")}`,
      `--client-ca-file=${pki("ca.crt")}`,
      `--kubelet-client-certificate=${pki("kubelet-client.crt")}`,
      `--kubelet-client-key=${pki("kubelet-client.key")}`,
      `--kubelet-certificate-authority=${pki("ca.crt")}`,
      "--kubelet-preferred-address-types=InternalIP",
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      `--service-account-key-file=${pki("service-accounts.pub")}`,
      `--service-account-signing-key-file=${pki("service-accounts.key")}`,
      `--service-cluster-ip-range=${settings.serviceRange}`,
      "--authorization-mode=Node,RBAC",
      "--allow-privileged=true",
    ],
    "kube-controller-manager": [
      ...alone("kube-controller-manager"),
      `--service-account-private-key-file=${pki("service-accounts.key")}`,
      `--root-ca-file=${pki("ca.crt")}`,
      "--use-service-account-credentials",
      "--allocate-node-cidrs",
      `--cluster-cidr=${settings.podRange}`,
    ],
    "kube-scheduler": alone("kube-scheduler"),
    containerd: ["-c", containerdConfig()],
    kubelet: [
      `--config=${kubeletConfig()}`,
      `--kubeconfig=${kubeconfigOf("kubelet")}`,
      `--hostname-override=${settings.nodeName}`,
      `--node-ip=${settings.nodeAddress}`,
      `--root-dir=${join(home(), "kubelet")}`,
      `--cert-dir=${join(home(), "kubelet", "pki")}`,
    ],
    "kube-proxy": [`--config=${proxyConfig()}`],
  };
}
