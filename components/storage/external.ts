import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { storageNames } from "../../skywalking/storage";
import type { Authority, Credentials } from "../../upgrade/storage/external";
import { definedFields } from "../defined-fields";
import { labelsOf } from "../pod";
import { secretKey, type BoundCredentials, type SecretKey, type StorageArgs } from "./binding";

/** What a storage that runs elsewhere wants to know of the OAP, and the other way round. */
export interface Trust {
  readonly credentials: BoundCredentials | undefined;
  readonly authority: SecretKey | undefined;
  /** A Secret with what the config says of it in confidence, if anything. Nothing else is created. */
  readonly resources: pulumi.Resource[];
}

export function createTrust(
  name: string,
  { generation, namespace, ref, objectName, settings }: StorageArgs<Credentials & Authority>,
  options: pulumi.CustomResourceOptions,
): Trust {
  const secretName = `${objectName}-credentials`;
  const { user, password, ca } = settings;
  const confidential = definedFields({ user, password, "ca.crt": ca });
  const trust = { credentials: credentialsOf(settings, secretName), authority: authorityOf(settings, secretName) };
  if (Object.keys(confidential).length === 0) return { ...trust, resources: [] };
  const labels = labelsOf(generation, ref.kind, ref.version ?? storageNames[ref.kind]);
  const secret = new core.Secret(
    name,
    { metadata: { name: secretName, namespace, labels }, stringData: pulumi.secret(confidential) },
    options,
  );
  return { ...trust, resources: [secret] };
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
