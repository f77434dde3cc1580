import { oapProfile } from "../../skywalking/oap";
import type { ManagedGeneration } from "../config";
import type { Report } from "../problem";
import { storageAdmin } from "./administration";
import { addressesOf, prefixOf, rulesOf, storageRef } from "./storage";

/** Checks what the schema of one key cannot see in the storage of a generation. */
export function checkStorage(name: string, generation: ManagedGeneration, report: Report): void {
  const { storage } = generation;
  const below =
    (path: string): Report =>
    ({ key, ...problem }) => {
      report({ key: `${path}.${key}`, ...problem });
    };
  const ofStorage = below(`generations.${name}.storage`);
  if (!isSupported(generation, ofStorage)) return;
  rulesOf(storage).check({
    name,
    generation,
    storage,
    report: ofStorage,
    reportOfGeneration: below(`generations.${name}`),
  });
}

function isSupported(generation: ManagedGeneration, report: Report): boolean {
  const ref = storageRef(generation);
  const support = oapProfile(generation.behavesLike, generation.version).supportsStorage(ref);
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

type Named = readonly [name: string, generation: ManagedGeneration];

/** Checks that two generations do not write into each other's data. */
export function checkSharedStorage(a: Named, b: Named, report: Report): void {
  checkSharedRepository(a, b, report);
  const first = addressesOf(a[1].storage);
  const shared = addressesOf(b[1].storage).find((address) => first.includes(address));
  if (shared === undefined) return;
  const key = `generations.${b[0]}.storage`;
  const [before, after] = [a, b].map(([name, generation]) => prefixOf(name, generation));
  if (before === undefined || after === undefined) {
    report({
      key,
      wrong: `is also that of ${a[0]} (${shared}), and has no prefix to keep their data apart`,
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
      wrong: `cannot be told apart from that of ${a[0]} (${JSON.stringify(before)}) on the same server (${shared}): a user with access to the indices of ${shorter} also reaches those of ${longer}`,
      fix: "choose a prefix that does not begin with the other one",
    });
  }
}

/** Whether a pattern for all indices of one prefix (`v9_*`, and `*` for none) finds those of another. */
function reaches(prefix: string, other: string): boolean {
  return prefix === "" || other.startsWith(`${prefix}_`);
}

/** Checks that two generations do not register one repository of the same Elasticsearch in two ways. */
function checkSharedRepository([a, first]: Named, [b, second]: Named, report: Report): void {
  const [one, other] = [storageAdmin(a, first), storageAdmin(b, second)];
  const [mine, theirs] = [one?.repository, other?.repository];
  if (one?.reach.url !== other?.reach.url || mine?.name !== theirs?.name) return;
  const [registered, again] = [mine?.registered, theirs?.registered].map((value) => JSON.stringify(value));
  if (registered === undefined || again === undefined || registered === again) return;
  report({
    key: `generations.${b}.storage.admin.snapshots.repository`,
    value: theirs?.name,
    wrong: `is the repository of ${a} too, on the same Elasticsearch (${one?.reach.url}), with other settings`,
    fix: "choose another name, or give both the same settings",
  });
}
