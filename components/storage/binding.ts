import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { ElasticsearchSecrets } from "./elasticsearch/secrets";

/** A key of a Secret in the generation's Kubernetes namespace. */
export interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}

/** A variable without its name. */
export type EnvValue = Omit<types.input.core.v1.EnvVar, "name">;

/** Who the OAP is to the storage. */
export interface BoundCredentials {
  readonly user: EnvValue;
  readonly password: EnvValue;
}

/** How an OAP reaches its storage, in the terms of each kind. */
export type Connection =
  | {
      readonly kind: "elasticsearch";
      /** `host:port`, several with a comma between. */
      readonly nodes: string;
      readonly protocol: "http" | "https";
      readonly credentials: BoundCredentials | undefined;
      /** The certificate authority of the nodes, as PEM. */
      readonly authority: SecretKey | undefined;
    }
  | {
      readonly kind: "banyandb";
      /** `host:port`, several with a comma between. */
      readonly targets: string;
      readonly credentials: BoundCredentials | undefined;
      readonly authority: SecretKey | undefined;
    }
  | {
      readonly kind: "jdbc";
      readonly url: string;
      readonly credentials: BoundCredentials | undefined;
      /** Image and path of a JDBC driver. */
      readonly driver: { readonly image: string; readonly path: string } | undefined;
    }
  | { readonly kind: "h2" };

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
