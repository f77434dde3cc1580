import { findSettings } from "./jvm-options";
import type { AgentSettings } from "./agent-settings";
import type { SlotValue } from "../workload/slot";
import { checkServiceName, mountOverOld } from "./new-agent";
import { checkInseparable } from "./inseparable";
import { otherTexts, readVariable, type Target } from "./target";
import { tokenFrom } from "./token";
import { agentConfig, type ConfigEntry } from "./agent-config";
import type { Injection, Injector } from "./injector";
import type { Problems } from "./problems";

/** Finds OAPs by the API server of Kubernetes where it is not `static`, and then reads no address. */
const satelliteFinder = "SATELLITE_GRPC_CLIENT_FINDER";

/** What wins over a variable: options of a JVM, and a Satellite's other ways to find its OAP. */
function checkPrecedence(target: Target, settings: AgentSettings, problems: Problems): void {
  const { language } = target.service.agent;
  if (language === "java") {
    const properties = agentConfig(target.service, settings, () => "property").map(({ name }) => name);
    for (const { where, text } of otherTexts(target)) {
      const { agentOptions, systemProperties } = findSettings(text, properties);
      const stronger = [...new Set([...agentOptions, ...systemProperties])];
      if (stronger.length === 0) continue;
      problems.add(
        "inject",
        `would have no effect: ${where} sets ${stronger.join(" and ")}, which takes precedence over variables`,
        "remove it there, or choose another way to inject",
      );
    }
  }
  const finder = target.ownersEnv.get(satelliteFinder);
  if (language === "satellite" && finder !== undefined && finder !== "static") {
    problems.add(
      "inject",
      `would have no effect: ${satelliteFinder} is ${JSON.stringify(finder)}, and only a static finder reads an address`,
      `have its owner set ${satelliteFinder} to static, or change what it finds by hand`,
    );
  }
}

function inject(
  target: Target,
  config: readonly ConfigEntry[],
  settings: AgentSettings,
  problems: Problems,
): Injection | undefined {
  const { container } = target;
  checkPrecedence(target, settings, problems);
  const parts = config.map(({ name, value }) => ({ name, value, state: readVariable(target, name) }));
  for (const { name, value, state } of parts) {
    const ownersEntry = state.original !== undefined || state.foreign;
    if (state.foreign || (value === undefined && ownersEntry)) {
      problems.add(
        "inject",
        `cannot take over ${name}: the owner's manifest sets it${state.foreign ? " from elsewhere (valueFrom)" : ", and the token has to come from a Secret"}`,
        "have its owner remove it from the manifest, or choose another way to inject",
      );
    }
  }
  if (problems.found()) return undefined;
  const ownersToo = checkInseparable(parts, problems) ?? [];
  const [owners] = ownersToo;
  const attachment =
    settings.javaAgent === undefined || problems.found()
      ? undefined
      : mountOverOld(
          target,
          owners === undefined
            ? undefined
            : { name: owners, fix: "remove it from the manifest, or set inject: java-tool-options" },
          problems,
        );
  if (settings.javaAgent !== undefined) checkServiceName(target, "", problems);
  if (problems.found()) return undefined;
  return {
    values: parts.map(({ name, value }): SlotValue => {
      const slot = { at: "env", container: container.name, name } as const;
      return value === undefined ? tokenFrom(slot, settings) : { slot, value };
    }),
    ownersToo,
    agentMountPath: attachment?.mountPath,
  };
}

/** The variables that the agent itself reads, one for each setting. */
export const env: Injector = { writes: "variables", nameOf: () => "env", inject };
