import { satisfies } from "semver";

import { indexTemplatesOf } from "../../skywalking/index-templates";
import { oapProfile } from "../../skywalking/oap";
import { versionOf } from "../../skywalking/release";
import { storageNames, type StorageRef } from "../../skywalking/storage";
import type { Report } from "../problem";
import type { AdminElsewhere, AdminInCluster } from "./admin-schema";
import type { Checked } from "./kind";

/** Releases of x-pack that have snapshot lifecycle. */
export const snapshotLifecycle = ">=7.4.0";

/** Checks what is to be declared in an Elasticsearch, wherever it runs. */
export function checkAdmin(
  { name, generation, storage, report }: Checked<{ readonly version: string; readonly namespace?: string | undefined }>,
  { indices, snapshots }: Pick<AdminElsewhere, "indices" | "snapshots">,
  server: {
    readonly product: StorageRef["kind"];
    /** Releases that have snapshot lifecycle; undefined for none. */
    readonly lifecycle: string | undefined;
  },
): void {
  const { version } = storage;
  const product = storageNames[server.product];
  if (storage.namespace === "" && oapProfile(generation.behavesLike).storageNamespaceDefault === "") {
    report({
      key: "namespace",
      value: "",
      wrong: "is no prefix, so the indices of this generation cannot be told apart from others",
      fix: "set it to the prefix that they have, or remove admin",
    });
  }
  // What is in place never goes from one kind of templates to the other: 8.8.0 needs a new storage.
  const templates = indexTemplatesOf(generation.behavesLike, { kind: server.product, version });
  if (indices !== undefined && templates === "composable") {
    report({
      key: "admin.indices",
      wrong: `would have no effect: OAP ${generation.version} writes composable index templates into ${product} ${version}, and of those only one applies`,
      fix: `set shards and replicas in generations.${name}.oap.env (SW_STORAGE_ES_INDEX_SHARDS_NUMBER, SW_STORAGE_ES_INDEX_REPLICAS_NUMBER) and remove it`,
    });
  }
  const hasLifecycle = server.lifecycle !== undefined && satisfies(versionOf(version), server.lifecycle);
  if (snapshots?.lifecycle !== undefined && !hasLifecycle) {
    report({
      key: "admin.snapshots.lifecycle",
      wrong: `is not available in ${product} ${version}; it requires x-pack 7.4 or newer`,
      fix: "remove it",
    });
  }
  if (snapshots?.type === undefined && Object.keys(snapshots?.settings ?? {}).length > 0) {
    report({
      key: "admin.snapshots.type",
      wrong: "is missing, but the repository has settings",
      fix: "set it, or remove the settings if the repository already exists",
    });
  }
}

/** Checks the volume of a repository of type `fs`, which all nodes mount. */
export function checkClaim({ snapshots }: AdminInCluster, report: Report): void {
  const { type, claim } = snapshots ?? {};
  if (type === "fs" && claim === undefined) {
    report({
      key: "admin.snapshots.claim",
      wrong: "is missing; a repository of type fs needs a volume that all nodes mount",
      fix: "name a claim in the generation's Kubernetes namespace (ReadWriteMany if there are several nodes)",
    });
  }
  if (type !== "fs" && claim !== undefined) {
    report({
      key: "admin.snapshots.claim",
      value: claim,
      wrong: "is only used for a repository of type fs",
      fix: "set type to fs, or remove it",
    });
  }
}

/** Checks who administers an Elasticsearch that runs elsewhere. */
export function checkAdministrator(
  { name, storage, report }: Checked<{ readonly user?: string | undefined }>,
  { user, password, createUser }: AdminElsewhere,
): void {
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
      wrong: "is missing; `createUser` creates this user",
      fix: "set it and its password",
    });
  }
}
