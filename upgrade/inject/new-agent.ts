import { findJavaAgent, setsServiceName } from "./jvm-options";
import { agentMountPath, agentVolume } from "../workload/additions";
import { otherTexts, type Target } from "./target";
import type { Problems } from "./problems";

/** How the directory of an upgraded agent gets in. */
export interface AgentAttachment {
  /**
   * The jar that the carrier's value attaches; undefined where something else attaches it, from the same directory as
   * before.
   */
  readonly jar: string | undefined;
  readonly mountPath: string;
}

/**
 * Where the carrier's own value has the `-javaagent:`: it attaches the new jar, so that jar, address and namespace are
 * one value.
 */
export const attachedByCarrier = {
  jar: `${agentMountPath}/skywalking-agent.jar`,
  mountPath: agentMountPath,
} as const satisfies AgentAttachment;

/**
 * The new directory is mounted over the old one, which is whole only if what carries address and namespace is left
 * alone by the owner's deploys.
 *
 * @param owners - what carries them and is set by the owner too, `undefined` for nothing
 * @param fix - what helps where the owner sets it
 */
export function mountOverOld(
  target: Target,
  owners: { readonly name: string; readonly fix: string } | undefined,
  problems: Problems,
): AgentAttachment | undefined {
  const { service, container } = target;
  const elsewhere = otherTexts(target)
    .map(({ text }) => findJavaAgent(text))
    .find((found) => found !== undefined);
  const directory = elsewhere?.jar.replace(/\/[^/]*$/, "") ?? service.agent.directory;
  if (directory === undefined) {
    problems.add(
      "agent.directory",
      "is missing: the manifest has no -javaagent, so the image attaches the agent from a directory that cannot be seen",
      "set it, e.g. to /skywalking/agent; if the image attaches it by ENV JAVA_TOOL_OPTIONS, set imageEnv.JAVA_TOOL_OPTIONS to that value instead",
    );
    return undefined;
  }
  if (owners !== undefined) {
    problems.add(
      "inject",
      `cannot move the agent's jar, address and namespace as one: ${owners.name} is set by the workload's owner, the jar is attached elsewhere, and the owner's next deploy would separate them`,
      owners.fix,
    );
    return undefined;
  }
  const mounted = container.volumeMounts?.find((mount) => mount.mountPath.replace(/\/$/, "") === directory);
  if (mounted !== undefined && mounted.name !== agentVolume) {
    problems.add(
      "inject",
      `cannot replace the agent in ${directory}: the volume ${mounted.name} is mounted there`,
      "set inject: java-tool-options with the -javaagent in JAVA_TOOL_OPTIONS, or mount that volume one directory higher",
    );
    return undefined;
  }
  return { jar: undefined, mountPath: directory };
}

/** A new agent directory brings an agent.config of its own: a name that only stood in the old one would be lost. */
export function checkServiceName(target: Target, base: string, problems: Problems): void {
  const { service, container } = target;
  const named =
    service.agent.serviceName !== undefined ||
    container.env?.some(({ name }) => name === "SW_AGENT_NAME") === true ||
    [base, ...otherTexts(target).map(({ text }) => text)].some(setsServiceName);
  if (named) return;
  problems.add(
    "agent.serviceName",
    "is missing: the agent is upgraded with a new agent.config, and the manifest does not name the service (SW_AGENT_NAME or agent.service_name)",
    "set it to the name that SkyWalking shows today",
  );
}
