import { oapProfile } from "../../skywalking/oap";
import { isAtLeast } from "../../skywalking/release";
import type { ManagedGeneration } from "../config";
import { checkSharedAdmin, checkStorageAdmin } from "./check-administration";
import type { Report } from "../problem";
import type { Authority, Credentials, Database, ExternalNodes, StorageOf } from "./schema";
import { prefixOf, storageRef } from "./storage";

/** What a check of a storage knows. */
interface Checked<Storage> {
  /** Of the generation. */
  readonly name: string;
  readonly generation: ManagedGeneration;
  readonly storage: Storage;
  /** Takes problems whose key begins after `generations.NAME.storage.`. */
  readonly report: Report;
}

/** Checks what the schema of one key cannot see in the storage of a generation. */
export function checkStorage(name: string, generation: ManagedGeneration, report: Report): void {
  const { storage } = generation;
  const ofStorage: Report = ({ key, ...problem }) => {
    report({ key: `generations.${name}.storage.${key}`, ...problem });
  };
  const checked = { name, generation, report: ofStorage };
  if (!isSupported(generation, ofStorage)) return;
  checkStorageAdmin(name, generation, ofStorage);
  switch (storage.kind) {
    case "elasticsearch":
    case "elasticsearch-eck":
      checkRuns({ ...checked, storage });
      return;
    case "elasticsearch-external":
    case "opensearch-external":
      checkExternalNodes({ ...checked, storage });
      return;
    case "banyandb":
      checkBanyandbRelease({ ...checked, storage });
      return;
    case "banyandb-external":
      checkExternalBanyandb({ ...checked, storage });
      return;
    case "postgresql-external":
    case "mysql-external":
    case "tidb-external":
      checkDatabase({ ...checked, storage });
      return;
    case "h2":
      checkH2(name, generation, report);
  }
}

function isSupported(generation: ManagedGeneration, report: Report): boolean {
  const ref = storageRef(generation);
  const support = oapProfile(generation.version).supportsStorage(ref);
  if (support.supported) return true;
  const { because, reason, allowed } = support;
  report(
    because === "kind"
      ? {
          key: "kind",
          value: generation.storage.kind,
          wrong: `cannot be used: ${reason}; allowed: ${allowed}`,
          fix: "choose another kind of storage or another release of the OAP",
        }
      : {
          key: "version",
          value: ref.version,
          wrong: `cannot be used: ${reason}; allowed: ${allowed}`,
          fix: "choose another release of the storage or of the OAP",
        },
  );
  return false;
}

/** Releases whose settings the program knows (components/storage/elasticsearch/settings.ts). */
function checkRuns({ storage, report }: Checked<StorageOf<"elasticsearch" | "elasticsearch-eck">>): void {
  const { version } = storage;
  if (isAtLeast(version, "6.8.0") && !isAtLeast(version, "9.0.0")) return;
  report({
    key: "version",
    value: version,
    wrong: "is not a release that the program can run itself; allowed: 6.8.x, 7.x, 8.x",
    fix: "use one of these, or run that Elasticsearch yourself and name it with kind elasticsearch-external",
  });
}

function checkCredentials({ name, storage, report }: Checked<Credentials>): void {
  if (storage.credentialsSecret !== undefined) {
    if (storage.user === undefined && storage.password === undefined) return;
    report({
      key: "credentialsSecret",
      value: storage.credentialsSecret.name,
      wrong: "is set, and user or password too",
      fix: "set either the Secret or both of the others",
    });
  } else if (storage.password !== undefined && storage.user === undefined) {
    report({ key: "user", wrong: "is missing, but a password is set", fix: "set both or none" });
  } else if (storage.user !== undefined && storage.password === undefined) {
    report({
      key: "password",
      wrong: "is missing, but a user is set",
      fix: `pulumi config set --secret --path 'generations.${name}.storage.password'`,
    });
  }
}

