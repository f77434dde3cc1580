import { join } from "node:path";

import { stringify } from "yaml";

import { home, kubeconfigOf, settings } from "./settings";

/** In the cluster's own /run; see namespace.ts. */
export const containerdSocket = "/run/containerd/containerd.sock";

const pki = (file: string): string => join(home(), "pki", file);

/** The files that configure containerd, CNI, kubelet and kube-proxy, by path. */
export function nodeFiles(): Readonly<Record<string, string>> {
  return {
    [containerdConfig()]: `version = 2
root = "${join(home(), "containerd")}"
state = "/run/containerd"
# They would look for file systems on the machine's disks.
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(home(), "containerd-opt")}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10"
  disable_apparmor = true
  # A root without CAP_SYS_RESOURCE may not lower an oom score, and no sandbox would start.
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${join(home(), "cni")}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`,
    [join(home(), "cni", "10-bridge.conflist")]: JSON.stringify({
      cniVersion: "1.0.0",
      name: "pods",
      plugins: [
        {
          type: "bridge",
          bridge: "pods0",
          isGateway: true,
          ipMasq: false,
          hairpinMode: true,
          ipam: {
            type: "host-local",
            dataDir: "/run/cni-addresses",
            ranges: [[{ subnet: settings.nodePodRange }]],
            routes: [{ dst: "0.0.0.0/0" }],
          },
        },
        { type: "portmap", capabilities: { portMappings: true } },
      ],
    }),
    // Pods with dnsPolicy Default (CoreDNS) ask no other server: nothing outside should be reachable.
    [join(home(), "resolv.conf")]: "",
    [kubeletConfig()]: stringify({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      authentication: {
        anonymous: { enabled: false },
        webhook: { enabled: true },
        x509: { clientCAFile: pki("ca.crt") },
      },
      authorization: { mode: "Webhook" },
      tlsCertFile: pki("kubelet.crt"),
      tlsPrivateKeyFile: pki("kubelet.key"),
      address: "0.0.0.0",
      healthzBindAddress: "127.0.0.1",
      containerRuntimeEndpoint: `unix://${containerdSocket}`,
      imageServiceEndpoint: `unix://${containerdSocket}`,
      podLogsDir: join(home(), "logs", "pods"),
      volumePluginDir: join(home(), "kubelet", "volumeplugins"),
      resolvConf: join(home(), "resolv.conf"),
      clusterDNS: [settings.dnsAddress],
      clusterDomain: "cluster.local",
      cgroupDriver: "cgroupfs",
      cgroupRoot: `/${settings.cgroup}`,
      failCgroupV1: false,
      failSwapOn: false,
      protectKernelDefaults: false,
      oomScoreAdj: 0,
      maxPods: 60,
      // Never collected: what is deleted here cannot be pulled again.
      imageGCHighThresholdPercent: 100,
      imageGCLowThresholdPercent: 99,
      evictionHard: {
        "memory.available": "100Mi",
        "nodefs.available": "1%",
        "imagefs.available": "1%",
        "nodefs.inodesFree": "1%",
      },
    }),
    [proxyConfig()]: stringify({
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      clientConnection: { kubeconfig: kubeconfigOf("kube-proxy") },
      mode: "iptables",
      clusterCIDR: settings.podRange,
      hostnameOverride: settings.nodeName,
      bindAddress: "0.0.0.0",
      healthzBindAddress: "127.0.0.1:10256",
      metricsBindAddress: "127.0.0.1:10249",
      oomScoreAdj: 0,
      // Zero, because these are sysctls of the whole machine.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    }),
  };
}

export const containerdConfig = (): string => join(home(), "containerd.toml");
export const kubeletConfig = (): string => join(home(), "kubelet.yaml");
export const proxyConfig = (): string => join(home(), "kube-proxy.yaml");
