import * as z from "zod";

import { agentLanguages, agentReleases } from "../skywalking/agent";
import { oapReleases } from "../skywalking/oap";
import { injects } from "./inject/inject";
import { call, type Call } from "./schema/call";
import { init, monitoring, oap } from "./schema/oap";
import { section, strict } from "./schema/object";
import { images } from "./schema/pod";
import {
  absolutePath,
  dnsLabel,
  duration,
  httpUrl,
  image,
  kubernetesName,
  objectName,
  variables,
} from "./schema/scalars";
import { storage } from "./schema/storage";
import { ui } from "./schema/ui";
import { gates, type Gates } from "./schema/gates";
import { strategies, type StageFlag, type Strategy } from "./stage";

/*
 * The only door for config. Every object is strict, every leaf says what is allowed; messages have the form
 * `what is wrong and allowed -> what to do` (see problemsOf in read-config.ts). What is said of a generation's pods stands
 * in schema/.
 */

/** Names of generations are parts of object names (`elasticsearch-v9-0`, with 63 characters for the whole). */
const generationName = kubernetesName(20);

/** `agent.namespace`: part of a header name (agents to 8.9) or of a service name (since 8.10), hence no `|`, `,` or blank. */
const agentNamespace = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    "is not an agent namespace; allowed: letters, digits, '.', '_' and '-' -> choose e.g. the generation's name",
  );

