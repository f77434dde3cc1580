import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { carriers, type Carrier, type Service } from "./config";
import { findJavaAgent, setsPair, setsServiceName, withJar, withoutPair } from "./jvm-options";
import type { AgentSettings, JavaAgentUpgrade, Placement } from "./plan";
import type { Problem } from "./problem";
import { fieldManager, managersOfInitContainer, managersOfVariable, type Workload } from "./workload";

/** What the program applies to one workload, and nothing else. Empty in every part: the workload is as its owner made it. */
export interface WorkloadPatch {
  /** On the workload, never on its pods. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly container: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** An init container that brings the agent's directory, mounted in `container`. */
  readonly agent: { readonly image: string; readonly directory: string; readonly mountPath: string } | undefined;
  /** The workload is exactly so already: there is nothing to apply. */
  readonly holds: boolean;
}

export interface PatchOutcome {
  readonly patch: WorkloadPatch;
  readonly warnings: readonly string[];
}

/** Where the new agent lies when the carrier's own value attaches it. */
export const agentMountPath = "/skywalking-canary";

/** Annotation of a workload that keeps a value of the owner's which the patch has taken over. */
const originalAnnotation = (carrier: Carrier): string =>
  `skywalking-canary/original-${carrier.toLowerCase().replaceAll("_", "-")}`;

const allCarriers: readonly Carrier[] = Object.values(carriers);

interface CarrierState {
  readonly carrier: Carrier;
  /** Whether our patch holds the variable now. */
  readonly held: boolean;
  /** What the owner's manifest sets; undefined where it sets nothing. */
  readonly original: string | undefined;
  /** Nobody but us owns a value that was the owner's: if we let go of it, it vanishes. */
  readonly heldByUsAlone: boolean;
  readonly live: string | undefined;
}

function readCarrier(workload: Workload, container: V1Container, carrier: Carrier): CarrierState {
  const live = container.env?.find((variable) => variable.name === carrier)?.value;
  const managers = managersOfVariable(workload, container.name, carrier);
  const ours = managers.includes(fieldManager);
  const original = ours ? workload.annotations[originalAnnotation(carrier)] : live;
  return {
    carrier,
    original,
    live,
    held: ours,
    heldByUsAlone: ours && original !== undefined && managers.length === 1,
  };
}

/** Everything in the manifest that can hold JVM options, but for one variable. */
function otherTexts(container: V1Container, except: Carrier): { readonly where: string; readonly text: string }[] {
  const env = (container.env ?? []).filter(({ name }) => name !== except);
  const command = [...(container.command ?? []), ...(container.args ?? [])].join(" ");
  return [
    ...(command === "" ? [] : [{ where: "its command line", text: command }]),
    ...env.map(({ name, value }) => ({ where: name, text: value ?? "" })),
  ];
}

interface Subject {
  readonly key: string;
  readonly service: Service;
  readonly container: V1Container;
  readonly carrier: CarrierState;
  readonly others: readonly { readonly where: string; readonly text: string }[];
}

type Report = (problem: Problem) => void;

/**
 * Settings that would win over ours: agent options over `-D`, the command line over both variables, and
 * JDK_JAVA_OPTIONS, which the launcher puts on the command line, over JAVA_TOOL_OPTIONS.
 */
function checkPrecedence({ key, carrier, others }: Subject, report: Report): void {
  for (const { where, text } of others) {
    const found = setsPair(text);
    const weaker = where === "JAVA_TOOL_OPTIONS" && carrier.carrier === "JDK_JAVA_OPTIONS";
    if (!found.agentOptions && (!found.properties || weaker)) continue;
    report({
      key: `services.${key}.inject`,
      wrong: `cannot win: ${where} sets the backend address or namespace ${found.agentOptions ? "as agent options" : "as -D"}, which is stronger than ${carrier.carrier}`,
      fix: allCarriers.some((name) => name === where)
        ? `set inject: ${where === "JDK_JAVA_OPTIONS" ? "jdk-java-options" : "java-tool-options"}`
        : "take it out of there, e.g. into SW_AGENT_COLLECTOR_BACKEND_SERVICES",
    });
  }
}

