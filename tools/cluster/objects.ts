import type { V1Deployment, V1Node, V1StorageClass } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};

/** `volumes.ts` provides the volumes of this class. */
export const provisioner = "skywalking-canary.test/volumes";

const zones = ["a", "b", "c"] as const;

/** A node that kwok keeps ready, with room for whatever a test asks for. */
export function simulatedNode(index: number): V1Node {
  const name = `node-${index}`;
  const room = { cpu: "256", memory: "1Ti", pods: "10k", "ephemeral-storage": "10Ti" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "local",
        "topology.kubernetes.io/zone": `local-${zones[index % zones.length] ?? ""}`,
      },
    },
    status: { capacity: room, allocatable: room },
  };
}

export const storageClass: V1StorageClass = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner,
  allowVolumeExpansion: true,
  reclaimPolicy: "Delete",
  volumeBindingMode: "Immediate",
};

/** Becomes available when controllers, scheduler and simulated nodes work together. */
export const probe: V1Deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "skywalking-canary-probe", namespace: "default" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "skywalking-canary-probe" } },
    template: {
      metadata: { labels: { app: "skywalking-canary-probe" } },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "probe", image: "probe" }] },
    },
  },
};