const hasCredentials = ({ user, credentialsSecret }: Credentials): boolean =>
  user !== undefined || credentialsSecret !== undefined;

/** The key that names an authority, if there is one; two are reported. */
function authorityKey({ storage, report }: Checked<Authority>): "ca" | "caSecret" | undefined {
  if (storage.ca !== undefined && storage.caSecret !== undefined) {
    report({ key: "caSecret", value: storage.caSecret.name, wrong: "is set, and ca too", fix: "set one of them" });
  }
  if (storage.ca !== undefined) return "ca";
  return storage.caSecret === undefined ? undefined : "caSecret";
}

function checkExternalNodes(checked: Checked<ExternalNodes>): void {
  const { generation, storage, report } = checked;
  const { version } = generation;
  const env = oapProfile(version).env.elasticsearch;
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
      wrong: `cannot be https: the image of OAP ${version} speaks http alone`,
      fix: "use http, or an OAP 6.3.0 or newer",
    });
  }
  checkCredentials(checked);
  const authority = authorityKey(checked);
  if (authority === undefined) return;
  if (!protocols.has("https:")) {
    report({ key: authority, wrong: "is for https, and the urls are http", fix: "remove it, or use https" });
  } else if (env.trustStorePath === undefined) {
    report({
      key: authority,
      wrong: `cannot be used: the image of OAP ${version} reads no trust store from its environment; allowed: OAP 7.0.0 or newer`,
      fix: "remove it, and give the OAP an application.yml with a trust store (oap.config, oap.secretMounts)",
    });
  } else if (env.trustStoreNeedsUser && !hasCredentials(storage)) {
    report({
      key: "user",
      wrong: `is missing: OAP ${version} believes the authority of \`${authority}\` only where it has a user too`,
      fix: "set user and password, or credentialsSecret",
    });
  }
}

/** What the program sets for a BanyanDB must have a release that goes with the OAP's. */
function checkBanyandbRelease({ generation, report }: Checked<StorageOf<"banyandb">>): void {
  if (storageRef(generation).version !== undefined) return;
  report({
    key: "version",
    wrong: `is missing: no document names the BanyanDB release that OAP ${generation.version} goes with`,
    fix: "name the release that you have tried, or use an OAP whose documents name one: 9.3.0, 9.7.0 and newer",
  });
}