interface AgentAttachment {
  /** The jar that the carrier's value attaches; undefined where something else attaches it, from the same directory as before. */
  readonly jar: string | undefined;
  readonly mountPath: string;
}

/**
 * How the new jar gets in. Where the carrier's value has the `-javaagent:`, that value attaches the new jar, so that jar,
 * address and namespace are one value. Otherwise the new directory is mounted over the old one, which is whole only
 * if the carrier is a variable that the owner's deploys leave alone.
 */
function attach(subject: Subject, base: string, report: Report): AgentAttachment | undefined {
  const { key, service, container, carrier, others } = subject;
  if (findJavaAgent(base) !== undefined) {
    return { jar: `${agentMountPath}/skywalking-agent.jar`, mountPath: agentMountPath };
  }
  const elsewhere = others.map(({ text }) => findJavaAgent(text)).find((found) => found !== undefined);
  const directory = elsewhere?.jar.replace(/\/[^/]*$/, "") ?? service.agent.directory;
  if (directory === undefined) {
    report({
      key: `services.${key}.agent.directory`,
      wrong:
        "is missing: the manifest has no -javaagent, so the image attaches the agent from a directory that cannot be seen",
      fix: "set it, e.g. to /skywalking/agent; if the image attaches it by ENV JAVA_TOOL_OPTIONS, set imageJavaToolOptions to that value instead",
    });
    return undefined;
  }
  if (carrier.original !== undefined) {
    report({
      key: `services.${key}.inject`,
      wrong: `cannot move the agent's jar, address and namespace as one: ${carrier.carrier} is set by the workload's owner, the jar is attached elsewhere, and the owner's next deploy would tear them apart`,
      fix:
        carrier.carrier === "JAVA_TOOL_OPTIONS"
          ? "set inject: jdk-java-options if the service runs on Java 9 or newer; otherwise move its -javaagent into JAVA_TOOL_OPTIONS"
          : `move its -javaagent into ${carrier.carrier}`,
    });
    return undefined;
  }
  const mounted = container.volumeMounts?.find((mount) => mount.mountPath.replace(/\/$/, "") === directory);
  if (mounted !== undefined && mounted.name !== agentVolume) {
    report({
      key: `services.${key}.inject`,
      wrong: `cannot replace the agent in ${directory}: the volume ${mounted.name} is mounted there`,
      fix: "set inject: java-tool-options with the -javaagent in JAVA_TOOL_OPTIONS, or mount that volume one directory higher",
    });
    return undefined;
  }
  return { jar: undefined, mountPath: directory };
}

/** A new agent directory brings an agent.config of its own: a name that only stood in the old one would be lost. */
function checkServiceName({ key, service, container, others }: Subject, base: string, report: Report): void {
  const named =
    service.agent.serviceName !== undefined ||
    container.env?.some(({ name }) => name === "SW_AGENT_NAME") === true ||
    [base, ...others.map(({ text }) => text)].some(setsServiceName);
  if (named) return;
  report({
    key: `services.${key}.agent.serviceName`,
    wrong:
      "is missing: the agent is upgraded with a new agent.config, and the manifest does not name the service (SW_AGENT_NAME or agent.service_name)",
    fix: "set it to the name that SkyWalking shows today",
  });
}

