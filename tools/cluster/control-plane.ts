import { join } from "node:path";
import type { ToolName } from "../toolchain/tools";
import type { Holder } from "./pki";

/** The processes of a cluster, each after those that it needs. */
export const components = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const satisfies readonly ToolName[];

export type Component = (typeof components)[number];

/** Free ports on loopback. The other components open none. */
export interface Ports {
  readonly etcd: number;
  readonly apiserver: number;
  /** kwok answers here for the kubelets of all simulated nodes. */
  readonly kubelet: number;
}

/** Where the files of a cluster lie under its directory. */
export interface Files {
  readonly pki: string;
  readonly data: string;
  readonly logs: string;
  /** The owner's kubeconfig. */
  readonly kubeconfig: string;
  kubeconfigOf(holder: Holder): string;
  log(component: Component): string;
}

export function clusterFiles(directory: string): Files {
  const pki = join(directory, "pki");
  const logs = join(directory, "logs");
  return {
    pki,
    logs,
    data: join(directory, "etcd"),
    kubeconfig: join(directory, "kubeconfig"),
    kubeconfigOf: (holder) => join(pki, `${holder}.kubeconfig`),
    log: (component) => join(logs, `${component}.log`),
  };
}

/** The command line of each component. */
export function commandLines(
  files: Files,
  ports: Ports,
  kwokConfigs: readonly string[],
): Readonly<Record<Component, readonly string[]>> {
  const pki = (file: string): string => join(files.pki, file);
  const etcd = `https://127.0.0.1:${ports.etcd}`;
  // The defaults (20 to 50 requests a second) make hundreds of rollouts slow.
  const clientLimits = ["--kube-api-qps=1000", "--kube-api-burst=2000"];
  // One of each, so there is no leader to elect. They serve nothing, so they need no port.
  const alone = ["--leader-elect=false", "--secure-port=0"];
  return {
    etcd: [
      "--name=default",
      `--data-dir=${files.data}`,
      "--unsafe-no-fsync", // The data is dropped with the cluster.
      "--log-level=warn",
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      "--client-cert-auth",
      `--trusted-ca-file=${pki("ca.crt")}`,
      `--cert-file=${pki("etcd.crt")}`,
      `--key-file=${pki("etcd.key")}`,
      // It has no peers, so port 0 will do.
      "--listen-peer-urls=https://127.0.0.1:0",
      "--initial-advertise-peer-urls=https://127.0.0.1:0",
      "--initial-cluster=default=https://127.0.0.1:0",
      "--peer-client-cert-auth",
      `--peer-trusted-ca-file=${pki("ca.crt")}`,
      `--peer-cert-file=${pki("etcd.crt")}`,
      `--peer-key-file=${pki("etcd.key")}`,
    ],
    "kube-apiserver": [
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${ports.apiserver}`,
      // The Service `kubernetes` may not have a loopback endpoint, and no pod asks for it.
      "--endpoint-reconciler-type=none",
      `--tls-cert-file=${pki("kube-apiserver.crt")}`,
      `--tls-private-key-file=${pki("kube-apiserver.key")}`,
      `--client-ca-file=${pki("ca.crt")}`,
      `--etcd-servers=${etcd}`,
      `--etcd-cafile=${pki("ca.crt")}`,
      `--etcd-certfile=${pki("etcd.crt")}`,
      `--etcd-keyfile=${pki("etcd.key")}`,
      `--kubelet-certificate-authority=${pki("ca.crt")}`,
      `--kubelet-client-certificate=${pki("kube-apiserver.crt")}`,
      `--kubelet-client-key=${pki("kube-apiserver.key")}`,
      "--authorization-mode=Node,RBAC",
      "--allow-privileged=true", // As in every distribution: Pod Security decides what a namespace allows.
      "--service-cluster-ip-range=10.96.0.0/16",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${pki("service-accounts.pub")}`,
      `--service-account-signing-key-file=${pki("service-accounts.key")}`,
    ],
    "kube-controller-manager": [
      `--kubeconfig=${files.kubeconfigOf("kube-controller-manager")}`,
      "--use-service-account-credentials",
      `--service-account-private-key-file=${pki("service-accounts.key")}`,
      `--root-ca-file=${pki("ca.crt")}`,
      ...clientLimits,
      ...alone,
    ],
    "kube-scheduler": [`--kubeconfig=${files.kubeconfigOf("kube-scheduler")}`, ...clientLimits, ...alone],
    kwok: [
      `--kubeconfig=${files.kubeconfigOf("kwok")}`,
      "--manage-all-nodes=true",
      // Without leases the nodes turn NotReady after a minute.
      "--node-lease-duration-seconds=40",
      "--cidr=10.244.0.1/16",
      "--node-ip=127.0.0.1",
      `--node-port=${ports.kubelet}`,
      `--server-address=127.0.0.1:${ports.kubelet}`,
      `--tls-cert-file=${pki("kwok.crt")}`,
      `--tls-private-key-file=${pki("kwok.key")}`,
      ...[join(__dirname, "stages.yaml"), ...kwokConfigs].flatMap((file) => ["--config", file]),
    ],
  };
}
