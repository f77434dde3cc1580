import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { agentProfile } from "../skywalking/agent";
import { entranceAddress, grpcPort } from "./backend";
import type { Config, Entrance, Service } from "./config";
import { keepsId } from "./moves";
import { nameSome } from "./name-some";
import type { Plan, PlannedEntrance } from "./plan";
import { settingInManifest } from "./inject/manifest-setting";
import { workloadOf } from "./patches";
import type { Problem, Report } from "./problem";
import { moveOf } from "./stage";
import { aboutServices, type Warning } from "./warnings/warning";
import type { Workload } from "./workload/workload";

const backendProperty = "collector.backend_service";

/** The address that the agent in a container reports to, as far as its manifest says it. */
export function visibleBackendService(
  { agent }: Pick<Service, "agent">,
  container: V1Container,
  podAnnotations: Workload["podAnnotations"],
): string | undefined {
  const variable = agentProfile(agent).settings.backendService?.env ?? "";
  return (
    podAnnotations[`agent.skywalking.apache.org/${backendProperty}`] ??
    settingInManifest(container, backendProperty, variable)
  );
}

/** Every way in which a pod of a namespace may write the entrance's address. */
function namesOf({ name, namespace }: Entrance, from: string): string[] {
  const hosts = [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
  return [...hosts, ...(from === namespace ? [name] : [])].map((host) => `${host}:${String(grpcPort)}`);
}

function containerOf(service: Service, { podSpec }: Workload): V1Container | undefined {
  const { container } = service;
  return container === undefined && podSpec.containers.length === 1
    ? podSpec.containers[0]
    : podSpec.containers.find(({ name }) => name === container);
}

/**
 * Checks that the agents report through the entrance: turning it moves nobody else. At the first stage, where the
 * entrance may have just been made, this is a warning.
 *
 * @returns warnings
 */
export function checkAgentsAtEntrance(
  config: Config,
  workloads: ReadonlyMap<string, Workload>,
  report: Report,
): Warning[] {
  const { entrance, strategy, stage } = config;
  if (moveOf(strategy) !== "entrance" || entrance === undefined) return [];
  const problems: Problem[] = [];
  const unknown: string[] = [];
  for (const [key, service] of Object.entries(config.services)) {
    const workload = workloads.get(workloadOf({ service }));
    const container = workload === undefined ? undefined : containerOf(service, workload);
    const address =
      workload === undefined || container === undefined
        ? undefined
        : visibleBackendService(service, container, workload.podAnnotations);
    if (address === undefined) {
      unknown.push(key);
    } else if (!namesOf(entrance, service.namespace).includes(address)) {
      problems.push({
        key: `services.${key}`,
        wrong: `reports to ${address}, not through the entrance (${entranceAddress(entrance)}), so turning the entrance would not move it`,
        fix: "have its owner point it at the entrance first, or use strategy canary",
      });
    }
  }
  if (stage.index > 0) problems.forEach(report);
  return [
    ...aboutServices(
      "address-not-visible",
      unknown,
      `their address cannot be seen; make sure that it is ${entranceAddress(entrance)}`,
    ),
    ...(stage.index > 0 ? [] : problems).map(({ key, wrong, fix }): Warning => {
      const service = key.replace("services.", "");
      return {
        id: "reports-past-entrance",
        severity: "warning",
        services: [service],
        text: `${service} ${wrong}: ${fix}`,
      };
    }),
  ];
}

/** On the entrance: every generation that it has led to, with commas between, the present one last. */
export const ledToAnnotation = "skywalking-canary/led-to";

/** What an entrance has recorded; nothing where the program has never turned it. */
export function ledToOf(annotations: Readonly<Record<string, string>> = {}): string[] {
  return annotations[ledToAnnotation]?.split(",") ?? [];
}

/** What an entrance records at this stage. */
export function recordOf({ before, leadsTo }: Pick<PlannedEntrance, "before" | "leadsTo">): string {
  return [...before.filter((name) => name !== leadsTo.name), leadsTo.name].join(",");
}

/**
 * Checks that the entrance does not lead agents back to an OAP that knows their ids as those of others. Such an OAP
 * does not tell them to register again: it counts them as alive, and shows their traces as those of other services
 * (measured with 6.6.0). Ids are forgotten when the agent's JVM ends, and a restart before the turn brings another id
 * of the wrong OAP, so no pod may run while the entrance turns. That a storage was emptied cannot be seen before its
 * OAP runs; a generation that the entrance has never led to is taken for empty.
 */
export function checkTurn(
  config: Config,
  { entrance }: Pick<Plan, "entrance">,
  workloads: ReadonlyMap<string, Workload>,
  report: Report,
): void {
  const present = entrance?.before.at(-1);
  if (entrance === undefined || present === undefined || present === entrance.leadsTo.name) return;
  const { name } = entrance.leadsTo;
  if (name !== config.from.name && !entrance.before.includes(name)) return;
  const running = Object.values(config.services).filter((service) => {
    const pods = workloads.get(workloadOf({ service }))?.pods;
    return keepsId(service) && (pods === undefined || pods.desired + pods.ready > 0);
  });
  if (running.length === 0) return;
  const names = nameSome(running.map(({ key }) => key));
  report({
    key: "stage",
    value: config.stage.text,
    wrong: `leads the entrance from ${present} back to ${name}, which knows the ids that agents of 6.x and 7.0 have from ${present} as those of others, and would show the traces of ${names} as theirs`,
    fix: `scale ${names} to 0 until the update is done, or upgrade from ${present} to a new generation, whose storage is empty`,
  });
}
