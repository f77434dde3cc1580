import { agentProfile } from "../../skywalking/agent";
import type { AgentSettings } from "./agent-settings";
import type { Problems } from "./problems";
import { otherTexts, type Target } from "./target";

/**
 * What to say of the agent namespace where no generation has one: "" if the owner's manifest sets one all the same,
 * so that the service is listed by the name that is expected, and nothing otherwise.
 */
export function namespaceToRemove(target: Target, { agent }: AgentSettings): "" | undefined {
  const { property, env } = agentProfile(agent).settings.namespace ?? {};
  const texts = [
    ...otherTexts(target).map(({ text }) => text),
    ...Object.keys(target.workload.podAnnotations).map((name) => `${name}=`),
  ];
  const isSet =
    (property !== undefined && texts.some((text) => text.includes(`${property}=`))) ||
    (env !== undefined && target.ownersEnv.has(env));
  return isSet ? "" : undefined;
}

/**
 * An agent option without a value keeps the agent from starting ("is not a key-value pair",
 * apache/skywalking-java@v6.5.0:…/conf/SnifferConfigInitializer.java:113), so where a generation has no agent
 * namespace, none may be set elsewhere.
 *
 * @param where - what sets one; undefined for nothing
 */
export function unsettable(where: string | undefined, problems: Problems): void {
  if (where === undefined) return;
  problems.add(
    "inject",
    `cannot remove the agent namespace: ${where} sets agent.namespace, and agent options cannot be empty`,
    "give the generation an agentNamespace, or choose another way to inject",
  );
}
