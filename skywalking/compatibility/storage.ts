import type { OapRelease } from "../oap/releases";
import { isAtLeast, rowAt } from "../release";
import { storageFamilies, storageProducts, storageOffers, type StorageProduct } from "../storage";

/** Whether an OAP can continue with the data that an OAP of another release wrote. */
export type StorageVerdict =
  | {
      readonly compatible: true;
      /** What is lost or must be done by hand afterwards. */
      readonly caution?: string;
    }
  | { readonly compatible: false; readonly reason: string; readonly source: string };

/** A release from which, by the project's own documents or sources, older stored data must not be used as it is. */
export interface StorageBreak {
  readonly since: OapRelease;
  /** The release from which on what is stored does not go with it. Defaults to the first. */
  readonly storedSince?: OapRelease;
  readonly kinds: readonly StorageProduct[];
  /** What changed, or what must be deleted or restarted. */
  readonly change: string;
  readonly source: string;
}

const elastic = storageProducts.filter((kind) => storageFamilies[kind] === "elasticsearch");
const jdbc = storageProducts.filter((kind) => storageFamilies[kind] === "jdbc");

function changes(release: string, lines: string): string {
  const page = release === "6.2.0" ? "6.x" : release;
  return `apache/skywalking@v10.4.0:docs/en/changes/changes-${page}.md:${lines}`;
}

const core = "oap-server/server-core/src/main/java/org/apache/skywalking/oap/server/core/register";
const executor =
  "oap-server/server-storage-plugin/storage-jdbc-hikaricp-plugin/src/main/java/org/apache/skywalking/oap/server/storage/plugin/jdbc/h2/dao/H2SQLExecutor.java";

/**
 * Every change to the stored data that the project's release notes or upgrade guides call incompatible, or that its
 * sources make so, oldest first.
 */
export const storageBreaks: readonly StorageBreak[] = [
  {
    since: "6.2.0",
    kinds: elastic,
    change: "all existing indices must be deleted",
    source: changes("6.2.0", "256"),
  },
  {
    // In Elasticsearch too, whoever is restarted: nothing renews the services and endpoints that are stored.
    since: "6.3.0",
    kinds: [...elastic, ...jdbc],
    change: "all registers must have last_update_time, which those stored before lack",
    source: [
      "ServiceInventory.java:215",
      "EndpointInventory.java:126",
      "ServiceInstanceInventory.java:173",
      "NetworkAddressInventory.java:147",
    ]
      .map((line) => `apache/skywalking@v6.3.0:${core}/${line}`)
      .join(", "),
  },
  {
    // Measured with H2 in a file: no agent can register, restarted or not.
    since: "6.6.0",
    kinds: jdbc,
    change: "the register of instances has new columns, without which no agent can register",
    source: `apache/skywalking@v6.6.0:${core}/ServiceInstanceInventory.java:241, apache/skywalking@v6.6.0:${executor}:119`,
  },
  {
    since: "8.0.0",
    kinds: storageProducts,
    change: "registers were removed; a different storage or a new namespace is required",
    source: "apache/skywalking@v10.4.0:docs/en/FAQ/v8-version-upgrade.md",
  },
  {
    since: "8.4.0",
    kinds: ["mysql", "tidb"],
    change: "support for several alarm rules per entity is incompatible with the previous tables",
    source: changes("8.4.0", "4"),
  },
  { since: "8.5.0", kinds: elastic, change: "indices and templates changed", source: changes("8.5.0", "4") },
  {
    since: "8.8.0",
    kinds: [...elastic, ...jdbc],
    change: "a column of browser_error_log was renamed",
    source: changes("8.8.0", "27"),
  },
  {
    since: "9.0.0",
    kinds: storageProducts,
    change: "service_traffic and ui_template must be removed before the OAP starts",
    source: "apache/skywalking@v10.4.0:docs/en/FAQ/v9-version-upgrade.md",
  },
  {
    since: "9.1.0",
    kinds: [...elastic, ...jdbc],
    change:
      "ebpf_profiling_task and process_traffic must be deleted; in SQL databases tags moved to tables of their own",
    source: changes("9.1.0", "24"),
  },
  {
    since: "9.2.0",
    kinds: [...elastic, ...jdbc],
    change:
      "metrics and records moved to merged indices in Elasticsearch; SQL databases must drop segment, log and alarm tables",
    source: changes("9.2.0", "31"),
  },
  {
    since: "9.3.0",
    kinds: [...elastic, ...jdbc],
    change: "top_n_database_statement must be re-created; in SQL databases tag columns must be altered",
    source: changes("9.3.0", "50"),
  },
  {
    since: "9.4.0",
    kinds: [...elastic, ...jdbc],
    change: "a column of the service relations was replaced",
    source: changes("9.4.0", "54"),
  },
  {
    since: "9.5.0",
    kinds: [...elastic, ...jdbc],
    change: "ui_template must be cleaned first; SQL tables are merged and rolled over daily",
    source: changes("9.5.0", "14"),
  },
  {
    // What releases before 9.7 stored of them is in indices that 10.0.0 does not use.
    since: "10.0.0",
    storedSince: "9.7.0",
    kinds: elastic,
    change: "ui_template and ui_menu changed their type",
    source: changes("10.0.0", "27"),
  },
  {
    since: "10.0.0",
    kinds: jdbc,
    change: "labeled metrics are stored with all label names",
    source: changes("10.0.0", "27"),
  },
  {
    since: "10.3.0",
    kinds: [...elastic, ...jdbc],
    change: "events moved from metrics to records",
    source: changes("10.3.0", "34"),
  },
];

