import { isDeepStrictEqual } from "node:util";

import { ConfigError } from "../../upgrade/problem";
import { readConfig } from "../../upgrade/read-config";
import { workloadOf } from "../../upgrade/patches";
import { firstStage } from "../../upgrade/stage";
import { workloadKey } from "../../upgrade/workload/ref";
import { findAgents, templateOf, type FoundAgent } from "../workloads/agent";
import type { ListedWorkload } from "../workloads/list";
import { checkProposals } from "./check-proposals";
import { workloadText } from "../../upgrade/workload/ref";
import { proposals, type Assumption, type Assumptions, type Backends, type Proposal } from "./proposal";

/** What `adopt` found and proposes. */
export interface Adoption {
  readonly proposals: readonly Proposal[];
  /** Workloads with no sign of an agent in their manifests or pods. */
  readonly withoutAgent: readonly string[];
  /** Workloads that are already in the stack's config. */
  readonly configured: readonly string[];
}

/** Finds the agents in the pods too: what admission adds (SWCK, another injector) is not in the template. */
function agentsOf({ workload, pods }: ListedWorkload): FoundAgent[] {
  const [pod] = pods;
  const inPod = pod === undefined ? [] : findAgents(pod);
  const inTemplate = findAgents(templateOf(workload));
  const byContainer = new Map(inPod.map((agent) => [agent.container, agent]));
  for (const agent of inTemplate) {
    const more = byContainer.get(agent.container);
    byContainer.set(agent.container, {
      ...agent,
      language: agent.language ?? more?.language,
      release: agent.release ?? more?.release,
      releaseBy: agent.releaseBy ?? more?.releaseBy,
      address: agent.address ?? more?.address,
      agentNamespace: agent.agentNamespace ?? more?.agentNamespace,
      serviceName: agent.serviceName ?? more?.serviceName,
    });
  }
  return [...byContainer.values()];
}

/** The config without its services, at the stage where nothing has moved. */
function backendsOf(raw: Readonly<Record<string, unknown>>): Backends {
  return readConfig({ ...raw, stage: firstStage, waves: [], calls: [], services: {} });
}

/** Workloads that the config names; its stage, waves and calls are not checked. */
function configuredWorkloads(raw: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  try {
    const { services } = readConfig({ ...raw, stage: firstStage, waves: [], calls: [] });
    return new Set(Object.values(services).map((service) => workloadOf({ service })));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new Error(`${error.message}\n-> fix the existing services before adding to them`, { cause: error });
  }
}

type Defaults = Readonly<Record<string, unknown>>;

/** The stack's `serviceDefaults`, which readConfig has already checked. */
function defaultsOf(raw: Readonly<Record<string, unknown>>): Defaults {
  return (raw.serviceDefaults as Defaults | undefined) ?? {};
}

/** Falls back to the agent of `serviceDefaults` for what the options leave open. */
function withDefaults({ releases, language }: Assumptions, defaults: Defaults): Assumptions {
  const agent = (defaults.agent ?? {}) as {
    readonly release?: string;
    readonly behavesLike?: string;
    readonly language?: string;
  };
  const byDefaults = (value: string | undefined, more: Partial<Assumption> = {}): Assumption[] =>
    value === undefined ? [] : [{ value, by: "serviceDefaults", ...more }];
  return {
    releases: [...releases, ...byDefaults(agent.release, { behavesLike: agent.behavesLike })],
    language: language ?? byDefaults(agent.language)[0],
  };
}

/** Leaves out what `serviceDefaults` already say. */
function compact(proposal: Proposal, defaults: Defaults): Proposal {
  const entry = Object.entries(proposal.entry).filter(([key, value]) => !isDeepStrictEqual(value, defaults[key]));
  return { ...proposal, entry: Object.fromEntries(entry) };
}

/**
 * Proposes the services of a stack file from running workloads.
 *
 * @param raw - the stack's config
 * @throws ConfigError when the stack's config is wrong apart from its services
 */
export function adopt(
  raw: Readonly<Record<string, unknown>>,
  listed: readonly ListedWorkload[],
  assumed: Assumptions,
): Adoption {
  const backends = backendsOf(raw);
  const defaults = defaultsOf(raw);
  const configured = configuredWorkloads(raw);
  const isConfigured = ({ workload }: ListedWorkload): boolean => configured.has(workloadKey(workload));
  const found = listed.filter((item) => !isConfigured(item)).map((item) => ({ listed: item, agents: agentsOf(item) }));
  const taken = new Set(Object.keys((raw.services as Record<string, unknown> | undefined) ?? {}));
  return {
    proposals: checkProposals(raw, proposals(found, backends, withDefaults(assumed, defaults), taken)).map((proposal) =>
      compact(proposal, defaults),
    ),
    withoutAgent: found
      .filter(({ agents }) => agents.length === 0)
      .map(({ listed: { workload } }) => workloadText(workload)),
    configured: listed.filter(isConfigured).map(({ workload }) => workloadText(workload)),
  };
}
