import type { types } from "@pulumi/kubernetes";

/** What the files of a pod need of its spec, its metadata and its container. */
export interface PodFiles {
  readonly volumes: types.input.core.v1.Volume[];
  readonly initContainers: types.input.core.v1.Container[];
  readonly mounts: types.input.core.v1.VolumeMount[];
}

export const noFiles: PodFiles = { volumes: [], initContainers: [], mounts: [] };