/** The value of the carrier: what stood there, and the pair. Later options win, so ours come last. */
function carrierValue(base: string, settings: AgentSettings, jar: string | undefined, service: Service): string {
  const { serviceName } = service.agent;
  return [
    withoutPair(jar === undefined ? base : withJar(base, jar)),
    ...(settings.javaAgent !== undefined && serviceName !== undefined
      ? [`-Dskywalking.agent.service_name=${serviceName}`]
      : []),
    `-Dskywalking.collector.backend_service=${settings.backendService}`,
    `-Dskywalking.agent.namespace=${settings.agentNamespace}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

interface Carried {
  readonly value: string;
  readonly agent: WorkloadPatch["agent"];
}

function carry(subject: Subject, settings: AgentSettings, report: Report): Carried | undefined {
  const { key, service, container, carrier } = subject;
  const problems: Problem[] = [];
  const note: Report = (problem) => {
    problems.push(problem);
    report(problem);
  };
  const entry = container.env?.find(({ name }) => name === carrier.carrier);
  if (entry?.valueFrom !== undefined) {
    note({
      key: `services.${key}.inject`,
      wrong: `cannot keep ${carrier.carrier}: its value comes from elsewhere (valueFrom) and cannot be extended`,
      fix: `set inject: ${carrier.carrier === "JAVA_TOOL_OPTIONS" ? "jdk-java-options (Java 9 or newer)" : "java-tool-options"}`,
    });
  }
  const attached = [carrier.original ?? "", ...subject.others.map(({ text }) => text)].some(
    (text) => findJavaAgent(text) !== undefined,
  );
  const hidesImage = carrier.carrier === "JAVA_TOOL_OPTIONS" && carrier.original === undefined;
  if (hidesImage && !attached && service.imageJavaToolOptions === undefined) {
    note({
      key: `services.${key}.imageJavaToolOptions`,
      wrong:
        "is missing: the manifest has no -javaagent, so the image attaches the agent, perhaps by ENV JAVA_TOOL_OPTIONS, which a variable of the pod would hide",
      fix: 'set it to what the image has (`docker inspect`), "" for none; or set inject: jdk-java-options if the service runs on Java 9 or newer',
    });
  }
  const base = carrier.original ?? (hidesImage ? service.imageJavaToolOptions : undefined) ?? "";
  checkPrecedence(subject, note);
  let attachment: AgentAttachment | undefined;
  const upgrade: JavaAgentUpgrade | undefined = settings.javaAgent;
  if (upgrade !== undefined && problems.length === 0) {
    attachment = attach(subject, base, note);
    checkServiceName(subject, base, note);
  }
  if (problems.length > 0) return undefined;
  return {
    value: carrierValue(base, settings, attachment?.jar, service),
    agent:
      upgrade === undefined || attachment === undefined
        ? undefined
        : { image: upgrade.image, directory: upgrade.directory, mountPath: attachment.mountPath },
  };
}

/** Name of the volume and the init container of an upgraded agent. */
export const agentVolume = "skywalking-canary-agent";

function pickContainer(key: string, service: Service, workload: Workload, report: Report): V1Container | undefined {
  const { containers } = workload.podSpec;
  const names = containers.map(({ name }) => name).join(", ");
  const [first] = containers;
  if (service.container !== undefined) {
    const named = containers.find(({ name }) => name === service.container);
    if (named === undefined) {
      report({
        key: `services.${key}.container`,
        value: service.container,
        wrong: `is not a container of ${workload.kind} ${workload.namespace}/${workload.name}; allowed: ${names}`,
        fix: "name one of them",
      });
    }
    return named;
  }
  if (containers.length > 1) {
    report({
      key: `services.${key}.container`,
      wrong: `is missing, and ${workload.kind} ${workload.namespace}/${workload.name} has several containers; allowed: ${names}`,
      fix: "name the one with the agent",
    });
    return undefined;
  }
  return first;
}

function readSubject(key: string, service: Service, container: V1Container, workload: Workload): Subject {
  const carrier = readCarrier(workload, container, carriers[service.inject]);
  const others = otherTexts(container, carrier.carrier).map(({ where, text }) => {
    const other = allCarriers.find((name) => name === where);
    // What we ourselves hold in another carrier (`inject` was changed) is not the owner's.
    return { where, text: other === undefined ? text : (readCarrier(workload, container, other).original ?? "") };
  });
  return { key, service, container, carrier, others };
}

function ownerWarnings({ key, container, carrier }: Subject, { originRuns, ...placement }: Placement): string[] {
  if (placement.settings === undefined && placement.settingsOfTo === undefined) return [];
  const name = carrier.carrier;
  if (carrier.original !== undefined) {
    const other = name === "JAVA_TOOL_OPTIONS" ? "jdk-java-options" : "java-tool-options";
    const origin = originRuns
      ? "moves the agent back until the next `pulumi up`"
      : "sends the agent to a backend that is stopped, and nothing of it is seen until the next `pulumi up`: have its owner change that value first";
    return [
      `${key}: its owner sets ${name} too, so every deploy of theirs ${origin}; on Java 9 or newer \`inject: ${other}\` may avoid that`,
    ];
  }
  const readsFrom = container.envFrom ?? [];
  return readsFrom.length === 0
    ? []
    : [`${key}: reads variables with envFrom; if ${name} is among them, its value is hidden by ours`];
}

