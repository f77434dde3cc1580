import * as z from "zod";

import { strict } from "../schema/object";
import { storageKind, type Checked } from "./kind";

/** Every server has an H2 of its own, in its memory. */
function check({ generation: { oap }, reportOfGeneration: report }: Checked<unknown>): void {
  const own = "every server has its own H2, so there can be only one server";
  if (oap.replicas !== 1) {
    report({
      key: "oap.replicas",
      value: oap.replicas,
      wrong: `is not 1: ${own}`,
      fix: "set it to 1, or choose another kind of storage",
    });
  }
  if (oap.autoscaling !== undefined) {
    report({
      key: "oap.autoscaling",
      wrong: `cannot be used with storage h2: ${own}`,
      fix: "remove it, or choose another kind of storage",
    });
  }
}

/** In the memory of the OAP, and gone with it: for a demo. */
export const h2 = storageKind(strict({ kind: z.literal("h2") }), {
  product: "h2",
  serverVersion: () => undefined,
  check,
});
