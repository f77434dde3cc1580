import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { storageNames } from "../../skywalking/storage";
import type { ManagedGeneration } from "../../upgrade/config";
import type { Authority, Credentials } from "../../upgrade/storage/external";
import { storageRef, type StorageOf } from "../../upgrade/storage/storage";
import { given } from "../given";
import { labelsOf } from "../pod";
import { secretKey, type BoundCredentials, type Connection, type SecretKey, type StorageBinding } from "./binding";

type External = StorageOf<
  | "elasticsearch-external"
  | "opensearch-external"
  | "banyandb-external"
  | "postgresql-external"
  | "mysql-external"
  | "tidb-external"
>;

export interface ExternalArgs {
  readonly generation: string;
  /** Kubernetes namespace of the OAP, which reads the credentials. */
  readonly namespace: string;
  readonly settings: ManagedGeneration;
  readonly storage: External;
}

/** A storage that runs elsewhere: nothing is created but a Secret with what the config says of it in confidence, if anything. */
export function bindExternal(name: string, args: ExternalArgs, options: pulumi.CustomResourceOptions): StorageBinding {
  const { generation, storage } = args;
  const { kind, version } = storageRef(args.settings);
  const secretName = `${kind}-${generation}-credentials`;
  const secrets = {
    ...given({ user: storage.user, password: storage.password }),
    ...("ca" in storage ? given({ "ca.crt": storage.ca }) : {}),
  };
  const connection = connectionOf(storage, secretName);
  if (Object.keys(secrets).length === 0) return { connection, resources: [] };
  const labels = labelsOf(generation, kind, version ?? storageNames[kind]);
  const secret = new core.Secret(
    name,
    { metadata: { name: secretName, namespace: args.namespace, labels }, stringData: pulumi.secret(secrets) },
    options,
  );
  return { connection, resources: [secret] };
}

function connectionOf(storage: ExternalArgs["storage"], secretName: string): Connection {
  const credentials = credentialsOf(storage, secretName);
  switch (storage.kind) {
    case "elasticsearch-external":
    case "opensearch-external": {
      const urls = storage.urls.map((url) => new URL(url));
      return {
        kind: "elasticsearch",
        nodes: storage.urls.map((url) => url.replace(/^https?:\/\//, "")).join(","),
        protocol: urls.every(({ protocol }) => protocol === "https:") ? "https" : "http",
        credentials,
        authority: authorityOf(storage, secretName),
      };
    }
    case "banyandb-external":
      return {
        kind: "banyandb",
        targets: storage.targets.join(","),
        credentials,
        authority: authorityOf(storage, secretName),
      };
    default:
      return { kind: "jdbc", url: storage.url, credentials, driver: storage.driver };
  }
}

function credentialsOf(
  { user, password, credentialsSecret }: Credentials,
  secretName: string,
): BoundCredentials | undefined {
  if (credentialsSecret !== undefined) {
    const { name, userKey, passwordKey } = credentialsSecret;
    return {
      user: secretKey(name, userKey),
      password: secretKey(name, passwordKey),
    };
  }
  if (user === undefined || password === undefined) return undefined;
  return { user: secretKey(secretName, "user"), password: secretKey(secretName, "password") };
}

function authorityOf({ ca, caSecret }: Authority, secretName: string): SecretKey | undefined {
  if (caSecret !== undefined) return { secretName: caSecret.name, key: caSecret.key };
  return ca === undefined ? undefined : { secretName, key: "ca.crt" };
}
