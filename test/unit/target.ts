import type { AgentSettings } from "../../upgrade/inject/agent-settings";
import type { Service } from "../../upgrade/config";
import type { ConfigMaps } from "../../upgrade/inject/target";
import type { PlannedService } from "../../upgrade/plan";
import { describeProblem, type Problem } from "../../upgrade/problem";
import type { Workload } from "../../upgrade/workload/workload";
import { patchWorkload, type PatchOutcome } from "../../upgrade/workload-patch";

export type Container = Workload["podSpec"]["containers"][number];

export const v9: AgentSettings = {
  generation: "v9",
  agent: { language: "java", release: "9.3.0" },
  backendService: "oap-v9:11800",
  agentNamespace: "v9",
  javaAgent: undefined,
  token: false,
  tls: undefined,
};
export const v9WithAgent: AgentSettings = {
  ...v9,
  javaAgent: { release: "9.3.0", image: "agent:9.3.0", directory: "/skywalking/agent" },
};
export const pair = "-Dskywalking.collector.backend_service=oap-v9:11800 -Dskywalking.agent.namespace=v9";
export const javaagent = "-javaagent:/skywalking/agent/skywalking-agent.jar";
export const newJavaagent = "-javaagent:/skywalking-canary/skywalking-agent.jar";
export const newAgentAt = (mountPath: string) => ({ image: "agent:9.3.0", directory: "/skywalking/agent", mountPath });

export const service = (fields: Partial<Service> = {}): Service => ({
  key: "cart",
  cluster: "default",
  name: "cart",
  origin: "none",
  namespace: "shop",
  kind: "Deployment",
  agent: { language: "java", release: "6.6.0" },
  ...fields,
});

export const env = (variables: Record<string, string>): NonNullable<Container["env"]> =>
  Object.entries(variables).map(([name, value]) => ({ name, value }));

/** The note of what the owner had in JAVA_TOOL_OPTIONS. */
export const originalOf = (value: string): string => JSON.stringify({ "env/app/JAVA_TOOL_OPTIONS": value });

export type Ownership = Readonly<Record<string, readonly string[]>>;

/** `fieldsV1` of a manager that owns these fields of variables of the container `app`. */
export function variableFields(variables: Readonly<Record<string, readonly string[]>>): object {
  const entry = (name: string): string => `k:${JSON.stringify({ name })}`;
  const env = Object.fromEntries(
    Object.entries(variables).map(([name, fields]) => [
      entry(name),
      Object.fromEntries(fields.map((field) => [field, {}])),
    ]),
  );
  const spec = { "f:containers": { [entry("app")]: { "f:env": env } } };
  return { "f:spec": { "f:template": { "f:spec": spec } } };
}

/** A workload with one container; `owned` names the field managers of its variables. */
export function workload(
  container: Partial<Container>,
  { owned = {}, annotations = {} }: { owned?: Ownership; annotations?: Record<string, string> } = {},
): Workload {
  const managers = [...new Set(Object.values(owned).flat())];
  return {
    cluster: "default",
    kind: "Deployment",
    namespace: "shop",
    name: "cart",
    generation: 7,
    annotations,
    labels: {},
    podAnnotations: {},
    podLabels: {},
    podSpec: { containers: [{ name: "app", ...container }] },
    going: undefined,
    maker: undefined,
    pendingRollout: undefined,
    heldRollout: undefined,
    pods: { desired: 2, ready: 2 },
    managedFields: managers.map((manager) => ({
      manager,
      fieldsV1: variableFields(
        Object.fromEntries(
          Object.entries(owned)
            .filter(([, owners]) => owners.includes(manager))
            .map(([variable]) => [variable, ["f:value"]]),
        ),
      ),
    })),
  };
}

export function placed(
  settings: AgentSettings | undefined,
  fields: Partial<Service> = {},
  settingsOfTo = settings,
): PlannedService {
  return { key: "cart", service: service(fields), generation: "x", settings, settingsOfTo, originRuns: true };
}

export function outcomeOf(
  planned: PlannedService,
  target: Workload,
  configMaps: ConfigMaps = new Map(),
): { outcome: PatchOutcome | undefined; problems: string[] } {
  const problems: Problem[] = [];
  const outcome = patchWorkload(planned, target, configMaps, (problem) => problems.push(problem));
  return { outcome, problems: problems.map(describeProblem) };
}

export function variablesOf(outcome: PatchOutcome | undefined): Record<string, string> {
  return Object.fromEntries(
    (outcome?.patch.values ?? []).flatMap((written) =>
      "value" in written ? [[written.slot.name, written.value] as const] : [],
    ),
  );
}

/** The variables that the patch sets, where there is no problem. */
export function envOf(planned: PlannedService, target: Workload): Record<string, string> {
  const { outcome, problems } = outcomeOf(planned, target);
  expect(problems).toEqual([]);
  return variablesOf(outcome);
}
