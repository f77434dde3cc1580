import { satisfies } from "semver";

import { indexTemplatesOf } from "../../skywalking/index-templates";
import { versionOf } from "../../skywalking/release";
import type { ManagedGeneration } from "../config";
import type { Report } from "../problem";
import { prefixOf, storageNames, storageRef } from "./storage";
import { isAdministered, storageAdmin, type StorageAdmin } from "./administration";

/** Snapshot lifecycle came with this release of x-pack. */
const lifecycleSince = ">=7.4.0";

/**
 * Checks what is to be declared in the storage of a generation.
 *
 * @param report - takes problems whose key begins after `generations.NAME.storage.`
 */
export function checkStorageAdmin(name: string, generation: ManagedGeneration, report: Report): void {
  const { storage } = generation;
  if (!isAdministered(storage) || storage.admin === undefined) return;
  const { indices, snapshots } = storage.admin;
  if (prefixOf(name, generation) === "") {
    report({
      key: "namespace",
      value: "",
      wrong: "is no prefix by which the indices of this generation could be told from others",
      fix: "set it to the prefix that they have, or remove admin",
    });
  }
  const ref = storageRef(generation);
  // What is in place never goes from one kind of templates to the other: 8.8.0 needs a new storage.
  if (indices !== undefined && indexTemplatesOf(generation.version, ref) === "composable") {
    report({
      key: "admin.indices",
      wrong: `would have no effect: OAP ${generation.version} writes composable index templates into ${storageNames[ref.kind]} ${storage.version}, and of those only one applies`,
      fix: `set shards and replicas by generations.${name}.oap.env (SW_STORAGE_ES_INDEX_SHARDS_NUMBER, SW_STORAGE_ES_INDEX_REPLICAS_NUMBER) and remove it`,
    });
  }
  const hasLifecycle = storage.kind !== "opensearch-external" && satisfies(versionOf(storage.version), lifecycleSince);
  if (snapshots?.lifecycle !== undefined && !hasLifecycle) {
    report({
      key: "admin.snapshots.lifecycle",
      wrong: `is not to be had in ${storageNames[ref.kind]} ${storage.version}; it came with x-pack 7.4`,
      fix: "remove it",
    });
  }
  if (snapshots?.type === undefined && Object.keys(snapshots?.settings ?? {}).length > 0) {
    report({
      key: "admin.snapshots.type",
      wrong: "is missing, but the repository has settings",
      fix: "set it, or remove the settings of a repository that is there already",
    });
  }
  if (storage.kind === "elasticsearch") {
    const { type, claim } = storage.admin.snapshots ?? {};
    if (type === "fs" && claim === undefined) {
      report({
        key: "admin.snapshots.claim",
        wrong: "is missing; a repository of type fs needs a volume that all nodes mount",
        fix: "name a claim (ReadWriteMany where there are several nodes) of the generation's Kubernetes namespace",
      });
    }
    if (type !== "fs" && claim !== undefined) {
      report({
        key: "admin.snapshots.claim",
        value: claim,
        wrong: "is mounted for a repository of type fs only",
        fix: "set type to fs, or remove it",
      });
    }
    return;
  }
  const { user, password, createUser } = storage.admin;
  if (password !== undefined && user === undefined) {
    report({ key: "admin.user", wrong: "is missing, but a password is set", fix: "set both or none" });
  }
  if (user !== undefined && password === undefined) {
    report({
      key: "admin.password",
      wrong: "is missing, but a user is set",
      fix: `pulumi config set --secret --path 'generations.${name}.storage.admin.password'`,
    });
  }
  if (createUser === undefined) return;
  if (user === undefined) {
    report({ key: "admin.user", wrong: "is missing; only an administrator can create a user", fix: "set it" });
  }
  if (storage.user === undefined) {
    report({
      key: "user",
      wrong: `is missing; it is the user whom \`createUser\` creates`,
      fix: "set it with its password",
    });
  }
}

const addressOf = ({ reach }: StorageAdmin): string => reach.url;

/** Checks that what is declared for two generations does not meet in one Elasticsearch. */
export function checkSharedAdmin(
  [a, first]: readonly [string, ManagedGeneration],
  [b, second]: readonly [string, ManagedGeneration],
  report: Report,
): void {
  const [one, other] = [storageAdmin(a, first), storageAdmin(b, second)];
  if (one === undefined || other === undefined || addressOf(one) !== addressOf(other)) return;
  if (one.repository?.name === other.repository?.name) {
    const [registered, again] = [one.repository?.registered, other.repository?.registered].map((value) =>
      JSON.stringify(value),
    );
    if (registered !== undefined && again !== undefined && registered !== again) {
      report({
        key: `generations.${b}.storage.admin.snapshots.repository`,
        value: other.repository?.name,
        wrong: `is the repository of ${a} too, on the same Elasticsearch (${addressOf(one)}), with other settings`,
        fix: "choose another name, or give both the same settings",
      });
    }
  }
}