/** Whether the workload has everything that we want of it, and nothing more of ours. */
function holds(wanted: Omit<WorkloadPatch, "holds">, states: readonly CarrierState[], workload: Workload): boolean {
  const value = new Map(wanted.env.map((variable) => [variable.name, variable.value]));
  const variables = states.every(({ carrier, held, live }) =>
    value.has(carrier) ? held && live === value.get(carrier) : !held,
  );
  const annotations = allCarriers
    .map(originalAnnotation)
    .every((name) => wanted.annotations[name] === workload.annotations[name]);
  return variables && annotations && holdsAgent(wanted, workload);
}

function holdsAgent({ agent, container }: Omit<WorkloadPatch, "holds">, workload: Workload): boolean {
  const held = managersOfInitContainer(workload, agentVolume).includes(fieldManager);
  if (agent === undefined) return !held;
  const brings = workload.podSpec.initContainers?.find(({ name }) => name === agentVolume);
  const mounts = workload.podSpec.containers.find(({ name }) => name === container)?.volumeMounts;
  return (
    held &&
    brings?.image === agent.image &&
    mounts?.some(({ name, mountPath }) => name === agentVolume && mountPath === agent.mountPath) === true
  );
}

/**
 * The generation of the workload's spec over which the patch was applied last. It changes where somebody has undone the
 * patch, and nothing else would tell the engine that there is something to do.
 */
const appliedAnnotation = "skywalking-canary/applied-over-generation";

/**
 * What to apply to a workload so that its agent has the placement's settings, or is as its owner made it.
 *
 * In every stage the patch holds what is ours and nothing else: what it no longer holds, the API server removes, and a
 * value that was the owner's and is now held by us alone is written back.
 *
 * @returns undefined where the service cannot be moved; the reasons have been reported
 */
export function patchWorkload(
  placement: Placement,
  workload: Workload,
  report: (problem: Problem) => void,
): PatchOutcome | undefined {
  const { key, service, settings, settingsOfTo } = placement;
  const container = pickContainer(key, service, workload, report);
  if (container === undefined) return undefined;
  const subject = readSubject(key, service, container, workload);
  const carried = settings === undefined ? undefined : carry(subject, settings, report);
  if (settings !== undefined && carried === undefined) return undefined;
  // What cannot move later is said now, before anything moves.
  if (settings === undefined && settingsOfTo !== undefined && carry(subject, settingsOfTo, report) === undefined) {
    return undefined;
  }
  const states = allCarriers.map((carrier) => readCarrier(workload, container, carrier));
  const annotations: Record<string, string> = {};
  const env: { name: string; value: string }[] = [];
  for (const { carrier, original, heldByUsAlone } of states) {
    const value = carrier === subject.carrier.carrier ? carried?.value : undefined;
    const write = value ?? (heldByUsAlone ? original : undefined);
    if (write === undefined) continue;
    env.push({ name: carrier, value: write });
    if (original !== undefined) annotations[originalAnnotation(carrier)] = original;
  }
  const wanted = { annotations, container: container.name, env, agent: carried?.agent };
  const held = holds(wanted, states, workload);
  const appliedOver = held ? workload.annotations[appliedAnnotation] : String(workload.generation);
  return {
    patch: {
      ...wanted,
      annotations: appliedOver === undefined ? annotations : { ...annotations, [appliedAnnotation]: appliedOver },
      holds: held,
    },
    warnings: ownerWarnings(subject, placement),
  };
}