function checkExternalBanyandb(checked: Checked<StorageOf<"banyandb-external">>): void {
  const { generation, storage, report } = checked;
  const { version } = generation;
  const { banyandb } = oapProfile(version).env;
  const known = banyandb?.kind === "targets" ? banyandb : undefined;
  const unread = (key: string, since: string): void => {
    report({
      key,
      wrong: `cannot be used: OAP ${version} reads none for BanyanDB; allowed: OAP ${since} or newer`,
      fix: "remove it",
    });
  };
  if (known === undefined && storage.targets.length > 1) {
    report({
      key: "targets",
      value: storage.targets,
      wrong: `names several nodes, and OAP ${version} knows one; allowed: one, or OAP 9.7.0 or newer`,
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

function checkDatabase(checked: Checked<Database>): void {
  const { name, generation, storage, report } = checked;
  const { version, oap } = generation;
  const profile = oapProfile(version);
  if (profile.env.jdbc === undefined) {
    report({
      key: "kind",
      value: storage.kind,
      wrong: `cannot be used: the image of OAP ${version} takes no connection from its environment; allowed: OAP 6.5.0 or newer`,
      fix: "choose another kind of storage or another release of the OAP",
    });
    return;
  }
  checkCredentials(checked);
  if (!hasCredentials(storage) && storage.password === undefined) {
    report({
      key: "user",
      wrong: "is missing: without one the OAP tries the user of its own default",
      fix: `set it and pulumi config set --secret --path 'generations.${name}.storage.password', or name a credentialsSecret`,
    });
  }
  const support = profile.supportsStorage(storageRef(generation));
  const needsDriver = support.supported && support.needsDriverJar;
  if (needsDriver && storage.driver === undefined && oap.image === undefined) {
    report({
      key: "driver",
      wrong: `is missing: the image of OAP ${version} brings no JDBC driver for it`,
      fix: `set driver.image and driver.path to an image that holds the jar, or oap.image to one of your own with the jar in ${profile.libraryDirectory}`,
    });
  }
  if (!needsDriver && storage.driver !== undefined) {
    report({
      key: "driver",
      wrong: `is not needed: the image of OAP ${version} brings a JDBC driver for it`,
      fix: "remove it",
    });
  }
}

/** Every server has an H2 of its own, in its memory. */
function checkH2(name: string, { oap }: ManagedGeneration, report: Report): void {
  const own = "every server has an H2 of its own, so that there can be one server only";
  if (oap.replicas !== 1) {
    report({
      key: `generations.${name}.oap.replicas`,
      value: oap.replicas,
      wrong: `is not 1: ${own}`,
      fix: "set it to 1, or choose another kind of storage",
    });
  }
  if (oap.autoscaling !== undefined) {
    report({
      key: `generations.${name}.oap.autoscaling`,
      wrong: `cannot be used with storage h2: ${own}`,
      fix: "remove it, or choose another kind of storage",
    });
  }
}

type Named = readonly [name: string, generation: ManagedGeneration];

/** Checks that two generations do not write into each other's data. */
export function checkSharedStorage(a: Named, b: Named, report: Report): void {
  checkSharedAdmin(a, b, report);
  const first = places(a[1]);
  const shared = places(b[1]).find((place) => first.includes(place));
  if (shared === undefined) return;
  const key = `generations.${b[0]}.storage`;
  const [before, after] = [a, b].map(([name, generation]) => prefixOf(name, generation));
  if (before === undefined || after === undefined) {
    report({
      key,
      wrong: `is that of ${a[0]} too (${shared}), and has no prefix that would keep their data apart`,
      fix: "use another database, or another server",
    });
  } else if (before === after) {
    report({
      key: `${key}.namespace`,
      value: after,
      wrong: `is the prefix of ${a[0]} too, on the same server (${shared})`,
      fix: "choose another prefix",
    });
  } else if (reaches(before, after) || reaches(after, before)) {
    const [shorter, longer] = reaches(before, after) ? [a[0], b[0]] : [b[0], a[0]];
    report({
      key: `${key}.namespace`,
      value: after,
      wrong: `cannot be told from that of ${a[0]} (${JSON.stringify(before)}) on the same server (${shared}): a user who is limited to the indices of ${shorter} reaches those of ${longer}`,
      fix: "choose another prefix, which does not begin with the other",
    });
  }
}

/** Whether a pattern for all indices of one prefix (`v9_*`, and `*` for none) finds those of another. */
function reaches(prefix: string, other: string): boolean {
  return prefix === "" || other.startsWith(`${prefix}_`);
}

/** Where a storage that somebody else runs is; what the program runs for a generation is that generation's alone. */
function places({ storage }: ManagedGeneration): readonly string[] {
  switch (storage.kind) {
    case "elasticsearch-external":
    case "opensearch-external":
      return storage.urls.map((url) => new URL(url).host.toLowerCase());
    case "banyandb-external":
      return storage.targets.map((target) => target.toLowerCase());
    case "postgresql-external":
    case "mysql-external":
    case "tidb-external": {
      const { host, pathname } = new URL(storage.url.replace(/^jdbc:\w+/, "http"));
      const port = host.includes(":") ? "" : `:${defaultPorts[storage.kind]}`;
      return [`${host.toLowerCase()}${port}${pathname}`];
    }
    default:
      return [];
  }
}

const defaultPorts = { "postgresql-external": "5432", "mysql-external": "3306", "tidb-external": "3306" } as const;
