import * as z from "zod";

import { agentLanguages, agentReleases } from "../skywalking/agent";
import { gates } from "./gates/registry";
import { injects } from "./inject/injectors";
import { call } from "./schema/call";
import { section, strict } from "./schema/object";
import { generation, generationName, type Generation, type NamedGeneration } from "./schema/generation";
import { naming } from "./schema/release";
import { dnsLabel, duration, objectName, plainPath, variables, integer } from "./schema/scalars";
import { firstStage, strategyNames, type StageFlag } from "./stage";
import { workloadKindNames } from "./workload/kinds";
import { theCluster, type ClusterName } from "./workload/ref";

export type { Generation, ManagedGeneration, NamedGeneration } from "./schema/generation";

/*
 * The only door for config. Every object is strict, every leaf says what is allowed; messages have the form
 * `what is wrong and allowed -> what to do` (see problemsOf in read-config.ts). What is said of a generation's pods
 * stands in schema/.
 */

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not the name of a variable -> write it as the container's env does");

const agent = {
  /** Language of the agent, or `satellite`: a SkyWalking Satellite, which passes on what other agents report. */
  language: z.enum(agentLanguages),
  release: z.string(),
  /** The known release whose facts hold, for one that the program does not know. Defaults to none. */
  behavesLike: z.string().optional(),
};

/** An object with the keys of {@link agent}. */
const ofAgent = <Schema extends z.ZodType<object>>(schema: Schema) =>
  naming(schema, "release", (read) => {
    const language = agentLanguages.find((each) => "language" in read && read.language === each);
    return language === undefined ? undefined : { of: `${language} agent`, known: agentReleases(language) };
  });

const agentRef = ofAgent(strict(agent));

