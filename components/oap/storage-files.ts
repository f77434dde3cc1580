import { containerSecurityOf, pullPolicy } from "../pod";
import type { SecretKey } from "../storage/binding";
import type { OapArgs } from "./args";
import { noFiles, type PodFiles } from "./pod-files";

const trustStoreDirectory = "/skywalking/trust-store";

/** The key store of Java in which the OAP finds the authority of its Elasticsearch. There is nothing secret in it. */
export const trustStore = { path: `${trustStoreDirectory}/storage.jks`, password: "changeit" } as const;

const authorityDirectory = "/skywalking/storage-ca";

/** Where an authority is mounted. */
export function authorityFile({ key }: SecretKey): string {
  return `${authorityDirectory}/${key}`;
}

/** The files by which the OAP reaches its storage: the server's authority, a JDBC driver. */
export function storageFiles(args: OapArgs): PodFiles {
  const { connection } = args.storage;
  switch (connection.kind) {
    case "elasticsearch":
      return connection.authority === undefined ? noFiles : trustStoreFiles(args, connection.authority);
    case "banyandb":
      return connection.authority === undefined ? noFiles : { ...noFiles, ...authorityFiles(connection.authority) };
    case "jdbc":
      return connection.driver === undefined ? noFiles : driverFiles(args, connection.driver);
    case "h2":
      return noFiles;
  }
}

function authorityFiles({ secretName, key }: SecretKey): Pick<PodFiles, "volumes" | "mounts"> {
  return {
    volumes: [{ name: "storage-ca", secret: { secretName, items: [{ key, path: key }] } }],
    mounts: [{ name: "storage-ca", mountPath: authorityDirectory, readOnly: true }],
  };
}

/**
 * Makes a key store of the authority when the pod starts, with the keytool of the very Java that reads it, so that an authority
 * may be in a Secret that somebody else makes. A "jks" is what every release from 7.0 to 10.4 asks for.
 */
function trustStoreFiles(args: OapArgs, authority: SecretKey): PodFiles {
  const { volumes, mounts } = authorityFiles(authority);
  const store = { name: "trust-store", mountPath: trustStoreDirectory };
  return {
    volumes: [...volumes, { name: "trust-store", emptyDir: {} }],
    initContainers: [
      {
        ...preparation(args),
        name: "trust-store",
        image: args.image,
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

/** Adds a jar to the directory of libraries, and leaves the others there alone. */
function driverFiles(args: OapArgs, { image, path }: { image: string; path: string }): PodFiles {
  return {
    volumes: [{ name: "jdbc-driver", emptyDir: {} }],
    initContainers: [
      {
        ...preparation(args),
        name: "jdbc-driver",
        image,
        command: ["cp", path, "/jdbc-driver/driver.jar"],
        volumeMounts: [{ name: "jdbc-driver", mountPath: "/jdbc-driver" }],
      },
    ],
    mounts: [
      {
        name: "jdbc-driver",
        mountPath: `${args.profile.libraryDirectory}/jdbc-driver.jar`,
        subPath: "driver.jar",
        readOnly: true,
      },
    ],
  };
}

function preparation({ images, settings }: OapArgs) {
  return {
    ...pullPolicy(images),
    securityContext: containerSecurityOf(settings),
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  };
}