const address = z
  .string()
  .regex(
    /^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?:\d{1,5}(,[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?:\d{1,5})*$/,
    'is not an address; allowed: host:port, several with a comma between -> write e.g. "skywalking-oap.tracing:11800"',
  );

/** How agents are brought to the release that a generation asks for. */
const javaAgent = strict({
  /** Release of the Java agent that services of this generation run with. */
  release: z.enum(agentReleases("java")),
  /** Image that holds the agent directory. Defaults to the official image of that release. */
  image: image.optional(),
  /** Agent directory in that image. Defaults to the official image's. */
  directory: absolutePath("/skywalking/agent").optional(),
});

/** It becomes a part of variables that a JVM splits at blanks, so it has none, and no quotes. */
const token = z
  .string()
  .regex(
    /^[^\s"'$`\\,=]+$/,
    "is not a token; allowed: no blanks, quotes, '$', '`', '\\', ',' and '=' -> choose another",
  );

const certificate = z
  .string()
  .regex(/-----BEGIN CERTIFICATE-----/, "is not a certificate -> write it in PEM, with its BEGIN and END lines");

const tls = {
  /** The certificate authority, in PEM, that agents are to trust. Defaults to what they trust already. */
  ca: certificate.optional(),
};

const ofEveryGeneration = {
  /** SkyWalking release of the OAP. */
  version: z.enum(oapReleases),
  /** `agent.namespace` of this generation's agents. Defaults to none. */
  agentNamespace: agentNamespace.optional(),
  /** Releases that agents must have to report here; services run the release of their own image where none is named. */
  agents: section({ java: javaAgent.optional() }),
  /**
   * The token that agents must send (`agent.authentication`, `SW_AUTHENTICATION`); OAP 7.0.0 or newer. Set it with `pulumi config set
   * --secret --path`. It reaches OAP and agents through Secrets. Defaults to none.
   */
  token: token.optional(),
};

const managedGeneration = strict({
  ...ofEveryGeneration,
  managed: z.literal(true),
  /** What its OAP and UI become at `shift`; strategy `in-place` only. */
  inPlace: strict({
    version: z.enum(oapReleases),
    /** Defaults to the official image of the release and storage. */
    oapImage: image.optional(),
    /** Defaults to the official image of the release. */
    uiImage: image.optional(),
  }).optional(),
  /** Agents report with TLS, on a gRPC port of their own; OAP 8.2.0 or newer. Defaults to none. */
  tls: strict({
    ...tls,
    /** A Secret of type kubernetes.io/tls in the generation's Kubernetes namespace, which somebody else makes. */
    secretName: objectName,
  }).optional(),
  /** Kubernetes namespace. Defaults to `skywalking-` and the generation's name. */
  namespace: dnsLabel.optional(),
  /** Whether the program creates that namespace, with Pod Security `restricted`. It never deletes it. Defaults to true. */
  createNamespace: z.boolean().default(true),
  images: section(images),
  oap,
  init,
  ui,
  monitoring,
  storage,
});

const adoptedGeneration = strict({
  ...ofEveryGeneration,
  managed: z.literal(false),
  /** `collector.backend_service` of its agents. */
  address,
  /** Its agents report with TLS. Defaults to none. */
  tls: strict(tls).optional(),
  /** URL of its REST port (12800), by which gates ask it. Defaults to none: nothing of it is asked, which a warning says. */
  restUrl: httpUrl.optional(),
  /** Labels of its OAP pods, by which the entrance finds them; strategy `hot-reboot` only. */
  podLabels: z.record(z.string(), z.string()).optional(),
});

/** A generation is managed unless it says `managed: false`; a discriminated union needs the key to be there. */
const generation = z.preprocess(
  (value) => (typeof value === "object" && value !== null ? { managed: true, ...value } : value),
  z.discriminatedUnion("managed", [managedGeneration, adoptedGeneration], {
    error: (issue) =>
      typeof issue.input === "object" && issue.input !== null
        ? "is not allowed; allowed: true, false -> choose one of them"
        : "is not a map -> write a map",
  }),
);

/** Kubernetes' own workloads, and those of Argo Rollouts and OpenKruise where their CRDs are installed. */
export const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Rollout", "CloneSet"] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not the name of a variable -> write it as the container's env does");

const agentRef = strict({ language: z.enum(agentLanguages), release: z.string() });

const serviceFields = {
  /** Kubernetes namespace of the workload. */
  namespace: dnsLabel,
  kind: z.enum(workloadKinds),
  /** Name of the workload. Defaults to the service's key. */
  name: objectName,
  /** Container with the agent. Defaults to the only one. */
  container: dnsLabel,
  /** The agent that the workload's own manifest and image bring. */
  agent: strict({
    /** Language of the agent, or `satellite`: a SkyWalking Satellite, which passes on what other agents report. */
    language: z.enum(agentLanguages),
    release: z.string(),
    /** Directory of the agent in the container, where its `-javaagent:` stands in the image and cannot be seen. */
    directory: absolutePath("/skywalking/agent").optional(),
    /**
     * `agent.service_name`. Asked for where the agent is upgraded and the manifest does not say it: a new agent directory
     * brings a new agent.config.
     */
    serviceName: z
      .string()
      .regex(/^[^\s"',=]+$/, "is not a service name; allowed: no blanks, quotes, ',' and '=' -> rename it")
      .optional(),
  }),
  inject: z.enum(injects),
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
   * Variables as the image sets them (`ENV`), "" for none. Asked for where the program sets one that the manifest does not,
   * since a value of the pod hides the image's.
   */
  imageEnv: variables,
  /** `satellite`: the agents that report through it. They keep their agent namespace. */
  behind: z.array(agentRef),
  /** The generation that the workload's own manifest and image point at. Defaults to the stack's `origin`. */
  origin: generationName,
};

/** The value of `origin` for workloads that point at none of the declared generations: all settings are then written. */
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
    z.strictObject({ selector: z.string().regex(new RegExp(`^${label}(,${label})*$`), notAWave) }),
  ],
  { error: notAWave },
);
export type Wave = z.output<typeof wave>;

/** The schema of each config key. `generations` and `services` are read entry by entry, so that one bad entry hides none. */
export const schemas = {
  stage: z.string().default("baseline"),
  strategy: z.enum(Object.keys(strategies) as [Strategy, ...Strategy[]]).default("canary"),
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
  /** Generations whose storage may be changed in ways that are refused otherwise; see docs/storage.md. Defaults to none. */
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
  /** What the running backends are asked before a stage goes on. */
  gates,
};
export const entrySchemas = {
  generations: { name: generationName, entry: generation },
  services: { name: objectName, entry: service },
};

export type Generation = z.output<typeof generation>;
export type ManagedGeneration = Extract<Generation, { managed: true }>;
export type Service = z.output<typeof service>;
export type Entrance = NonNullable<z.output<typeof schemas.entrance>>;
export type Timeouts = z.output<typeof schemas.timeouts>;

/** A generation that has a role in the upgrade. */
export interface NamedGeneration {
  readonly name: string;
  readonly generation: Generation;
}

/** A config that passed every check; see `readConfig`. */
export interface Config {
  readonly strategy: Strategy;
  readonly stage: StageFlag;
  readonly from: NamedGeneration;
  readonly to: NamedGeneration;
  /** Name of the generation that the workloads' own manifests point at, or {@link noOrigin}. */
  readonly origin: string;
  readonly generations: Readonly<Record<string, Generation>>;
  readonly services: Readonly<Record<string, Service>>;
  readonly waves: readonly Wave[];
  readonly calls: readonly Call[];
  readonly entrance: Entrance | undefined;
  readonly allowReplace: readonly string[];
  readonly timeouts: Timeouts;
  readonly gates: Gates;
}
