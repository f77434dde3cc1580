import type {
  V1LabelSelector,
  V1NetworkPolicy,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
  V1NetworkPolicySpec,
} from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { agentsPortName, namespaceOf, oapPorts, selectorOf } from "./backend";
import type { Config, NamedGeneration } from "./config";
import { nameSome } from "./name-some";
import type { TargetPatch } from "./patches";
import { aboutServices, type Warning } from "./warnings/warning";
import { namespaceKey } from "./workload/ref";

/** What is known of one Kubernetes namespace. */
export interface NetworkOfNamespace {
  readonly labels: Readonly<Record<string, string>>;
  readonly policies: readonly V1NetworkPolicy[];
}

/** By `namespaceKey`; a namespace that could not be read is not there. */
export type Network = ReadonlyMap<string, NetworkOfNamespace>;

type Labels = Readonly<Record<string, string>>;

/** One end of a connection. */
interface End {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  /** Undefined: its pods are not known, as those of a backend that is somewhere else. */
  readonly podLabels: Labels | undefined;
}

interface Port {
  readonly number: number;
  /** Of the pods. */
  readonly name: string;
}

function selects({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector, labels: Labels): boolean {
  const byName = Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
  const byExpression = matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      default:
        return value === undefined;
    }
  });
  return byName && byExpression;
}

/** Whether a rule of a policy names an end. Addresses are not known, so a block of them may. */
function isPeer({ ipBlock, namespaceSelector, podSelector = {} }: V1NetworkPolicyPeer, of: string, end: End): boolean {
  if (ipBlock !== undefined) return true;
  const { namespace, namespaceLabels, podLabels } = end;
  const isThere = namespaceSelector === undefined ? namespace === of : selects(namespaceSelector, namespaceLabels);
  return isThere && (podLabels === undefined || selects(podSelector, podLabels));
}

function isPort({ protocol = "TCP", port, endPort }: V1NetworkPolicyPort, { number, name }: Port): boolean {
  if (protocol !== "TCP") return false;
  if (typeof port === "string") return port === name;
  return port === undefined || (number >= port && number <= (endPort ?? port));
}

interface Rule {
  readonly ports?: readonly V1NetworkPolicyPort[];
  readonly peers?: readonly V1NetworkPolicyPeer[];
}

/** The rules of a policy that are about one direction; undefined: none of its pods' connections are. */
const rulesOf = {
  Egress: ({ policyTypes, egress }: V1NetworkPolicySpec): Rule[] | undefined =>
    (policyTypes?.includes("Egress") ?? egress !== undefined)
      ? (egress ?? []).map(({ ports, to }): Rule => ({ ...(ports && { ports }), ...(to && { peers: to }) }))
      : undefined,
  Ingress: ({ policyTypes, ingress }: V1NetworkPolicySpec): Rule[] | undefined =>
    (policyTypes?.includes("Ingress") ?? true)
      ? (ingress ?? []).map(({ ports, _from }): Rule => ({ ...(ports && { ports }), ...(_from && { peers: _from }) }))
      : undefined,
} as const;

/** The policies that keep pods from a connection: those that select them, where none of them allows it. */
function inTheWay(
  direction: keyof typeof rulesOf,
  { policies }: NetworkOfNamespace,
  own: End & { readonly podLabels: Labels },
  other: End,
  port: Port,
): string[] {
  const selecting = policies.flatMap(({ metadata, spec }) => {
    const rules = spec && selects(spec.podSelector ?? {}, own.podLabels) ? rulesOf[direction](spec) : undefined;
    return rules === undefined ? [] : [{ name: `${own.namespace}/${String(metadata?.name)}`, rules }];
  });
  const allows = ({ ports = [], peers = [] }: Rule): boolean =>
    (ports.length === 0 || ports.some((each) => isPort(each, port))) &&
    (peers.length === 0 || peers.some((each) => isPeer(each, own.namespace, other)));
  return selecting.some(({ rules }) => rules.some(allows)) ? [] : selecting.map(({ name }) => name);
}

/** Where agents find the generation that they move to; undefined: it is in no namespace that is known. */
function backendOf({
  name,
  generation,
}: NamedGeneration): { namespace: string; podLabels: Labels | undefined; port: Port } | undefined {
  if (generation.managed) {
    const ports = oapPorts(generation);
    const portName = agentsPortName in ports ? agentsPortName : "grpc";
    return {
      namespace: namespaceOf(name, generation),
      podLabels: { ...generation.oap.podLabels, ...selectorOf(name, "oap") },
      port: { name: portName, number: Number(ports[portName]) },
    };
  }
  const [, namespace, port] = /^[^.,:]+\.([^.,:]+)\.svc(?:\.[^,:]*)?:(\d+)/.exec(generation.address) ?? [];
  return namespace === undefined
    ? undefined
    : { namespace, podLabels: generation.podLabels, port: { name: "grpc", number: Number(port) } };
}

/** Warnings of NetworkPolicies that would keep agents from the backend that they have yet to move to. */
export function networkWarnings({ to }: Config, targets: readonly TargetPatch[], network: Network): Warning[] {
  const backend = backendOf(to);
  if (backend === undefined) return [];
  const { cluster } = to.generation;
  const { port } = backend;
  const read = (namespace: string): NetworkOfNamespace =>
    // Kubernetes gives every namespace this label.
    network.get(namespaceKey({ cluster, namespace })) ?? {
      labels: { "kubernetes.io/metadata.name": namespace },
      policies: [],
    };
  const end = <Pods>(namespace: string, podLabels: Pods) => ({
    namespace,
    namespaceLabels: read(namespace).labels,
    podLabels,
  });
  const oap = end(backend.namespace, backend.podLabels);
  const services = new Map<string, string[]>();
  for (const { planned, workload, patch } of targets) {
    const hasMoved = planned.generation === to.name && patch.isApplied;
    if (hasMoved || planned.settingsOfTo === undefined || workload.cluster !== cluster) continue;
    const pods = end(workload.namespace, workload.podLabels);
    const policies = [
      ...inTheWay("Egress", read(workload.namespace), pods, oap, port),
      ...(oap.podLabels === undefined
        ? []
        : inTheWay("Ingress", read(oap.namespace), { ...oap, podLabels: oap.podLabels }, pods, port)),
    ];
    const text = nameSome(policies);
    if (policies.length > 0) services.set(text, [...(services.get(text) ?? []), planned.key]);
  }
  return [...services].flatMap(([policies, keys]) =>
    aboutServices(
      "network-policy",
      keys,
      `NetworkPolicy ${policies} allows no connection from its pods to port ${String(port.number)} of ${to.name} in namespace ${backend.namespace}, so its agent would reach nothing -> allow it before the service moves`,
    ),
  );
}
