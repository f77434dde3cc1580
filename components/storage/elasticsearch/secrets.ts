import { randomBytes, webcrypto } from "node:crypto";

import type { ClusterName } from "../../../upgrade/workload/ref";

/** What an Elasticsearch with security needs, and must keep for as long as its volumes live. */
export interface ElasticsearchSecrets {
  /** Of the user `elastic`. */
  readonly password: string;
  /** The authority's certificate, as PEM. Its key is kept nowhere: the authority signs once. */
  readonly ca: string;
  /** The nodes' certificate and key, as PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** Keys of the Secret that keeps them. */
export const secretKeys = {
  password: "password",
  ca: "ca.crt",
  certificate: "tls.crt",
  key: "tls.key",
} as const satisfies Record<keyof ElasticsearchSecrets, string>;

/**
 * Where the secrets of a generation's Elasticsearch come from: the Secret that is in the cluster, or new ones for the
 * hosts where there is none.
 */
export type SecretsOf = (place: {
  readonly cluster: ClusterName;
  readonly namespace: string;
  readonly secretName: string;
  readonly hosts: readonly string[];
}) => Promise<ElasticsearchSecrets>;

/** Reads what a Secret has; undefined where a key of it is missing. */
export function readSecrets(data: Readonly<Record<string, string>>): ElasticsearchSecrets | undefined {
  const text = (key: string): string => Buffer.from(data[key] ?? "", "base64").toString("utf8");
  const secrets = {
    password: text(secretKeys.password),
    ca: text(secretKeys.ca),
    certificate: text(secretKeys.certificate),
    key: text(secretKeys.key),
  };
  return Object.values(secrets).includes("") ? undefined : secrets;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const years = 365 * 24 * 3600 * 1000;

/** New ones, for nodes that are reached by these names. The certificates hold for ten years. */
export async function newSecrets(hosts: readonly string[]): Promise<ElasticsearchSecrets> {
  // Loading it takes longer than using it, and few stacks need it.
  // Its container of parts reads annotations of types, for which it wants this to be loaded first.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const keys = (): Promise<webcrypto.CryptoKeyPair> =>
    webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const validity = { notBefore: new Date(Date.now() - 3600 * 1000), notAfter: new Date(Date.now() + 10 * years) };
  const [authority, nodes] = await Promise.all([keys(), keys()]);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=skywalking-canary elasticsearch",
    keys: authority,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${hosts[0] ?? ""}`,
    issuer: root.subject,
    publicKey: nodes.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: "dns", value }))),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  return {
    password: randomBytes(24).toString("base64url"),
    ca: root.toString("pem"),
    certificate: certificate.toString("pem"),
    key: x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", nodes.privateKey), "PRIVATE KEY"),
  };
}
