import * as z from "zod";

import { scheduling, spreading } from "../schema/scheduling";
import { cpu, image, memory, objectName } from "../schema/scalars";
import { security } from "../schema/security";
import { volumeSize } from "./scalars";

/** Keys of a storage whose pods are in the generation's Kubernetes namespace. */
export const pods = {
  /** Memory limit of a node. Defaults to 2Gi. */
  memory: memory.default("2Gi"),
  /** CPU request of a node. Defaults to 500m. */
  cpu: cpu.default("500m"),
  /** CPU limit of a node. Defaults to none. */
  cpuLimit: cpu.optional(),
  /** Size of a node's volume. It can grow; see docs/storage.md. Defaults to 50Gi. */
  volumeSize: volumeSize.default("50Gi"),
  /** Storage class of the volumes. Defaults to the cluster's default class. */
  storageClass: objectName.optional(),
  /**
   * Whether `retire` deletes the volumes with the rest. Prepared at `drain`, where it can still be undone; it has no
   * effect at other stages. Defaults to false.
   */
  dropVolumes: z.boolean().default(false),
  /** Defaults to the official image. */
  image: image.optional(),
  ...security,
  ...scheduling,
  ...spreading,
};

/** The pods of a storage in the generation's Kubernetes namespace, where its volumes are too. */
export type StoragePods = z.output<z.ZodObject<typeof pods>> & {
  /** Dedicated masters, if the storage has any. */
  readonly masters?: { readonly cpu: string; readonly cpuLimit?: string | undefined } | undefined;
};