const serviceFields = {
  /** Kubernetes namespace of the workload. */
  namespace: dnsLabel,
  kind: z.enum(workloadKindNames),
  /** Name of the workload. Defaults to the service's key. */
  name: objectName,
  /** Container with the agent. Defaults to the only one. */
  container: dnsLabel,
  /** The agent that the workload's own manifest and image bring. */
  agent: ofAgent(
    strict({
      ...agent,
      /**
       * `java`: the feature release of the JVM, e.g. 17. From 9 on the launcher reads JDK_JAVA_OPTIONS, which is then
       * the default where the owner's manifest sets JAVA_TOOL_OPTIONS and not the other. Defaults to unknown.
       */
      javaVersion: integer.min(6, "is no release of Java; allowed: 6 or newer -> write e.g. 17").optional(),
      /** Directory of the agent in the container, where its `-javaagent:` stands in the image and cannot be seen. */
      directory: plainPath("/skywalking/agent").optional(),
      /**
       * `agent.service_name`. Asked for where the agent is upgraded and the manifest does not say it: a new agent
       * directory brings a new agent.config.
       */
      serviceName: z
        .string()
        .regex(
          /^[^\s\p{Cc}"',=]+$/u,
          "is not a service name; allowed: no blanks, control characters, quotes, ',' and '=' -> rename it",
        )
        .optional(),
    }),
  ),
  inject: z.enum(injects),
  /**
   * Whether values that the owner's manifest sets are taken over. `force`: all of them. `refuse`: none, so a service
   * whose owner sets its carrier is an error. Defaults to those of owners who do not put them back by themselves, as
   * Argo CD and Flux do.
   */
  takeOver: z.enum(["force", "refuse"]),
  /** `agent-options`: the variable that has the `-javaagent:`. Defaults to JAVA_TOOL_OPTIONS. */
  variable: variableName,
  /** `config-map`: where the agent's configuration file is. */
  configFile: strict({
    /** Name of the volume, in the manifest, that mounts the ConfigMap. Defaults to the only one that does. */
    volume: dnsLabel.optional(),
    /** Key of the ConfigMap. Defaults to agent.config. */
    key: z
      .string()
      .regex(/^[-._A-Za-z0-9]+$/, "is not a key of a ConfigMap -> write e.g. agent.config")
      .optional(),
  }),
  /**
   * Variables as the image sets them (`ENV`), "" for none. Asked for where the program sets one that the manifest does
   * not, since a value of the pod hides the image's.
   */
  imageEnv: variables,
  /** `satellite`: the agents that report through it. They keep their agent namespace. */
  behind: z.array(agentRef),
  /** The generation that the workload's own manifest and image point at. Defaults to the stack's `origin`. */
  origin: generationName,
};

/**
 * The value of `origin` for workloads that point at none of the declared generations: all settings are then written.
 */
export const noOrigin = "none";

/** One target service; `serviceDefaults` has already been filled in. */
const service = strict({
  namespace: serviceFields.namespace,
  kind: serviceFields.kind.default("Deployment"),
  name: serviceFields.name.optional(),
  container: serviceFields.container.optional(),
  agent: serviceFields.agent,
  /** Defaults to the first way of the agent's language. */
  inject: serviceFields.inject.optional(),
  takeOver: serviceFields.takeOver.optional(),
  variable: serviceFields.variable.optional(),
  configFile: serviceFields.configFile.optional(),
  imageEnv: serviceFields.imageEnv.optional(),
  behind: serviceFields.behind.optional(),
  origin: serviceFields.origin.optional(),
});

const label = "[A-Za-z0-9]([A-Za-z0-9_./-]*[A-Za-z0-9])?=[A-Za-z0-9_.-]*";

/**
 * Who moves in one wave: a list of services, a share of all services that have moved when it is done (`10%`), or those
 * whose workload has some labels.
 */
const notAWave =
  'is not a wave; allowed: a list of services, a share such as "10%", or a label selector such as {selector: "tier=backend"} -> write one of these';
const wave = z.union(
  [
    z.array(z.string()),
    z.string().regex(/^([1-9]\d?|100)%$/, notAWave),
    strict({ selector: z.string().regex(new RegExp(`^${label}(,${label})*$`), notAWave) }),
  ],
  { error: notAWave },
);
export type Wave = z.output<typeof wave>;

/**
 * The schema of each config key, in the order in which problems are listed. `generations` and `services` are read entry
 * by entry, so that one bad entry hides none.
 */
export const schemas = {
  stage: z.string().default(firstStage),
  strategy: z.enum(strategyNames).default("canary"),
  from: generationName,
  to: generationName,
  origin: generationName,
  generations: z.record(z.string(), z.unknown()),
  serviceDefaults: section({
    namespace: serviceFields.namespace.optional(),
    kind: serviceFields.kind.optional(),
    container: serviceFields.container.optional(),
    agent: serviceFields.agent.optional(),
    inject: serviceFields.inject.optional(),
    takeOver: serviceFields.takeOver.optional(),
    variable: serviceFields.variable.optional(),
    configFile: serviceFields.configFile.optional(),
    imageEnv: serviceFields.imageEnv.optional(),
  }),
  services: z.record(z.string(), z.unknown()).default({}),
  /** Lists of service keys, in the order in which they move. Services in no wave move at `shift`. */
  waves: z.array(wave).default([]),
  /** Calls between services (`caller -> callee`): the plan warns of those that cross from one backend to the other. */
  calls: z.array(call).default([]),
  /**
   * The stable address of strategy `hot-reboot`: a Service that leads to the OAP of one generation. Agents point at it
   * before the upgrade begins. Its Kubernetes namespace is that of both generations.
   */
  entrance: z.preprocess(
    // Pulumi.yaml gives {} where the stack says nothing.
    (value) => (JSON.stringify(value) === "{}" ? undefined : value),
    strict({ namespace: dnsLabel, name: dnsLabel }).optional(),
  ),
  /**
   * Generations whose storage may be changed in ways that are refused otherwise; see docs/storage.md. Defaults to none.
   */
  allowReplace: z.array(generationName).default([]),
  timeouts: section({
    /** Until all nodes of a storage are ready. Defaults to 15m. */
    storage: duration.default("15m"),
    /** Until the init Job has completed. Defaults to 15m. */
    init: duration.default("15m"),
    /** Until the rollout of an OAP or UI has finished. Defaults to 15m. */
    oap: duration.default("15m"),
    /** Until the snapshot before `retire` has been taken. Defaults to 1h. */
    snapshot: duration.default("1h"),
    /** Until the rollout of one target service has finished. Defaults to 10m. */
    rollout: duration.default("10m"),
  }),
  rollout: section({
    /**
     * What is done about pods that their StatefulSet or DaemonSet leaves as they are (`updateStrategy: OnDelete`).
     * `wait`: their owner deletes them. `delete`: the program evicts them, one at a time. Defaults to wait.
     */
    onDelete: z.enum(["wait", "delete"]).default("wait"),
  }),
  /** What the running backends are asked before a stage goes on. */
  gates,
};
export const entrySchemas = {
  generations: { name: generationName, entry: generation },
  services: { name: objectName, entry: service },
};

type ServiceEntry = z.output<typeof service>;

/** One target service, with what the config leaves to defaults filled in. */
export interface Service extends Omit<ServiceEntry, "name" | "origin"> {
  /** Its key under `services`. */
  readonly key: string;
  /** Name of the workload. */
  readonly name: string;
  readonly cluster: ClusterName;
  /** Name of the generation that the workload's own manifest points at, or {@link noOrigin}. */
  readonly origin: string;
}

/** Every cluster of a stack, first the one of its config keys. */
export function clustersOf({ generations, services }: Pick<Config, "generations" | "services">): ClusterName[] {
  const named = [...Object.values(generations), ...Object.values(services)].map(({ cluster }) => cluster);
  return [...new Set([theCluster, ...named])];
}

/** A service with its defaults; what the stack says of `origin` holds for services that say nothing. */
export function filledIn(key: string, entry: ServiceEntry, origin: string): Service {
  return { ...entry, cluster: theCluster, key, name: entry.name ?? key, origin: entry.origin ?? origin };
}

/** The value of each config key, as its schema reads it. */
export type Values = { readonly [Key in keyof typeof schemas]: Readonly<z.output<(typeof schemas)[Key]>> };
export type Entrance = NonNullable<Values["entrance"]> & { readonly cluster: ClusterName };
export type Timeouts = Values["timeouts"];

/** A config that passed every check; see `readConfig`. */
export interface Config extends Omit<Values, "stage" | "from" | "to" | "generations" | "services" | "entrance"> {
  readonly stage: StageFlag;
  readonly from: NamedGeneration;
  readonly to: NamedGeneration;
  readonly generations: Readonly<Record<string, Generation>>;
  readonly services: Readonly<Record<string, Service>>;
  readonly entrance: Entrance | undefined;
  /** Keys of each generation under which a secret stands in the stack file as it is, by the generation's name. */
  readonly inClear: ReadonlyMap<string, readonly string[]>;
}
