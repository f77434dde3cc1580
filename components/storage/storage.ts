import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** What an OAP must be told of its storage, and what must be there before it starts. */
export interface StorageBinding {
  /** Address of the nodes: `host:port`, several with a comma between. */
  readonly nodes: string;
  readonly protocol: "http" | "https";
  readonly user?: types.input.core.v1.EnvVarSource;
  readonly password?: types.input.core.v1.EnvVarSource;
  readonly resources: pulumi.Resource[];
}
