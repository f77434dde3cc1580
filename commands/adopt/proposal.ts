import { agentLanguages, agentReleases, type AgentLanguage } from "../../skywalking/agent";
import { objectName } from "../../upgrade/schema/scalars";
import type { Config } from "../../upgrade/config";
import { workloadText } from "../../upgrade/workload/ref";
import { fieldManager, type Workload } from "../../upgrade/workload/workload";
import type { FoundAgent, FoundSetting } from "../workloads/agent";
import type { ListedWorkload } from "../workloads/list";
import { generationOf, isEntrance } from "../workloads/generation-of";
import { injectionOf } from "./injection";

/** A service that is proposed for the stack file. */
export interface Proposal {
  /** Its key under `services`. */
  readonly key: string;
  readonly workload: Workload;
  readonly entry: Readonly<Record<string, unknown>>;
  /** What was found and what was assumed. */
  readonly notes: readonly string[];
  /** Why it cannot be taken over as it stands; empty when it can. */
  readonly questions: readonly string[];
}

/** A value that is assumed for agents whose manifest does not show it. */
export interface Assumption {
  readonly value: string;
  /** Where it comes from: an option, or the stack's `serviceDefaults`. */
  readonly by: string;
  /** Of a release that is not known. */
  readonly behavesLike?: string | undefined;
}
export interface Assumptions {
  /** Each service takes the first release that exists for its language. */
  readonly releases: readonly Assumption[];
  readonly language: Assumption | undefined;
}

/** A workload and the agents that were found in it. */
export interface Found {
  readonly listed: ListedWorkload;
  readonly agents: readonly FoundAgent[];
}

/** The part of a stack's config on which proposals depend. */
export type Backends = Pick<Config, "from" | "to" | "origin" | "generations" | "entrance">;

const told = (setting: FoundSetting | undefined): string | undefined =>
  setting === undefined ? undefined : (setting.value ?? `a value that ${setting.where} takes from elsewhere`);

function attachmentText({ attachment }: FoundAgent): string {
  switch (attachment.by) {
    case "javaagent":
      return `attached by ${attachment.where}`;
    case "swck":
      return "attached by SWCK";
    case "image":
      return "attached by its image";
  }
}

function whatWasFound({ workload }: ListedWorkload, agent: FoundAgent, generation: string | undefined): string {
  const address = told(agent.address);
  const namespace = told(agent.agentNamespace);
  const reports =
    address === undefined
      ? "reports where its image says"
      : `reports to ${address}${generation === undefined ? "" : ` (${generation})`}`;
  const named = told(agent.serviceName);
  return [
    `${workloadText(workload)}, container ${agent.container}: agent ${attachmentText(agent)}`,
    reports,
    namespace === undefined || namespace === "" ? "no namespace" : `namespace ${namespace}`,
    ...(named === undefined ? [] : [`as ${named}`]),
  ].join(", ");
}

interface Origin {
  readonly origin: string | undefined;
  readonly generation: string | undefined;
  readonly notes: readonly string[];
  readonly questions: readonly string[];
}

/** The generation that the workload's own manifest points at. */
function originOf({ workload }: ListedWorkload, agent: FoundAgent, backends: Backends): Origin {
  const { origin, generations, entrance } = backends;
  const address = agent.address?.value;
  if (address === undefined) {
    const notes = [`origin: its address cannot be seen, so the stack's origin (${origin}) is assumed`];
    return { origin: undefined, generation: undefined, notes, questions: [] };
  }
  if (isEntrance(address, workload.namespace, entrance)) {
    return { origin: undefined, generation: "the entrance", notes: [], questions: [] };
  }
  const generation = generationOf(address, workload.namespace, generations);
  if (generation === undefined) {
    const names = Object.keys(generations).join(", ");
    return {
      origin: undefined,
      generation: undefined,
      notes: [],
      questions: [
        `origin: ${address} belongs to none of the declared generations (${names}): declare it (managed: false, address: ${address}), or correct the address of the generation that it belongs to`,
      ],
    };
  }
  const declared = generations[generation]?.agentNamespace ?? "";
  const namespace = agent.agentNamespace === undefined ? "" : agent.agentNamespace.value;
  const differs =
    namespace === undefined || namespace === declared
      ? []
      : [
          `agentNamespace: the manifest says ${namespace === "" ? "nothing" : namespace}, ${generation} declares ${declared === "" ? "none" : declared}; unless the image sets another one, correct generations.${generation}.agentNamespace`,
        ];
  return { origin: generation === origin ? undefined : generation, generation, notes: differs, questions: [] };
}

