import { mkdir, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { webcrypto } from "node:crypto";
// The library below needs it before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** Whom a certificate identifies, and in which role. */
export interface Subject {
  readonly commonName: string;
  /** The group of a Kubernetes user. */
  readonly organization?: string;
  /** Names and addresses of a server; a certificate without them is for clients only. */
  readonly hosts?: readonly string[];
}

/** Members of `system:masters` pass every authorization: the cluster's owner, and kwok, which acts as all kubelets. */
const masters = "system:masters";
const loopback = ["127.0.0.1", "localhost"];

/** Every certificate of a local cluster, by the base name of its files: `NAME.crt` and `NAME.key`. */
const localSubjects = {
  etcd: { commonName: "etcd", hosts: loopback },
  "kube-apiserver": {
    commonName: "kube-apiserver",
    organization: masters, // It is also a client of the simulated kubelets.
    hosts: [...loopback, "10.96.0.1", "kubernetes", "kubernetes.default", "kubernetes.default.svc"],
  },
  "kube-controller-manager": { commonName: "system:kube-controller-manager" },
  "kube-scheduler": { commonName: "system:kube-scheduler" },
  kwok: { commonName: "kwok", organization: masters, hosts: loopback },
  admin: { commonName: "admin", organization: masters },
} as const satisfies Record<string, Subject>;

/** A holder of a certificate. */
export type Holder = keyof typeof localSubjects;

const years = (count: number): number => count * 365 * 24 * 3600 * 1000;

/** A certificate must already be valid for a reader whose clock is slightly behind. */
const validity = (): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - 3600 * 1000),
  notAfter: new Date(Date.now() + years(10)),
});

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

async function writeKey(file: string, key: webcrypto.CryptoKey): Promise<void> {
  const pem = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
  await writeFile(file, pem, { mode: 0o600 });
}

async function publicPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("spki", key), "PUBLIC KEY");
}

/**
 * Writes a certificate authority of the cluster's own (`ca.crt`; its key is not stored), the certificates that it
 * issued, and the key pair for service account tokens (`service-accounts.key`, `.pub`).
 *
 * @param subjects - by the base name of their files: `NAME.crt` and `NAME.key`. Defaults to those of a local cluster.
 */
export async function writePki(
  folder: string,
  subjects: Readonly<Record<string, Subject>> = localSubjects,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await newKeys();
  const issuer = "CN=skywalking-canary";
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: issuer,
    keys: authority,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const issue = async ([name, subject]: [string, Subject]): Promise<void> => {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: [
        ...(subject.organization === undefined ? [] : [{ O: [subject.organization] }]),
        { CN: [subject.commonName] },
      ],
      issuer,
      publicKey: keys.publicKey,
      signingKey: authority.privateKey,
      signingAlgorithm: algorithm,
      ...validity(),
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.clientAuth,
          ...(subject.hosts === undefined ? [] : [x509.ExtendedKeyUsage.serverAuth]),
        ]),
        await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
        ...(subject.hosts === undefined
          ? []
          : [
              new x509.SubjectAlternativeNameExtension(
                subject.hosts.map((host) => ({ type: isIP(host) === 0 ? "dns" : "ip", value: host })),
              ),
            ]),
      ],
    });
    await writeKey(join(folder, `${name}.key`), keys.privateKey);
    await writeFile(join(folder, `${name}.crt`), certificate.toString("pem"));
  };
  const serviceAccounts = await newKeys();
  await Promise.all([
    writeFile(join(folder, "ca.crt"), root.toString("pem")),
    writeKey(join(folder, "service-accounts.key"), serviceAccounts.privateKey),
    publicPem(serviceAccounts.publicKey).then((pem) => writeFile(join(folder, "service-accounts.pub"), pem)),
    ...Object.entries(subjects).map(issue),
  ]);
}
