import * as z from "zod";

import { oapProfile, type OapRelease } from "../../skywalking/oap";
import { banyandbRelease } from "../../skywalking/storage";
import { strict } from "../schema/object";
import { authority, authorityKey, checkCredentials, credentials, hasCredentials } from "./external";
import { storageKind, type Checked } from "./kind";
import { host, withHosts } from "../schema/scalars";
import { sameServer } from "./same-server";
import { indexPrefix, serverVersion } from "./scalars";

const target = withHosts(
  new RegExp(`^${host}:\\d{1,5}$`),
  (text) => [text],
  'is not an address; allowed: host:port, a port up to 65535 -> write e.g. "banyandb.tracing:17912"',
);

const schema = strict({
  kind: z.literal("banyandb-external"),
  /** Defaults to the release that the OAP's goes with, where its documents name one. */
  version: serverVersion("BanyanDB", "0.9.0").optional(),
  targets: z.array(target).min(1, "is empty -> write the address of at least one node"),
  /** Prefix of the groups (`SW_NAMESPACE`), OAP 10.3.0 or newer. Defaults to the generation's name. */
  namespace: indexPrefix.optional(),
  ...credentials,
  ...authority,
});

/** What the image of an OAP that takes several nodes reads of its BanyanDB; undefined for an older one. */
function variablesOf(oap: OapRelease) {
  const { banyandb } = oapProfile(oap).env;
  return banyandb?.kind === "targets" ? banyandb : undefined;
}

function check(checked: Checked<z.output<typeof schema>>): void {
  const { generation, storage, report } = checked;
  const { version, behavesLike } = generation;
  const known = variablesOf(behavesLike);
  const unread = (key: string, since: string): void => {
    report({
      key,
      wrong: `cannot be used: OAP ${version} has no such setting for BanyanDB; allowed: OAP ${since} or newer`,
      fix: "remove it",
    });
  };
  if (known === undefined && storage.targets.length > 1) {
    report({
      key: "targets",
      value: storage.targets,
      wrong: `names several nodes, but OAP ${version} supports only one; allowed: one node, or OAP 9.7.0 or newer`,
      fix: "name one of them",
    });
  }
  checkCredentials(checked);
  if (hasCredentials(storage) && known?.user === undefined) {
    unread(storage.user === undefined ? "credentialsSecret" : "user", "10.3.0");
  }
  const authority = authorityKey(checked);
  if (authority !== undefined && known?.trustedCaPath === undefined) unread(authority, "10.1.0");
  if (storage.namespace !== undefined && known?.namespace === undefined) unread("namespace", "10.3.0");
}

/** A BanyanDB that runs elsewhere. */
export const banyandbExternal = storageKind(schema, {
  product: "banyandb",
  serverVersion: ({ version }, oap) => version ?? banyandbRelease(oap),
  namespace: ({ name, generation, storage }) =>
    variablesOf(generation.behavesLike)?.namespace === undefined ? undefined : (storage.namespace ?? name),
  addresses: ({ targets }) => targets.map((address) => sameServer(address)),
  check,
});
