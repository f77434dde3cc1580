import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";

import { home, settings } from "./settings";

const folderOf = (index: number): string => join(home(), "volumes", `volume-${index}`);

/** Every user may write: Kubernetes does not apply `fsGroup` to hostPath. */
export async function createVolumeFolders(): Promise<void> {
  for (let index = 0; index < settings.volumes; index += 1) {
    await mkdir(folderOf(index), { recursive: true });
    await chmod(folderOf(index), 0o777);
  }
}

/** A default storage class, and volumes on this machine that exist beforehand, so that no provisioner is needed. */
export function volumeObjects(): object[] {
  const storageClass = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "kubernetes.io/no-provisioner",
  };
  const volumes = Array.from({ length: settings.volumes }, (_, index) => ({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `volume-${index}` },
    spec: {
      capacity: { storage: "1Ti" },
      accessModes: ["ReadWriteOnce"],
      storageClassName: storageClass.metadata.name,
      persistentVolumeReclaimPolicy: "Retain",
      hostPath: { path: folderOf(index) },
    },
  }));
  return [storageClass, ...volumes];
}
