import type { SlotState } from "../workload/slot";
import type { Problems } from "./problems";

/** One of several slots that only together say where an agent reports. */
export interface Part {
  /** As the user knows it. */
  readonly name: string;
  readonly state: SlotState;
}

/**
 * Whether several slots stay together. An owner's deploy sets back those that the owner's manifest sets, and leaves the
 * others: that is whole only if the manifest sets none of them, or all.
 *
 * @returns the names of those that the owner sets too; undefined if they would be split, which has been reported
 */
export function checkInseparable(parts: readonly Part[], problems: Problems): string[] | undefined {
  const owners = parts.filter(({ state }) => state.original !== undefined || state.foreign).map(({ name }) => name);
  if (owners.length === 0 || owners.length === parts.length) return owners;
  const ours = parts.map(({ name }) => name).filter((name) => !owners.includes(name));
  problems.add(
    "inject",
    `would be split: the owner's manifest sets ${owners.join(" and ")} and not ${ours.join(" and ")}, so the owner's next deploy would reset only the former`,
    `have the owner set all of ${parts.map(({ name }) => name).join(", ")}, or none; or choose another way to inject`,
  );
  return undefined;
}
