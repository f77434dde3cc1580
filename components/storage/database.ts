import type * as pulumi from "@pulumi/pulumi";

import type { Database } from "../../upgrade/storage/database";
import { noFiles } from "../pod-files";
import { variable, type StorageArgs, type StorageBinding } from "./binding";
import { createTrust } from "./external";
import { driverFiles } from "./oap-files";

/** A database that runs elsewhere and that the OAP reaches by JDBC. */
export function bindDatabase(
  name: string,
  args: StorageArgs<Database>,
  options: pulumi.CustomResourceOptions,
): StorageBinding {
  const { oap, settings } = args;
  const { credentials, resources } = createTrust(name, args, options);
  const names = oap.profile.env.jdbc;
  return {
    connection: {
      env: [
        ...variable(names?.url, settings.url),
        ...variable(names?.user, credentials?.user),
        ...variable(names?.password, credentials?.password),
      ],
      files: settings.driver === undefined ? noFiles : driverFiles(oap, settings.driver),
      installedBy: "init Job",
    },
    resources,
  };
}
