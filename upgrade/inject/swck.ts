import { workloadText } from "../workload/ref";
import { findJavaAgent } from "./jvm-options";
import type { AgentSettings } from "./agent-settings";
import { readSlot, type Slot, type SlotValue } from "../workload/slot";
import { unsettable } from "./no-namespace";
import { checkInseparable } from "./inseparable";
import { otherTexts, readVariable, type Target } from "./target";
import { tokenFrom } from "./token";
import type { ConfigEntry } from "./agent-config";
import type { Injection, Injector } from "./injector";
import type { Problems } from "./problems";

/**
 * Its value turns into agent options, which win over everything else
 * (apache/skywalking-swck@v0.9.0:docs/java-agent-injector.md).
 */
const agentAnnotation = (property: string): string => `agent.skywalking.apache.org/${property}`;
/** Image of the init container that brings the agent. */
const imageAnnotation = "sidecar.skywalking.apache.org/initcontainer.Image";
/** The label that asks for the injector. */
const injectedLabel = "swck-java-agent-injected";
/** Where the injector's init container looks for the agent in its image. */
const directoryInImage = "/skywalking/agent";

const slotOf = (name: string): Slot => ({ at: "annotation", name });

function inject(
  target: Target,
  config: readonly ConfigEntry[],
  settings: AgentSettings,
  problems: Problems,
): Injection | undefined {
  const { workload, container } = target;
  if (workload.podLabels[injectedLabel] !== "true") {
    problems.add(
      "inject",
      `finds no injector: the pods of ${workloadText(workload)} have no label ${injectedLabel}: "true"`,
      "choose another way to inject, or have its owner add the injector first",
    );
  }
  for (const { where, text } of otherTexts(target)) {
    if (findJavaAgent(text) === undefined) continue;
    problems.add(
      "inject",
      `is not the only agent: ${where} has a -javaagent of SkyWalking too`,
      "choose another way to inject, or have its owner attach the agent once",
    );
  }
  const annotated = config.flatMap(({ name, value }) =>
    value === undefined || value === "" ? [] : [{ name: agentAnnotation(name), value: quote(value) }],
  );
  if (config.some(({ value }) => value === "")) {
    const name = agentAnnotation("agent.namespace");
    unsettable(
      readSlot(workload, slotOf(name)).original === undefined
        ? target.ownersEnv.get("SW_AGENT_NAMESPACE") && "SW_AGENT_NAMESPACE"
        : name,
      problems,
    );
  }
  const upgrade = settings.javaAgent;
  if (upgrade !== undefined && upgrade.directory !== directoryInImage) {
    problems.add(
      "inject",
      `cannot bring the agent from ${upgrade.directory} of ${upgrade.image}: the injector copies ${directoryInImage}`,
      "use an image that has it there, such as the official one",
    );
  }
  const values = [
    ...annotated,
    ...(upgrade === undefined ? [] : [{ name: imageAnnotation, value: upgrade.image }]),
  ].map(({ name, value }) => ({ name, value, state: readSlot(workload, slotOf(name)) }));
  const ownersToo = checkInseparable(values, problems) ?? [];
  // Agent options would show the token, so it comes in the agent's own variable, which the config has been checked for.
  const tokens = config.filter(({ value }) => value === undefined);
  for (const { name } of tokens) {
    const { original, foreign } = readVariable(target, name);
    if (original === undefined && !foreign) continue;
    problems.add(
      "inject",
      `cannot take over ${name}: the owner's manifest sets it, and the token has to come from a Secret`,
      "have its owner remove it from the manifest",
    );
  }
  if (problems.found()) return undefined;
  return {
    values: [
      ...tokens.map(({ name }) => tokenFrom({ at: "env", container: container.name, name }, settings)),
      ...values.map(({ name, value }): SlotValue => ({ slot: slotOf(name), value })),
    ],
    ownersToo,
    agentMountPath: undefined,
  };
}

/**
 * In quotes, where the agent would take the value apart (`#` of that page: "a separator (`,` or `=`) in the option or
 * value").
 */
function quote(value: string): string {
  return /[,=]/.test(value) ? `'${value}'` : value;
}

/**
 * Annotations of the pods, which the Java agent injector of SkyWalking Cloud on Kubernetes turns into agent options.
 * The injector is its operator's; the image of the agent is one more annotation.
 */
export const swck: Injector = {
  writes: "jvm-options",
  nameOf: (what) => (what === "authentication" ? "env" : "property"),
  inject,
};
