import { workloadKinds } from "./kinds";
import type { Slot } from "./slot";
import { fieldManager, type Workload } from "./workload";

/** What keeps workloads as git has them, and so puts back a value that is in git as soon as it sees another. */
export interface GitOps {
  readonly name: string;
  /** Its field managers. Those of Argo CD and of Flux's kustomize-controller force what they apply. */
  readonly managers: readonly string[];
  readonly annotations: readonly string[];
  readonly labels: readonly string[];
  /** How its user keeps it from doing so for some fields of a workload. */
  readonly leavesAlone: (workload: Workload, slots: readonly Slot[]) => string;
}

const indexIn = (list: readonly { readonly name: string }[] | undefined, name: string): string =>
  String(list?.findIndex((entry) => entry.name === name));

/** A JSON pointer (RFC 6901) to the value of a slot. */
function pointerTo({ kind, podSpec }: Workload, slot: Slot): string {
  const template = `/${workloadKinds[kind].template.join("/")}`;
  switch (slot.at) {
    case "annotation":
      return `${template}/metadata/annotations/${slot.name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    case "volume":
      return `${template}/spec/volumes/${indexIn(podSpec.volumes, slot.name)}/configMap/name`;
    case "env": {
      const container = podSpec.containers.find(({ name }) => name === slot.container);
      const place = `${indexIn(podSpec.containers, slot.container)}/env/${indexIn(container?.env, slot.name)}`;
      return `${template}/spec/containers/${place}/value`;
    }
  }
}

const target = ({ kind, namespace, name }: Workload): string =>
  `{kind: ${kind}, namespace: ${namespace}, name: ${name}}`;

const paths = (workload: Workload, slots: readonly Slot[]): string =>
  `[${slots.map((slot) => pointerTo(workload, slot)).join(", ")}]`;

/**
 * By what each marks what it applies.
 *
 * Sources: Argo CD's user guide (diffing, sync options, resource tracking) and argo-cd#2913; Flux's spec of
 * Kustomization (`ignore`, kustomize-controller#1627) and of HelmRelease (`driftDetection`).
 */
const tools: readonly GitOps[] = [
  {
    name: "Argo CD",
    managers: ["argocd-controller", "argocd-application-controller"],
    annotations: ["argocd.argoproj.io/tracking-id"],
    labels: ["argocd.argoproj.io/instance"],
    leavesAlone: ({ kind, namespace, name }) =>
      `add to its Application ignoreDifferences: [{group: ${workloadKinds[kind].group}, kind: ${kind}, namespace: ${namespace}, name: ${name}, managedFieldsManagers: [${fieldManager}]}] and syncPolicy: {syncOptions: [RespectIgnoreDifferences=true, ServerSideApply=true]}`,
  },
  {
    name: "Flux",
    managers: ["kustomize-controller"],
    annotations: [],
    labels: ["kustomize.toolkit.fluxcd.io/name"],
    leavesAlone: (workload, slots) =>
      `add to its Kustomization, where its release has it, ignore: [{paths: ${paths(workload, slots)}, target: ${target(workload)}}]`,
  },
  {
    name: "Flux",
    managers: ["helm-controller"],
    annotations: [],
    labels: ["helm.toolkit.fluxcd.io/name"],
    leavesAlone: (workload, slots) =>
      `add to its HelmRelease driftDetection: {ignore: [{paths: ${paths(workload, slots)}, target: ${target(workload)}}]}`,
  },
];

/** Who keeps a workload as git has it; undefined: nobody that is known. */
export function gitOpsOf({ annotations, labels, managedFields }: Workload): GitOps | undefined {
  return tools.find(
    (tool) =>
      tool.annotations.some((name) => name in annotations) ||
      tool.labels.some((name) => name in labels) ||
      tool.managers.some((name) => managedFields.some(({ manager }) => manager === name)),
  );
}

/** Whether who owns a field is such a tool, which forces what it applies. */
export function isGitOps(manager: string): boolean {
  return tools.some(({ managers }) => managers.includes(manager));
}
