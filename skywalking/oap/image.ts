import { valueAt, type Timeline } from "../release";
import { isElasticsearch6, supportsStorage, type StorageRef } from "../storage";
import type { OapRelease } from "./releases";

/** Java releases for which the image has a variant. */
export type Jdk = 11 | 17 | 21;

/**
 * How the tag of the OAP's image is formed. `elasticsearch`: `-es6` for Elasticsearch 6, `-es7` for Elasticsearch 7 and
 * OpenSearch. They differ only in that library, so either works with a database; this program uses `-es7`.
 */
export const imageSuffix: Timeline<OapRelease, "none" | "elasticsearch"> = [
  { since: "6.0.0-GA", value: "none", source: "apache/skywalking-docker@b817a03:archive/6/6.5/compose" },
  {
    since: "6.6.0",
    value: "elasticsearch",
    source: "apache/skywalking-docker@b817a03:archive/6/6.6, apache/skywalking-docker@b817a03:Makefile",
  },
  { since: "8.8.0", value: "none", source: "apache/skywalking@v8.9.1:docs/en/setup/backend/backend-docker.md" },
];

/**
 * The `-javaNN` variants that the release workflow publishes beside the plain tag, whose name does not say its Java.
 * Whether each of them reached the registry is not known.
 */
export const imageJdks: Timeline<OapRelease, readonly Jdk[]> = [
  { since: "6.0.0-GA", value: [], source: "apache/skywalking-docker@b817a03:Makefile" },
  { since: "9.5.0", value: [17], source: "apache/skywalking@v9.5.0:.github/workflows/publish-docker.yaml" },
  { since: "10.0.0", value: [17, 21], source: "apache/skywalking@v10.0.0:.github/workflows/publish-docker.yaml" },
  { since: "10.4.0", value: [11, 17, 21], source: "apache/skywalking@v10.4.0:.github/workflows/publish-docker.yaml" },
];

/**
 * The full name of the OAP server's image.
 *
 * @param tag - the release itself, or one that is not known and behaves like it
 * @throws RangeError when the release does not support the storage or has no image for the Java release.
 */
export function oapImage(release: OapRelease, tag: string, storage: StorageRef, jdk?: Jdk): string {
  const support = supportsStorage(release, storage, tag);
  if (!support.supported) throw new RangeError(`${support.reason}; it works with: ${support.allowed}`);
  if (jdk !== undefined && !valueAt(imageJdks, release).includes(jdk)) {
    throw new RangeError(`there is no image of OAP ${tag} for Java ${jdk}`);
  }
  const flavour =
    valueAt(imageSuffix, release) === "elasticsearch" ? (isElasticsearch6(storage) ? "-es6" : "-es7") : "";
  const variant = jdk === undefined ? "" : `-java${jdk}`;
  return `apache/skywalking-oap-server:${tag}${flavour}${variant}`;
}
