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

/** The host of an address, for a regular expression. */
export const host = "[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?";

export const nodeUrl = z
  .string()
  .regex(
    new RegExp(`^https?://${host}:\\d{1,5}$`),
    "is not the URL of a node; allowed: http://host:port or https://host:port, no path, no user -> write it in that form",
  );

export const serverVersion = (server: string, example: string) =>
  z.string().regex(/^\d+\.\d+\.\d+$/, `is not a release of ${server} -> write all three numbers, e.g. "${example}"`);
