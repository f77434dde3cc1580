import { oapProfile } from "../skywalking/oap";
import { storageNamespace } from "./backend";
import type { ManagedGeneration } from "./config";
import type { Report } from "./problem";

/** Checks what the schema of one key cannot see in the storage of a generation. */
export function checkStorage(name: string, generation: ManagedGeneration, report: Report): void {
  const { storage } = generation;
  const key = `generations.${name}.storage`;
  const support = oapProfile(generation.version).supportsStorage({ kind: "elasticsearch", version: storage.version });
  if (!support.supported) {
    report({
      key: `${key}.version`,
      value: storage.version,
      wrong: `cannot be used: ${support.reason}; allowed: ${support.allowed}`,
      fix: "choose another release of the storage or of the OAP",
    });
  } else if (storage.kind === "elasticsearch" && !storage.version.startsWith("7.")) {
    report({
      key: `${key}.version`,
      value: storage.version,
      wrong: "is not a release that the program can run itself; allowed: 7.x",
      fix: "use a 7.x release, or run that Elasticsearch yourself and name it with kind elasticsearch-external",
    });
  }
  if (storage.kind !== "elasticsearch-external") return;
  if (new Set(storage.urls.map((url) => new URL(url).protocol)).size > 1) {
    report({
      key: `${key}.urls`,
      value: storage.urls,
      wrong: "mixes http and https; the OAP has one protocol for all nodes",
      fix: "use one of them for all nodes",
    });
  }
  if (storage.password !== undefined && storage.user === undefined) {
    report({ key: `${key}.user`, wrong: "is missing, but a password is set", fix: "set both or none" });
  }
  if (storage.user !== undefined && storage.password === undefined) {
    report({
      key: `${key}.password`,
      wrong: "is missing, but a user is set",
      fix: `pulumi config set --secret --path 'generations.${name}.storage.password'`,
    });
  }
}

/** Checks that two generations do not write into each other's data. */
export function checkSharedStorage(
  [a, first]: readonly [string, ManagedGeneration],
  [b, second]: readonly [string, ManagedGeneration],
  report: Report,
): void {
  if (first.storage.kind !== "elasticsearch-external" || second.storage.kind !== "elasticsearch-external") return;
  const urls = new Set(first.storage.urls);
  const shared = second.storage.urls.find((url) => urls.has(url));
  if (shared === undefined || storageNamespace(a, first) !== storageNamespace(b, second)) return;
  report({
    key: `generations.${b}.storage.namespace`,
    value: storageNamespace(b, second),
    wrong: `is the index prefix of ${a} too, on the same Elasticsearch (${shared})`,
    fix: "choose another prefix",
  });
}
