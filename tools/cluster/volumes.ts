import type { KubeConfig, V1PersistentVolume, V1PersistentVolumeClaim } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};
import { provisioner, storageClass } from "./objects";

/**
 * Acts on volume claims as a storage driver does: provides a volume for every new claim, a larger one when the claim
 * asks for more, and removes it when the claim is gone. It creates no directory, because no container writes.
 *
 * kube-controller-manager's own provisioner for tests would do, but writes to the machine's /tmp.
 */
export async function provisionVolumes(config: KubeConfig): Promise<void> {
  const k8s = await import("@kubernetes/client-node");
  const core = config.makeApiClient(k8s.CoreV1Api);
  const mine = storageClass.metadata?.name;

  const answer = async (claim: V1PersistentVolumeClaim): Promise<void> => {
    const { name = "", namespace = "", uid = "" } = claim.metadata ?? {};
    const storage = claim.spec?.resources?.requests?.storage;
    if (claim.spec?.storageClassName !== mine || storage === undefined) return;
    const volume = `pvc-${uid}`;
    if (claim.status?.phase === "Pending" && claim.spec?.volumeName === undefined) {
      await core.createPersistentVolume({
        body: {
          metadata: { name: volume, annotations: { "pv.kubernetes.io/provisioned-by": provisioner } },
          spec: {
            capacity: { storage },
            accessModes: claim.spec?.accessModes ?? ["ReadWriteOnce"],
            claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
            persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
            ...(mine === undefined ? {} : { storageClassName: mine }),
            hostPath: { path: `/var/lib/skywalking-canary/${volume}` },
          },
        },
      });
    } else if (claim.status?.phase === "Bound" && claim.status.capacity?.storage !== storage) {
      const capacity = { storage };
      const merge = k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.MergePatch);
      await core.patchPersistentVolume({ name: volume, body: { spec: { capacity } } }, merge);
      await core.patchNamespacedPersistentVolumeClaimStatus({ name, namespace, body: { status: { capacity } } }, merge);
    }
  };
  const reclaim = async (volume: V1PersistentVolume): Promise<void> => {
    const released = volume.status?.phase === "Released" && volume.metadata?.deletionTimestamp === undefined;
    if (!released || volume.spec?.persistentVolumeReclaimPolicy !== "Delete") return;
    if (volume.metadata?.annotations?.["pv.kubernetes.io/provisioned-by"] !== provisioner) return;
    await core.deletePersistentVolume({ name: volume.metadata.name ?? "" });
  };
  /** What came too late or twice is done. A claim that waits does not change, so anything else is tried again. */
  const untilDone = <T>(act: (object: T) => Promise<void>) => {
    const attempt = (object: T): void => {
      act(object).catch((error: unknown) => {
        const code = error instanceof k8s.ApiException ? error.code : undefined;
        console.error(code ?? error);
        if (code !== 404 && code !== 409) setTimeout(attempt, 1_000, object);
      });
    };
    return attempt;
  };

  const claims = k8s.makeInformer(config, "/api/v1/persistentvolumeclaims", () =>
    core.listPersistentVolumeClaimForAllNamespaces(),
  );
  const volumes = k8s.makeInformer(config, "/api/v1/persistentvolumes", () => core.listPersistentVolume());
  for (const verb of ["add", "update"] as const) {
    claims.on(verb, untilDone(answer));
    volumes.on(verb, untilDone(reclaim));
  }
  for (const informer of [claims, volumes]) {
    // The server ends every watch after a few minutes.
    informer.on("error", () => setTimeout(() => void informer.start(), 500));
    await informer.start();
  }
}
