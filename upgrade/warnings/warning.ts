import { nameSome } from "../name-some";

/**
 * Names of the warnings. A name stays when the text of its warning changes, so that scripts and runbooks can rely on
 * it.
 */
export const warningIds = [
  "address-not-visible",
  "agent-stays-on-to",
  "agents-older-than-oap",
  "autoscaler-for-old-name",
  "autoscalers-not-read",
  "call-between-backends",
  "cool-down",
  "data-in-memory",
  "gate-cannot-ask",
  "generation-not-used",
  "ids-kept",
  "ids-taken-by-oap",
  "instance-properties-missing",
  "made-by-another",
  "moves-at-shift",
  "moves-through-satellite",
  "network-policy",
  "not-drained",
  "not-managed",
  "owner-deploys",
  "owner-variable-hidden",
  "parent-in-other-backend",
  "pods-refused",
  "release-not-known",
  "reports-past-entrance",
  "returns-to-owner",
  "rollout-by-hand",
  "rollout-not-finished",
  "rule-for-old-name",
  "secret-in-clear",
  "service-gone",
  "service-renamed",
  "storage-cannot-ask",
  "storage-caution",
  "storage-nearly-full",
  "trace-link-lost",
  "variable-not-read",
] as const;

export type WarningId = (typeof warningIds)[number];

/** Something that the user should know before an update. None keeps the update from being carried out. */
export interface Warning {
  readonly id: WarningId;
  /** `info`: it belongs to what was asked for. `warning`: something is lost or is left to do, unless somebody acts. */
  readonly severity: "info" | "warning";
  /** The services that it is about, by their keys. */
  readonly services?: readonly string[];
  /** The generation that it is about. */
  readonly generation?: string;
  /** The whole sentence, which names services and generation. */
  readonly text: string;
}

/**
 * A warning about services.
 *
 * @returns nothing where there are no services
 */
export function aboutServices(
  id: WarningId,
  services: readonly string[],
  text: string,
  severity: Warning["severity"] = "warning",
): Warning[] {
  return services.length === 0 ? [] : [{ id, severity, services, text: `${nameSome(services)}: ${text}` }];
}

/** A warning about a generation, whose name the text begins with. */
export function aboutGeneration(id: WarningId, generation: string, text: string): Warning {
  return { id, severity: "warning", generation, text: `${generation}${text}` };
}