/** Releases that continue with older data, but with a loss, or only if something is done. */
export const storageCautions: readonly StorageBreak[] = [
  {
    // Measured with agents 6.5.0 to 7.0.0: each traced 3 s in 10 minutes, and a restarted one all the time.
    since: "6.6.0",
    kinds: elastic,
    change:
      "every agent must be restarted afterwards: the instances that are stored lack what 6.6.0 reads, and an agent that stays is told to register again and again",
    source: `apache/skywalking@v6.6.0:${core}/ServiceInstanceInventory.java:241`,
  },
  {
    since: "7.0.0",
    kinds: elastic,
    change:
      "hour and day metrics are stored with the minute metrics: those that 6.x wrote are no longer shown, and its hour and day indices can be deleted",
    source: "apache/skywalking@v7.0.0:docs/en/FAQ/Hour-Day-Metrics-Stopping.md",
  },
  // Measured on Elasticsearch 7.10.2: 10.1.0 started on what 9.6.0 had stored, showed its services, traces and other
  // metrics, and 9.6.0 started on it again.
  {
    since: "9.7.0",
    kinds: elastic,
    change: "dashboards that were changed in the UI stay behind: management data moved to an index of its own",
    source: changes("9.7.0", "16"),
  },
  {
    since: "10.0.0",
    kinds: elastic,
    change: "percentiles from before are not shown: labeled metrics are stored under other labels",
    source: changes("10.0.0", "27"),
  },
  {
    since: "11.0.0",
    kinds: [...elastic, ...jdbc],
    change:
      "alarms from before are not found by entity, layer or rule, and dashboards that were changed in the old UI are not those of Horizon",
    source: "apache/skywalking@5839d2a:docs/en/changes/changes.md:50",
  },
];

function between(rows: readonly StorageBreak[], older: OapRelease, newer: OapRelease, kind: StorageProduct) {
  return rows.filter(
    ({ kinds, since, storedSince = older }) =>
      kinds.includes(kind) && isAtLeast(older, storedSince) && !isAtLeast(older, since) && isAtLeast(newer, since),
  );
}

/**
 * Whether the OAP `to` can start on the storage that `from` wrote, as an in-place upgrade requires. The project
 * guarantees this nowhere; the answer is no if its documents or sources say so, in either direction. Never throws.
 */
export function storageCompatible(from: OapRelease, to: OapRelease, kind: StorageProduct): StorageVerdict {
  const [older, newer] = isAtLeast(to, from) ? [from, to] : [to, from];
  for (const release of [older, newer]) {
    const { value, source } = rowAt(storageOffers[kind], release);
    if (value === undefined) return { compatible: false, reason: `OAP ${release} has no ${kind} storage`, source };
  }
  if (kind === "h2") {
    return {
      compatible: false,
      reason: "by default H2 keeps its data in the OAP's own memory, so all of it is lost when the OAP is replaced",
      source: "apache/skywalking@v9.1.0:docs/en/setup/backend/backend-storage.md:21",
    };
  }
  if (from === to) return { compatible: true };
  const [first, ...more] = between(storageBreaks, older, newer, kind);
  if (first !== undefined) {
    const later = more.map(({ since }) => since).join(", ");
    return {
      compatible: false,
      reason: `OAP ${first.since} changed the stored data: ${first.change}${later === "" ? "" : `; so did ${later}`}`,
      source: first.source,
    };
  }
  if (kind === "banyandb") {
    const [before, after] = [rowAt(storageOffers.banyandb, older), rowAt(storageOffers.banyandb, newer)];
    if (before !== after || after.value?.versions === undefined) {
      const server = ({ value }: typeof before) => value?.versions ?? "version not stated";
      return {
        compatible: false,
        reason: `no BanyanDB server is known to serve both OAP ${older} (${server(before)}) and ${newer} (${server(after)})`,
        source: `${before.source}, ${after.source}`,
      };
    }
  }
  const cautions = between(storageCautions, older, newer, kind).map(({ change }) => change);
  return cautions.length === 0 ? { compatible: true } : { compatible: true, caution: cautions.join("; ") };
}
