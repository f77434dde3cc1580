import * as z from "zod";

import { oapProfile } from "../../skywalking/oap";
import { strict } from "../schema/object";
import { nodeUrl } from "../schema/scalars";
import { adminElsewhere } from "./admin-schema";
import { checkAdmin, checkAdministrator } from "./check-admin";
import { declaredObjects, type Reach, type StorageAdmin } from "./elasticsearch-objects";
import { authority, authorityKey, checkCredentials, credentials, hasCredentials } from "./external";
import { storageKind, type Administered, type Checked } from "./kind";
import { indexPrefix } from "./scalars";
import { sameServer } from "./same-server";

/** What tells apart the servers that speak the protocol of Elasticsearch. */
interface ServerFacts<Kind extends string> {
  readonly kind: Kind;
  readonly product: "elasticsearch" | "opensearch";
  /** Schema of its release. */
  readonly version: z.ZodString;
  /** The release of Elasticsearch whose API it has. Defaults to its own. */
  readonly api?: string;
  /** Releases that have the snapshot lifecycle of x-pack. Defaults to none. */
  readonly lifecycle?: string;
}

const schemaOf = <Kind extends string>({ kind, version }: ServerFacts<Kind>) =>
  strict({
    kind: z.literal(kind),
    version,
    urls: z.array(nodeUrl).min(1, "is empty -> write the URL of at least one node"),
    /**
     * Prefix of the indices (`SW_NAMESPACE`). "" is the OAP's own: none to 8.4, `sw` since 8.5. Defaults to the
     * generation's name.
     */
    namespace: indexPrefix.optional(),
    ...credentials,
    ...authority,
    /** What the program declares in it, and the snapshot before `retire`. Defaults to nothing. */
    admin: adminElsewhere,
  });

/** Nodes that speak the protocol of Elasticsearch and run elsewhere. */
export type ExternalNodes = z.output<ReturnType<typeof schemaOf<string>>>;

function check(checked: Checked<ExternalNodes>): void {
  const { generation, storage, report } = checked;
  const { version, behavesLike } = generation;
  const env = oapProfile(behavesLike).env.elasticsearch;
  const protocols = new Set(storage.urls.map((url) => new URL(url).protocol));
  if (protocols.size > 1) {
    report({
      key: "urls",
      value: storage.urls,
      wrong: "mixes http and https; the OAP has one protocol for all nodes",
      fix: "use one of them for all nodes",
    });
  } else if (protocols.has("https:") && env.protocol === undefined) {
    report({
      key: "urls",
      value: storage.urls,
      wrong: `cannot be https: the image of OAP ${version} speaks only http`,
      fix: "use http, or an OAP 6.3.0 or newer",
    });
  }
  checkCredentials(checked);
  const authority = authorityKey(checked);
  if (authority === undefined) return;
  if (!protocols.has("https:")) {
    report({ key: authority, wrong: "is for https, but the urls are http", fix: "remove it, or use https" });
  } else if (env.trustStorePath === undefined) {
    report({
      key: authority,
      wrong: `cannot be used: the image of OAP ${version} reads no trust store from its environment; allowed: OAP 7.0.0 or newer`,
      fix: "remove it, and give the OAP an application.yml with a trust store (oap.config, oap.secretMounts)",
    });
  } else if (env.trustStoreNeedsUser && !hasCredentials(storage)) {
    report({
      key: "user",
      wrong: `is missing: OAP ${version} uses \`${authority}\` only together with a user`,
      fix: "set user and password, or credentialsSecret",
    });
  }
}

/** How it is reached, as its administrator where the config names one, else as the OAP's user. */
function reachOf({ urls, admin, ca, user, password }: ExternalNodes): Extract<Reach, { kind: "url" }> {
  return {
    kind: "url",
    url: admin?.url ?? urls.slice(0, 1).join(),
    ca: admin?.ca ?? ca,
    ...(admin?.user === undefined ? { user, password } : { user: admin.user, password: admin.password }),
  };
}

function administration({ name, prefix, storage }: Administered<ExternalNodes>, api: string): StorageAdmin | undefined {
  if (storage.admin === undefined) return undefined;
  const { user, password, createUser } = storage.admin;
  return {
    generation: name,
    version: api,
    ...declaredObjects(prefix, storage.admin),
    reach: { ...reachOf(storage), user, password },
    grantedUser:
      createUser === undefined || storage.user === undefined || storage.password === undefined
        ? undefined
        : { security: createUser, user: storage.user, password: storage.password },
  };
}

/**
 * A kind of server that speaks the protocol of Elasticsearch, and runs elsewhere: the program never creates or deletes
 * anything of it.
 */
export function externalNodes<Kind extends string>(facts: ServerFacts<Kind>) {
  const { product, lifecycle } = facts;
  return storageKind(schemaOf(facts), {
    product,
    serverVersion: ({ version }) => version,
    namespace: ({ name, storage }) => storage.namespace ?? name,
    asked: reachOf,
    addresses: ({ urls }) => urls.map((url) => sameServer(url.replace(/^https?:\/\//, ""))),
    admin: (administered) => administration(administered, facts.api ?? administered.storage.version),
    check: (checked) => {
      const { admin } = checked.storage;
      if (admin !== undefined) {
        checkAdmin(checked, admin, { product, lifecycle });
        checkAdministrator(checked, admin);
      }
      check(checked);
    },
  });
}
