import type * as pulumi from "@pulumi/pulumi";

import { fieldManager } from "../upgrade/workload/workload";

interface WithMetadata {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

/**
 * Applies every Kubernetes object of ours as one field manager. The provider would choose a name at random at each
 * create (4.25.0, `fieldManagerName`), and an object that an update had made before it was killed, but not written to
 * the state yet, would be in conflict with itself at the next.
 */
export const asOneManager: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (!type.startsWith("kubernetes:")) return undefined;
  const { metadata } = props as WithMetadata;
  const annotations = { "pulumi.com/patchFieldManager": fieldManager, ...metadata?.annotations };
  return { props: { ...props, metadata: { ...metadata, annotations } }, opts };
};