/** A free key: the name that SkyWalking shows, else the workload's name. */
function keyOf(
  { workload }: ListedWorkload,
  { serviceName, container }: FoundAgent,
  taken: ReadonlySet<string>,
): string {
  const { name, namespace, kind } = workload;
  const wanted = [serviceName?.value ?? "", name, `${name}-${container}`, `${name}-${namespace}`];
  const free = [...wanted, `${name}-${namespace}-${kind.toLowerCase()}`].find(
    (key) => objectName.safeParse(key).success && !taken.has(key),
  );
  return free ?? `${name}-${namespace}-${kind.toLowerCase()}-${container}`;
}

function propose(listed: ListedWorkload, agent: FoundAgent, backends: Backends, assumed: Assumptions, key: string) {
  const { workload } = listed;
  const notes: string[] = [];
  const questions: string[] = [];
  const { origin, generation, ...remarks } = originOf(listed, agent, backends);
  notes.push(whatWasFound(listed, agent, generation), ...remarks.notes);
  questions.push(...remarks.questions);

  const settle = (key: string, found: string | undefined, foundBy: string | undefined, otherwise?: Assumption) => {
    const value = found ?? otherwise?.value;
    if (value === undefined) {
      questions.push(`agent.${key}: not found in the manifest; write it, or run again with --${key}`);
    } else if (found === undefined && otherwise !== undefined) {
      notes.push(`agent.${key}: not found in the manifest, so ${value} is assumed (${otherwise.by})`);
    } else if (foundBy !== undefined) {
      notes.push(`agent.${key}: from ${foundBy}`);
    }
    return value ?? key.toUpperCase();
  };
  const language = settle("language", agent.language, undefined, assumed.language);
  const known: readonly string[] = agentLanguages.some((it) => it === language)
    ? agentReleases(language as AgentLanguage)
    : [];
  const assumedRelease = assumed.releases.find(({ value, behavesLike = value }) => known.includes(behavesLike));
  const release = settle("release", agent.release, agent.releaseBy, assumedRelease);
  const { behavesLike } = assumed.releases.find(({ value }) => value === release) ?? {};
  if (workload.managedFields.some(({ manager }) => manager === fieldManager)) {
    questions.push("a stack of this program already patches it: take the entry from that stack's file instead");
  }
  const container = workload.podSpec.containers.find(({ name }) => name === agent.container);
  const injection = container === undefined ? { keys: {}, notes: [] } : injectionOf(agent, container);
  notes.push(...injection.notes);
  const shown = agent.serviceName?.value;
  const entry = {
    namespace: workload.namespace,
    kind: workload.kind,
    ...(workload.name === key ? {} : { name: workload.name }),
    ...(workload.podSpec.containers.length === 1 ? {} : { container: agent.container }),
    agent: {
      language,
      release,
      ...(behavesLike === undefined ? {} : { behavesLike }),
      ...(shown === undefined || shown === key ? {} : { serviceName: shown }),
    },
    ...injection.keys,
    ...(origin === undefined ? {} : { origin }),
  };
  return { key, workload, entry, notes, questions };
}

/**
 * The entries for the `services:` part of a stack file, one for each workload that was found.
 *
 * @param taken - keys that are already in the stack file
 */
export function proposals(
  found: readonly Found[],
  backends: Backends,
  assumed: Assumptions,
  taken: ReadonlySet<string>,
): Proposal[] {
  const keys = new Set(taken);
  return found.flatMap(({ listed, agents }) =>
    agents.map((agent, index) => {
      const key = keyOf(listed, agent, keys);
      keys.add(key);
      const proposal = propose(listed, agent, backends, assumed, key);
      if (index === 0) return proposal;
      const second = `container ${agents[0]?.container ?? ""} of the same workload has an agent too, but a workload can be only one service`;
      return { ...proposal, questions: [...proposal.questions, second] };
    }),
  );
}
