import { oapProfile, type OapRelease } from "../../skywalking/oap";
import { nameSome } from "../name-some";
import type { Verdict } from "./verdict";

/** A pod of an OAP that is not being deleted. */
export interface LivePod {
  readonly name: string;
  /** Undefined: it has not been started, because no node has room for it. */
  readonly address: string | undefined;
  readonly created: Date;
  /** Undefined: it is not ready. */
  readonly readySince: Date | undefined;
}

/** The addresses that they have. */
export function addressesOf(pods: readonly LivePod[]): string[] {
  return pods.flatMap(({ address }) => address ?? []);
}

/**
 * What keeps an OAP from taking data though it is ready: a pod of it without an address, in a release that needs the
 * address of every pod when it starts. Undefined where nothing does.
 *
 * @param pods - of this OAP alone; undefined: they are not this program's
 */
export function deafPods(
  generation: string,
  release: OapRelease,
  pods: readonly LivePod[] | undefined,
): string | undefined {
  if (pods === undefined || !oapProfile(release).needsAddressOfEveryPod) return undefined;
  const absent = pods.filter(({ address }) => address === undefined);
  const deaf = pods.filter(({ readySince }) =>
    absent.some(({ created }) => readySince !== undefined && readySince >= created),
  );
  if (deaf.length === 0) return undefined;
  const [missing, ready] = [absent, deaf].map((some) => nameSome(some.map(({ name }) => name)));
  return `what agents report to ${ready} is lost, because ${missing} had no address when ${ready} started -> make room for ${missing}, or lower generations.${generation}.oap.replicas`;
}

/** A verdict with a reason for what is missing. */
export function because({ passes, evidence }: Verdict, reason: string | undefined): Verdict {
  if (passes || reason === undefined) return { passes, evidence };
  return { passes, evidence: { ...evidence, said: `${evidence.said}; ${reason}` } };
}
