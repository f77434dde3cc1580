import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { Storage } from "../../upgrade/schema/storage";
import { labelsOf } from "../pod";
import type { StorageBinding } from "./storage";

type ExternalElasticsearch = Extract<Storage, { kind: "elasticsearch-external" }>;

export interface ExternalArgs {
  readonly generation: string;
  /** Kubernetes namespace of the OAP, which reads the credentials. */
  readonly namespace: string;
  readonly storage: ExternalElasticsearch;
}

/** An Elasticsearch that runs elsewhere: nothing is created but a Secret with the credentials, if there are any. */
export function bindExternal(
  name: string,
  { generation, namespace, storage }: ExternalArgs,
  options: pulumi.CustomResourceOptions,
): StorageBinding {
  const urls = storage.urls.map((url) => new URL(url));
  const binding = {
    nodes: urls.map(({ host }) => host).join(","),
    protocol: urls.every(({ protocol }) => protocol === "https:") ? ("https" as const) : ("http" as const),
  };
  if (storage.user === undefined || storage.password === undefined) return { ...binding, resources: [] };
  const secretName = `elasticsearch-${generation}-credentials`;
  const secret = new core.Secret(
    name,
    {
      metadata: {
        name: secretName,
        namespace,
        labels: labelsOf(generation, "elasticsearch", storage.version),
      },
      stringData: { user: storage.user, password: pulumi.secret(storage.password) },
    },
    options,
  );
  const key = (key: string) => ({ secretKeyRef: { name: secretName, key } });
  return { ...binding, user: key("user"), password: key("password"), resources: [secret] };
}
