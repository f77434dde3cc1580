import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { OapProfile } from "../../skywalking/oap";
import type { StorageRef } from "../../skywalking/storage";
import type { PlannedStorage } from "../../upgrade/plan";
import type { Images } from "../../upgrade/schema/pod";
import type { Security } from "../../upgrade/schema/security";
import type { StorageNodes } from "../../upgrade/storage/nodes";
import type { ClusterName } from "../../upgrade/workload/ref";
import type { PodFiles } from "../pod-files";
import type { ElasticsearchSecrets, SecretsOf } from "./elasticsearch/secrets";

type EnvVar = types.input.core.v1.EnvVar;

/** A key of a Secret in the generation's Kubernetes namespace. */
export interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}

/** A variable without its name. */
export type EnvValue = Omit<EnvVar, "name">;

/** Who the OAP is to the storage. */
export interface BoundCredentials {
  readonly user: EnvValue;
  readonly password: EnvValue;
}

/** The OAP that a storage is for. */
export interface OapOfStorage {
  readonly profile: OapProfile;
  /** Of servers and init Job. */
  readonly image: string;
  readonly images: Images;
  readonly security: Security;
  /** Prefix of indices or groups; undefined where the storage has none. */
  readonly storageNamespace: string | undefined;
}

/** A storage of one generation. */
export interface StorageArgs<Settings> {
  readonly generation: string;
  readonly cluster: ClusterName;
  /** Kubernetes namespace. */
  readonly namespace: string;
  /** Of the Service that leads to it, and of what belongs to it. */
  readonly objectName: string;
  /** As the OAP knows it. */
  readonly ref: StorageRef;
  readonly settings: Settings;
  /** StatefulSets that the program declares for it. */
  readonly nodes: readonly StorageNodes[];
  readonly storage: PlannedStorage;
  readonly images: Images;
  /** Until all nodes are ready: `15m`. */
  readonly timeout: string;
  readonly secretsOf: SecretsOf;
  readonly oap: OapOfStorage;
}

/** How an OAP reaches its storage. */
export interface Connection {
  /** Variables that servers and init Job share. */
  readonly env: readonly EnvVar[];
  readonly files: PodFiles;
  /**
   * Who makes tables or indices: the init Job alone, the servers too where they find something missing, or
   * the servers alone.
   */
  readonly installedBy: "init Job" | "init Job and servers" | "servers";
}

/** What an OAP must be told of its storage, and what must be there before it starts. */
export interface StorageBinding {
  readonly connection: Connection;
  readonly resources: pulumi.Resource[];
  /** With it goes all that is in the storage; undefined for one that is not the program's to delete. */
  readonly deletedWith?: pulumi.Resource;
  /** Who administers it, where the program has made that up. */
  readonly secrets?: pulumi.Output<ElasticsearchSecrets> | undefined;
}

/** The value of a variable that stands in a Secret. */
export function secretKey(name: string, key: string): EnvValue {
  return { valueFrom: { secretKeyRef: { name, key } } };
}

/** A variable, if the release has it and there is something to say. */
export function variable(name: string | undefined, value: EnvValue | string | undefined): EnvVar[] {
  if (name === undefined || value === undefined) return [];
  return [{ name, ...(typeof value === "string" ? { value } : value) }];
}
