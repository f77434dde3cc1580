import { noFiles } from "../pod-files";
import { variable, type BoundCredentials, type Connection, type OapOfStorage, type SecretKey } from "./binding";
import { authorityFile, authorityFiles } from "./oap-files";

/** Where an OAP finds its BanyanDB. */
export interface BanyandbAddress {
  /** `host:port`, several with a comma between. */
  readonly targets: string;
  readonly credentials: BoundCredentials | undefined;
  readonly authority: SecretKey | undefined;
}

/** How an OAP reaches a BanyanDB. */
export function connectBanyandb(oap: OapOfStorage, address: BanyandbAddress): Connection {
  const { authority } = address;
  return {
    env: variables(oap, address),
    files: authority === undefined ? noFiles : authorityFiles(authority),
    installedBy: "init Job",
  };
}

function variables(
  { profile, storageNamespace }: OapOfStorage,
  { targets, credentials, authority }: BanyandbAddress,
): Connection["env"] {
  const names = profile.env.banyandb;
  if (names?.kind !== "targets") {
    const [host, port] = targets.split(":");
    return [...variable(names?.host, host), ...variable(names?.port, port)];
  }
  return [
    ...variable(names.targets, targets),
    ...variable(names.namespace, storageNamespace),
    ...variable(names.user, credentials?.user),
    ...variable(names.password, credentials?.password),
    ...variable(names.trustedCaPath, authority && authorityFile(authority)),
  ];
}
