import { nameSome } from "../name-some";
import type { Verdict } from "./verdict";

/** A service with live instances on the backend that is left. */
export interface LeftService {
  /** The name that the OAP shows. */
  readonly name: string;
  readonly instances: readonly string[];
  /** Minutes since the last heartbeat of any of them, rounded up. */
  readonly lastHeartbeat: number;
}

const instancesShown = 3;

function describe({ name, instances, lastHeartbeat }: LeftService, services: readonly string[]): string {
  const who =
    services.length === 0
      ? `"${name}", which no config lists`
      : `"${name}" (${services.map((key) => `services.${key}`).join(", ")})`;
  const some = instances.slice(0, instancesShown).join(", ");
  const more = instances.length - instancesShown;
  return `${who}: ${some}${more > 0 ? ` and ${String(more)} more` : ""}, last heartbeat ${lastHeartbeat <= 1 ? "within the last minute" : `${String(lastHeartbeat)} minutes ago`}`;
}

/**
 * Whether nobody reports to a backend any more. Those whom no config lists are named first: they would go dark.
 *
 * @param known - keys of the config by the name that the OAP shows
 */
export function judgeDeparted(
  generation: string,
  left: readonly LeftService[],
  known: ReadonlyMap<string, readonly string[]>,
  ignored: readonly string[],
): Verdict {
  const skip = new Set(ignored);
  const remaining = left.filter(({ name }) => !skip.has(name));
  const who = remaining.map((service) => ({ service, keys: known.get(service.name) ?? [] }));
  const ofNobody = who.filter(({ keys }) => keys.length === 0);
  const ofConfig = who.filter(({ keys }) => keys.length > 0);
  const facts = {
    unlisted: ofNobody.map(({ service }) => service.name),
    listed: ofConfig.flatMap(({ keys }) => keys),
    ...(skip.size === 0 ? {} : { ignored: left.map(({ name }) => name).filter((name) => skip.has(name)) }),
  };
  if (remaining.length === 0) {
    return { holds: true, evidence: { said: `no live instance is left on ${generation}`, ...facts } };
  }
  const described = [...ofNobody, ...ofConfig].map(({ service, keys }) => describe(service, keys));
  const count =
    remaining.length === 1 ? "1 service still reports" : `${String(remaining.length)} services still report`;
  return { holds: false, evidence: { said: `${count} to ${generation}: ${nameSome(described)}`, ...facts } };
}
