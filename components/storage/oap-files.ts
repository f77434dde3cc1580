import { containerSecurityOf, pullPolicy } from "../pod";
import type { PodFiles } from "../pod-files";
import type { OapOfStorage, SecretKey } from "./binding";

const authorityDirectory = "/skywalking/storage-ca";

/** Where an authority is mounted. */
export function authorityFile({ key }: SecretKey): string {
  return `${authorityDirectory}/${key}`;
}

/** The certificate authority of a storage's server. */
export function authorityFiles({ secretName, key }: SecretKey): PodFiles {
  return {
    volumes: [{ name: "storage-ca", secret: { secretName, items: [{ key, path: key }] } }],
    initContainers: [],
    mounts: [{ name: "storage-ca", mountPath: authorityDirectory, readOnly: true }],
  };
}

const trustStoreDirectory = "/skywalking/trust-store";

/** The key store of Java in which the OAP finds the authority of its storage. There is nothing secret in it. */
export const trustStore = { path: `${trustStoreDirectory}/storage.jks`, password: "changeit" } as const;

/**
 * Makes a key store of the authority when the pod starts, with the keytool of the very Java that reads it, so that an
 * authority may be in a Secret that somebody else makes. A "jks" is what every release from 7.0 to 11.0 asks for.
 */
export function trustStoreFiles(oap: OapOfStorage, authority: SecretKey): PodFiles {
  const { volumes, mounts } = authorityFiles(authority);
  const store = { name: "trust-store", mountPath: trustStoreDirectory };
  return {
    volumes: [...volumes, { name: "trust-store", emptyDir: {} }],
    initContainers: [
      {
        ...preparation(oap),
        name: "trust-store",
        image: oap.image,
        command: [
          "keytool",
          "-importcert",
          "-noprompt",
          ...["-alias", "storage"],
          ...["-file", authorityFile(authority)],
          ...["-keystore", trustStore.path],
          ...["-storetype", "jks"],
          ...["-storepass", trustStore.password],
        ],
        volumeMounts: [...mounts, store],
      },
    ],
    mounts: [{ ...store, readOnly: true }],
  };
}

/** Adds a JDBC driver to the directory of libraries, and leaves the others there alone. */
export function driverFiles(oap: OapOfStorage, { image, path }: { image: string; path: string }): PodFiles {
  return {
    volumes: [{ name: "jdbc-driver", emptyDir: {} }],
    initContainers: [
      {
        ...preparation(oap),
        name: "jdbc-driver",
        image,
        command: ["cp", path, "/jdbc-driver/driver.jar"],
        volumeMounts: [{ name: "jdbc-driver", mountPath: "/jdbc-driver" }],
      },
    ],
    mounts: [
      {
        name: "jdbc-driver",
        mountPath: `${oap.profile.libraryDirectory}/jdbc-driver.jar`,
        subPath: "driver.jar",
        readOnly: true,
      },
    ],
  };
}

function preparation({ images, security }: OapOfStorage) {
  return {
    ...pullPolicy(images),
    securityContext: containerSecurityOf(security),
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  };
}
