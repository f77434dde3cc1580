import * as pulumi from "@pulumi/pulumi";

import { storagePods, type Storage, type StorageKind, type StorageOf } from "../../upgrade/storage/storage";
import { Banyandb } from "./banyandb";
import { bindExternalBanyandb } from "./banyandb-external";
import type { StorageArgs, StorageBinding } from "./binding";
import { bindDatabase } from "./database";
import { Elasticsearch } from "./elasticsearch/elasticsearch";
import { createEck } from "./elasticsearch-eck";
import { bindExternalNodes } from "./external-nodes";
import { bindH2 } from "./h2";

type Bind<Settings> = (
  name: string,
  args: StorageArgs<Settings>,
  options: pulumi.CustomResourceOptions,
) => StorageBinding;

const kinds: { readonly [Kind in StorageKind]: Bind<StorageOf<Kind>> } = {
  elasticsearch: (name, args, options) => new Elasticsearch(name, args, options),
  "elasticsearch-eck": createEck,
  "elasticsearch-external": bindExternalNodes,
  "opensearch-external": bindExternalNodes,
  banyandb: (name, args, options) => new Banyandb(name, args, options),
  "banyandb-external": bindExternalBanyandb,
  "postgresql-external": bindDatabase,
  "mysql-external": bindDatabase,
  "tidb-external": bindDatabase,
  h2: bindH2,
};

function bindOf<Kind extends StorageKind>({ kind }: { readonly kind: Kind }): Bind<StorageOf<Kind>> {
  return kinds[kind];
}

/** Declares what there is to declare of a storage, and says how its OAP reaches it. */
export function bindStorage(
  name: string,
  args: StorageArgs<Storage>,
  options: pulumi.CustomResourceOptions,
): StorageBinding {
  const { settings, storage } = args;
  // Named in allowReplace so that it may go: the engine deletes nothing that is protected.
  const mayGo = storage.mayReplace && storagePods(settings) !== undefined;
  return bindOf(settings)(name, args, { ...options, ...(mayGo ? { protect: false } : {}) });
}
