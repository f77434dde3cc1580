import { tokenKey, tokenSecret, tokenVariable } from "../workload/additions";
import type { AgentSettings } from "./agent-settings";
import type { EnvSlot, SlotValue } from "../workload/slot";
import type { ConfigEntry } from "./agent-config";

/** A variable that reads the token of a generation from its Secret. */
export function tokenFrom(slot: EnvSlot, { generation }: AgentSettings): SlotValue {
  return { slot, secret: { name: tokenSecret(generation), key: tokenKey } };
}

/**
 * What goes into a text that cannot read a Secret: the token by reference to a variable of ours. Kubernetes replaces
 * `$(NAME)` where the variable stands before it in the list.
 */
export function inText({ value }: ConfigEntry): string {
  return value ?? `$(${tokenVariable})`;
}

/** The variable that {@link inText} refers to, where it does. */
export function tokenVariableFor(
  container: string,
  config: readonly ConfigEntry[],
  settings: AgentSettings,
): SlotValue[] {
  return config.some(({ value }) => value === undefined)
    ? [tokenFrom({ at: "env", container, name: tokenVariable }, settings)]
    : [];
}
