import type * as pulumi from "@pulumi/pulumi";

import type { StorageOf } from "../../upgrade/storage/storage";
import { connectBanyandb } from "./banyandb-connection";
import type { StorageArgs, StorageBinding } from "./binding";
import { createTrust } from "./external";

/** A BanyanDB that runs elsewhere. */
export function bindExternalBanyandb(
  name: string,
  args: StorageArgs<StorageOf<"banyandb-external">>,
  options: pulumi.CustomResourceOptions,
): StorageBinding {
  const { resources, ...trust } = createTrust(name, args, options);
  return { connection: connectBanyandb(args.oap, { targets: args.settings.targets.join(","), ...trust }), resources };
}
