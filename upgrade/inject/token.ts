import { tokenKey, tokenSecret, tokenVariable } from "../names";
import type { AgentSettings } from "../agent-settings";
import type { EnvSlot, Written } from "../slot";
import type { Told } from "./told";

/** A variable that reads the token of a generation from its Secret. */
export function tokenFrom(slot: EnvSlot, { generation }: AgentSettings): Written {
  return { slot, secret: { name: tokenSecret(generation), key: tokenKey } };
}

/**
 * What goes into a text that cannot read a Secret: the token by reference to a variable of ours. Kubernetes replaces `$(NAME)`
 * where the variable stands before it in the list.
 */
export function inText({ value }: Told): string {
  return value ?? `$(${tokenVariable})`;
}

/** The variable that {@link inText} refers to, where it does. */
export function tokenVariableFor(container: string, told: readonly Told[], settings: AgentSettings): Written[] {
  return told.some(({ value }) => value === undefined)
    ? [tokenFrom({ at: "env", container, name: tokenVariable }, settings)]
    : [];
}
