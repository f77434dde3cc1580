import * as z from "zod";

import { oapProfile } from "../../skywalking/oap";
import { strict } from "../schema/object";
import { host, image, plainPath, withHosts } from "../schema/scalars";
import { checkCredentials, credentials, hasCredentials } from "./external";
import { storageKind, type Checked } from "./kind";
import { sameServer } from "./same-server";

/** What tells the databases apart. */
interface DatabaseFacts<Kind extends string> {
  readonly kind: Kind;
  readonly product: "mysql" | "tidb" | "postgresql";
  /** `jdbc:SCHEME://`. */
  readonly scheme: string;
  readonly defaultPort: number;
}

const parametersOf = (url: string): string[] => [...new URLSearchParams(url.split("?")[1]).keys()];

/** Host and port, if it names one. */
const serverOf = (url: string): string => String(url.split("/")[2]);

const schemaOf = <Kind extends string>({ kind, scheme }: DatabaseFacts<Kind>) =>
  strict({
    kind: z.literal(kind),
    /**
     * What is known of the server's version: `8`, `8.0`, `8.0.36`. Defaults to any that the OAP's release works with.
     */
    version: z
      .string()
      .regex(
        /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){0,2}$/,
        'is not a version; allowed: one to three numbers -> write e.g. "8.0"',
      )
      .optional(),
    /** `SW_JDBC_URL`, without user and password. */
    url: withHosts(
      new RegExp(`^jdbc:${scheme}://${host}(:\\d{1,5})?/[^/?;@\\s]+(\\?[^@\\s]*)?$`),
      (url) => [serverOf(url)],
      `is not the URL of a database; allowed: jdbc:${scheme}://host:port/database, a port up to 65535, parameters after it, no user -> write it in that form`,
    ).refine(
      (url) => !parametersOf(url).some((name) => /^user$|passw|pwd/i.test(name)),
      "has a user or password among its parameters; allowed: the keys `user` and `password` -> move them there",
    ),
    ...credentials,
    /**
     * An image that holds the JDBC driver, where the OAP's image brings none: a pod copies `path` out of it when it
     * starts.
     */
    driver: strict({
      image,
      /** The jar in that image. */
      path: plainPath("/mysql-connector-j.jar"),
    }).optional(),
  });

/** A database that the OAP reaches by JDBC. */
export type Database = z.output<ReturnType<typeof schemaOf<string>>>;

function check(product: DatabaseFacts<string>["product"], checked: Checked<Database>): void {
  const { name, generation, storage, report } = checked;
  const { version, behavesLike, oap } = generation;
  const profile = oapProfile(behavesLike);
  if (profile.env.jdbc === undefined) {
    report({
      key: "kind",
      value: storage.kind,
      wrong: `cannot be used: the image of OAP ${version} reads no connection from its environment; allowed: OAP 6.5.0 or newer`,
      fix: "choose another kind of storage or another release of the OAP",
    });
    return;
  }
  checkCredentials(checked);
  if (!hasCredentials(storage) && storage.password === undefined) {
    report({
      key: "user",
      wrong: "is missing: without it the OAP uses the user of its own default",
      fix: `set it and pulumi config set --secret --path 'generations.${name}.storage.password', or name a credentialsSecret`,
    });
  }
  const support = profile.supportsStorage({ kind: product, version: storage.version });
  const needsDriver = support.supported && support.needsDriverJar;
  if (needsDriver && storage.driver === undefined && oap.image === undefined) {
    report({
      key: "driver",
      wrong: `is missing: the image of OAP ${version} contains no JDBC driver for it`,
      fix: `set driver.image and driver.path to an image that holds the jar, or oap.image to one of your own with the jar in ${profile.libraryDirectory}`,
    });
  }
  if (!needsDriver && storage.driver !== undefined) {
    report({
      key: "driver",
      wrong: `is not needed: the image of OAP ${version} contains a JDBC driver for it`,
      fix: "remove it",
    });
  }
}

/** A kind of database. It has no prefix: each generation has a database of its own. */
function database<Kind extends string>(facts: DatabaseFacts<Kind>) {
  return storageKind(schemaOf(facts), {
    product: facts.product,
    serverVersion: ({ version }) => version,
    addresses: ({ url }) => {
      const server = serverOf(url);
      const port = server.includes(":") ? "" : `:${facts.defaultPort}`;
      return [`${sameServer(server)}${port}/${String(url.split(/[/?]/)[3])}`];
    },
    check: (checked) => {
      check(facts.product, checked);
    },
  });
}

export const postgresql = database({
  kind: "postgresql-external",
  product: "postgresql",
  scheme: "postgresql",
  defaultPort: 5432,
});
export const mysql = database({ kind: "mysql-external", product: "mysql", scheme: "mysql", defaultPort: 3306 });
export const tidb = database({ kind: "tidb-external", product: "tidb", scheme: "mysql", defaultPort: 3306 });
