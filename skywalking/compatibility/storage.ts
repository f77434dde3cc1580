import type { OapRelease } from "../oap/releases";
import { isAtLeast, rowAt } from "../release";
import { storageKinds, storageOffers, type StorageKind } from "../storage";

/** Whether an OAP can go on with what an OAP of another release has written. */
export type StorageVerdict =
  | {
      readonly compatible: true;
      /** What the project says is lost or needs a hand afterwards. */
      readonly caution?: string;
    }
  | { readonly compatible: false; readonly reason: string; readonly source: string };

/** A release from which on a storage must not be carried over as it is, by the project's own words. */
export interface StorageBreak {
  readonly since: OapRelease;
  readonly kinds: readonly StorageKind[];
  /** What changed, or what the project demands to be erased. */
  readonly change: string;
  readonly source: string;
}

const elastic: readonly StorageKind[] = ["elasticsearch", "opensearch"];
const jdbc: readonly StorageKind[] = ["mysql", "tidb", "postgresql"];

function changes(release: string, lines: string): string {
  const page = release === "6.2.0" ? "6.x" : release;
  return `apache/skywalking@v10.4.0:docs/en/changes/changes-${page}.md:${lines}`;
}

/** Every change of the stored data that the project's release notes or upgrade guides call incompatible, oldest first. */
export const storageBreaks: readonly StorageBreak[] = [
  {
    since: "6.2.0",
    kinds: elastic,
    change: "all existing indices must be deleted",
    source: changes("6.2.0", "256"),
  },
  {
    since: "8.0.0",
    kinds: storageKinds,
    change: "registers are gone, a different storage or a new namespace is required",
    source: "apache/skywalking@v10.4.0:docs/en/FAQ/v8-version-upgrade.md",
  },
  {
    since: "8.4.0",
    kinds: ["mysql", "tidb"],
    change: "several alarm rules per entity, incompatible with previous tables",
    source: changes("8.4.0", "4"),
  },
  { since: "8.5.0", kinds: elastic, change: "indices and templates have changed", source: changes("8.5.0", "4") },
  {
    since: "8.8.0",
    kinds: [...elastic, ...jdbc],
    change: "a column of browser_error_log was renamed",
    source: changes("8.8.0", "27"),
  },
  {
    since: "9.0.0",
    kinds: storageKinds,
    change: "service_traffic and ui_template must be removed before it starts",
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
    change: "top_n_database_statement must be created again; in SQL databases tag columns must be altered",
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
    change: "ui_template must be cleaned before; SQL tables are merged and rolled by day",
    source: changes("9.5.0", "14"),
  },
  {
    since: "9.7.0",
    kinds: elastic,
    change: "management data moved to one index",
    source: changes("9.7.0", "16"),
  },
  {
    since: "10.0.0",
    kinds: [...elastic, ...jdbc],
    change:
      "labeled metrics are stored with all label names; in Elasticsearch ui_template and ui_menu changed their type",
    source: changes("10.0.0", "27"),
  },
  {
    since: "10.3.0",
    kinds: [...elastic, ...jdbc],
    change: "events moved from metrics to records",
    source: changes("10.3.0", "34"),
  },
];

/** A release that goes on with older data, but not without a loss that the project names. */
export const storageCautions: readonly StorageBreak[] = [
  {
    since: "7.0.0",
    kinds: elastic,
    change:
      "metrics of hour and day precision are stored with those of the minute: what 6.x wrote of them is shown no longer, and its indices of hours and days can be deleted",
    source: "apache/skywalking@v7.0.0:docs/en/FAQ/Hour-Day-Metrics-Stopping.md",
  },
];

function between(rows: readonly StorageBreak[], older: OapRelease, newer: OapRelease, kind: StorageKind) {
  return rows.filter((row) => row.kinds.includes(kind) && !isAtLeast(older, row.since) && isAtLeast(newer, row.since));
}

/**
 * Whether the OAP `to` can start on the storage that `from` wrote, which an upgrade in place needs. The project promises
 * it nowhere; this says no where its documents do, in either direction. Never throws.
 */
export function storageCompatible(from: OapRelease, to: OapRelease, kind: StorageKind): StorageVerdict {
  const [older, newer] = isAtLeast(to, from) ? [from, to] : [to, from];
  for (const release of [older, newer]) {
    const { value, source } = rowAt(storageOffers[kind], release);
    if (value === undefined) return { compatible: false, reason: `OAP ${release} has no ${kind} storage`, source };
  }
  if (from === to) return { compatible: true };
  if (kind === "h2") {
    return {
      compatible: false,
      reason: "H2 keeps its data in the OAP's own memory by default, nothing of it is left when the OAP is replaced",
      source: "apache/skywalking@v9.1.0:docs/en/setup/backend/backend-storage.md:21",
    };
  }
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
