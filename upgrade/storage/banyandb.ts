import * as z from "zod";

import { banyandbRelease } from "../../skywalking/storage";
import { strict } from "../schema/object";
import { storageKind } from "./kind";
import { pods } from "./pods";
import { serverVersion } from "./scalars";

const schema = strict({
  kind: z.literal("banyandb"),
  /** Defaults to the release that the OAP's goes with, where its documents name one. */
  version: serverVersion("BanyanDB", "0.9.0").optional(),
  ...pods,
});

/** A standalone BanyanDB that this program runs: one node, as its documents have it for this mode. */
export const banyandb = storageKind(schema, {
  product: "banyandb",
  serverVersion: ({ version }, oap) => version ?? banyandbRelease(oap),
  pods: (storage) => storage,
  nodes: ({ volumeSize }) => [{ role: "data", replicas: 1, volumeSize }],
  check: ({ generation: { version, behavesLike }, storage, report }) => {
    // What the program sets must have a release that goes with the OAP's.
    if ((storage.version ?? banyandbRelease(behavesLike)) !== undefined) return;
    report({
      key: "version",
      wrong: `is missing: the documentation names no BanyanDB release for OAP ${version}`,
      fix: "name the release that you have tested, or use an OAP whose documentation names one: 9.3.0, 9.7.0 or newer",
    });
  },
});
