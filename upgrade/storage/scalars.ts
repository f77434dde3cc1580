import * as z from "zod";

import { atMost } from "../schema/scalars";

export const volumeSize = z
  .string()
  .regex(/^[1-9]\d*(Gi|Ti)$/, 'is not a volume size; allowed: a whole number with Gi or Ti -> write e.g. "50Gi"');

/**
 * Index prefix: OAP lower-cases it (`StorageModuleElasticsearchProvider`, 6.5 to 11.0), so we ask for it in lower case.
 */
export const indexPrefix = z
  .string()
  .max(50, atMost(50))
  .regex(
    /^([a-z0-9][a-z0-9_-]*)?$/,
    "is not an index prefix; allowed: lower-case letters, digits, '_' and '-' -> choose e.g. the generation's name",
  );

export const serverVersion = (server: string, example: string) =>
  z.string().regex(/^\d+\.\d+\.\d+$/, `is not a release of ${server} -> write all three numbers, e.g. "${example}"`);
