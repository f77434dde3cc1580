import type { Warning } from "../../upgrade/warnings/warning";

/** What warnings say. */
export function textsOf(warnings: readonly Warning[] = []): string[] {
  return warnings.map(({ text }) => text);
}
