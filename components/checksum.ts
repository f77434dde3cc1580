import { createHash } from "node:crypto";

/** 16 hexadecimal digits that tell one text from another, for annotations and names. */
export function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
