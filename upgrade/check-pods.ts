import type { ManagedGeneration } from "./config";
import type { Report } from "./problem";
import { millicores } from "./quantity";
import type { PodScheduling, PodSpreading } from "./schema/scheduling";
import type { ContainerSecurityContext, PodSecurityContext, Security } from "./schema/security";
import type { ServiceSettings } from "./schema/service";
import { storagePods } from "./storage/storage";

function checkCpu(key: string, cpu: string, cpuLimit: string | undefined, report: Report): void {
  if (cpuLimit === undefined || millicores(cpuLimit) >= millicores(cpu)) return;
  report({
    key: `${key}.cpuLimit`,
    value: cpuLimit,
    wrong: `is less than the request, which is ${cpu}`,
    fix: "raise it, or lower cpu",
  });
}

function checkAffinity(key: string, { affinity, podAntiAffinity }: PodScheduling & PodSpreading, report: Report): void {
  if (podAntiAffinity === undefined || affinity?.podAntiAffinity === undefined) return;
  report({
    key: `${key}.podAntiAffinity`,
    value: podAntiAffinity,
    wrong: "cannot be combined with affinity.podAntiAffinity",
    fix: "keep one of them",
  });
}

/**
 * The given fields that Pod Security `restricted` refuses
 * (kubernetes.io/docs/concepts/security/pod-security-standards).
 */
function unrestricted(context: PodSecurityContext & ContainerSecurityContext): (keyof typeof context)[] {
  const { seccompProfile, capabilities } = context;
  const refused = {
    runAsNonRoot: context.runAsNonRoot !== true,
    runAsUser: context.runAsUser === 0,
    seccompProfile: seccompProfile?.type !== "RuntimeDefault" && seccompProfile?.type !== "Localhost",
    allowPrivilegeEscalation: context.allowPrivilegeEscalation !== false,
    privileged: context.privileged === true,
    capabilities:
      capabilities?.drop?.includes("ALL") !== true ||
      capabilities.add?.some((capability) => capability !== "NET_BIND_SERVICE") === true,
  };
  return (Object.keys(refused) as (keyof typeof refused)[]).filter((field) => field in context && refused[field]);
}

/** A pod that the namespace refuses is never created, and the update would wait for it until its time is over. */
function checkSecurity(key: string, settings: Security, report: Report): void {
  for (const owner of ["podSecurityContext", "containerSecurityContext"] as const) {
    const context: PodSecurityContext & ContainerSecurityContext = settings[owner] ?? {};
    for (const field of unrestricted(context)) {
      report({
        key: `${key}.${owner}.${field}`,
        value: context[field],
        wrong: "is refused by Pod Security `restricted`, which the namespace that the program creates enforces",
        fix: "leave it out, or create the namespace yourself and set `createNamespace: false`",
      });
    }
  }
}

/** Whether the pods can be scheduled where the config wants them. */
function checkPlace(
  key: string,
  settings: PodScheduling & PodSpreading & Security,
  { createNamespace }: ManagedGeneration,
  report: Report,
): void {
  checkAffinity(key, settings, report);
  if (createNamespace) checkSecurity(key, settings, report);
}

/** Which fields of a Service need which type. */
const needsType = [
  { field: "nodePort", types: ["NodePort", "LoadBalancer"] },
  { field: "loadBalancerIP", types: ["LoadBalancer"] },
  { field: "loadBalancerSourceRanges", types: ["LoadBalancer"] },
] as const;

function checkService(key: string, service: ServiceSettings & { nodePort?: number | undefined }, report: Report): void {
  const { type = "ClusterIP" } = service;
  for (const { field, types } of needsType) {
    if (service[field] === undefined || types.some((needed) => needed === type)) continue;
    report({
      key: `${key}.service.${field}`,
      value: service[field],
      wrong: `cannot be set with type ${type}; allowed with: ${types.join(", ")}`,
      fix: "set the type, or remove it",
    });
  }
}

/** Checks what the schema of one key cannot see in the pods of a generation and the Services before them. */
export function checkPods(name: string, generation: ManagedGeneration, report: Report): void {
  const { oap, init, ui, storage } = generation;
  const key = `generations.${name}`;
  checkCpu(`${key}.oap`, oap.cpu, oap.cpuLimit, report);
  if (init.cpu !== undefined || init.cpuLimit !== undefined) {
    checkCpu(`${key}.init`, init.cpu ?? oap.cpu, init.cpuLimit ?? oap.cpuLimit, report);
  }
  checkCpu(`${key}.ui`, ui.cpu, ui.cpuLimit, report);
  for (const [owner, settings] of [
    ["oap", oap],
    ["ui", ui],
  ] as const) {
    checkPlace(`${key}.${owner}`, settings, generation, report);
    checkService(`${key}.${owner}`, settings.service, report);
  }
  const pods = storagePods(storage);
  if (pods !== undefined) {
    const { masters } = pods;
    checkCpu(`${key}.storage`, pods.cpu, pods.cpuLimit, report);
    checkPlace(`${key}.storage`, pods, generation, report);
    if (masters !== undefined) checkCpu(`${key}.storage.masters`, masters.cpu, masters.cpuLimit, report);
  }
}
