import { agentMountPath, agentVolume, authorityVolume } from "./additions";
import type { SlotValue } from "./slot";

/** An entry of a list in a pod spec, by name. */
export interface NamedEntry {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** A container with what concerns us of it. */
export interface PatchedContainer extends NamedEntry {
  readonly env?: readonly NamedEntry[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

/** A part of a pod template: what is applied of it. */
export interface PodTemplate {
  readonly metadata?: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly initContainers?: readonly NamedEntry[];
    readonly volumes?: readonly NamedEntry[];
    readonly containers?: readonly PatchedContainer[];
  };
}

/** What the program puts into the pods of a workload. */
export interface PodParts {
  /** The container with the agent. */
  readonly container: string;
  readonly values: readonly SlotValue[];
  /** An init container that brings the agent's directory, mounted in `container`. */
  readonly agent: { readonly image: string; readonly directory: string; readonly mountPath: string } | undefined;
  /** The ConfigMap with the certificate authority that is mounted in `container`. */
  readonly authority: { readonly configMap: string; readonly mountPath: string } | undefined;
}

/**
 * What brings an agent's directory into an empty volume, readable and writable by the application's user, whoever that
 * is: the agent writes logs there. The volume's own folder is root's, and only its owner may change its mode. A
 * restarted container finds the files of the attempt before, perhaps read-only.
 */
export function copyAgent(directory: string, volume: string): string {
  return `cp -Rf ${directory}/. ${volume}/ && chmod -R a+rwX ${volume}/*`;
}

function agentContainer({ image, directory }: NonNullable<PodParts["agent"]>): NamedEntry {
  return {
    name: agentVolume,
    image,
    command: ["sh", "-c", copyAgent(directory, agentMountPath)],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      runAsNonRoot: true,
      runAsUser: 65534,
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
    volumeMounts: [{ name: agentVolume, mountPath: agentMountPath }],
  };
}

function variable(written: SlotValue): NamedEntry {
  const { name } = written.slot;
  return "secret" in written ? { name, valueFrom: { secretKeyRef: written.secret } } : { name, value: written.value };
}

/** An object without the fields that are empty lists or maps. */
function filled<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => Object.keys(value as object).length > 0),
  ) as Partial<Fields>; // Only entries were left out.
}

/** What a patch is of a pod template, whose lists are merged by name. */
export function podTemplate({ container, values, agent, authority }: PodParts): PodTemplate {
  const mounts = [
    ...(agent === undefined ? [] : [{ name: agentVolume, mountPath: agent.mountPath }]),
    ...(authority === undefined ? [] : [{ name: authorityVolume, mountPath: authority.mountPath }]),
  ];
  const annotations: Record<string, string> = {};
  const env = new Map<string, NamedEntry[]>();
  const volumes: NamedEntry[] = [
    ...(agent === undefined ? [] : [{ name: agentVolume, emptyDir: {} }]),
    ...(authority === undefined ? [] : [{ name: authorityVolume, configMap: { name: authority.configMap } }]),
  ];
  for (const written of values) {
    if (written.slot.at !== "env") continue;
    const { container: of } = written.slot;
    env.set(of, [...(env.get(of) ?? []), variable(written)]);
  }
  for (const { slot, value } of values.filter((written) => "value" in written)) {
    if (slot.at === "annotation") annotations[slot.name] = value;
    if (slot.at === "volume") volumes.push({ name: slot.name, configMap: { name: value } });
  }
  const containers = [...new Set([...env.keys(), ...(mounts.length === 0 ? [] : [container])])].map((name) => ({
    name,
    ...filled({ env: env.get(name) ?? [], volumeMounts: name === container ? mounts : [] }),
  }));
  return filled({
    metadata: filled({ annotations }),
    spec: filled({
      initContainers: agent === undefined ? [] : [agentContainer(agent)],
      volumes,
      containers,
    }),
  }) as PodTemplate; // An empty metadata or spec has been left out, and one that is there has what it needs.
}
