import type { Problems } from "./problems";

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
