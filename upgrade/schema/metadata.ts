import * as z from "zod";

import { atMost } from "./scalars";

/** `name` or `domain/name`, as Kubernetes has it for labels and annotations alike. */
const metadataKey = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/,
    "is not the name of a label or annotation; allowed: up to 63 letters, digits, '-', '_' and '.', a domain and '/' before them -> rename it",
  );

/**
 * What the program itself writes: the labels by which Services and controllers find their pods, the label by which OAP
 * nodes find each other, the checksum that rolls pods. Another value would mix two generations or two components.
 */
const own = /^(skywalking-canary\/.*|app\.kubernetes\.io\/(name|instance|component|version|managed-by))$/;
const freeKey = metadataKey.refine((key) => !own.test(key), "is set by the program -> remove it");

const labelValue = z
  .string()
  .max(63, atMost(63))
  .regex(
    /^([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/,
    "is not the value of a label; allowed: letters, digits, '-', '_' and '.' -> correct it",
  );

/** Labels that are added to the program's own. */
export const labels = z.record(freeKey, labelValue);
/** Annotations that are added to the program's own. */
export const annotations = z.record(freeKey, z.string());
/** Labels of somebody else, by which they are chosen. */
export const labelSelector = z.record(metadataKey, labelValue);
