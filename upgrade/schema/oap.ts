import * as z from "zod";

import { annotations, labels } from "./metadata";
import { section, strict } from "./object";
import { scheduling, spreading } from "./scheduling";
import { probe, readinessProbe, secretMount } from "./pod";
import {
  cpu,
  duration,
  image,
  memory,
  objectName,
  portNumber,
  replicas,
  variables,
  wholeNumber,
  withoutNul,
} from "./scalars";
import { security } from "./security";
import { ingress, service } from "./service";

/** `oal/core.oal`: it becomes a key of a ConfigMap, which can have no '/'; two '_' stand for it there. */
const configFile = z
  .string()
  .regex(
    /^(?!.*__)[A-Za-z0-9][-\w.]*(\/[A-Za-z0-9][-\w.]*){0,2}$/,
    "is not the path of a configuration file; allowed: up to three names with '/' between, of letters, digits, '.', '-' and single '_' -> write the path below /skywalking/config, e.g. oal/core.oal",
  );

const dynamicKey = z
  .string()
  .regex(
    /^[-\w.]+$/,
    "is not a key of the dynamic configuration; allowed: letters, digits, '.', '-' and '_' -> write it as SkyWalking's documentation does",
  );

const portName = z
  .string()
  .max(15, "is longer than 15 characters -> shorten it")
  .regex(
    /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/,
    "is not the name of a port; allowed: lower-case letters, digits and single '-' -> rename it",
  );

const noPods = 'is not a number of pods; allowed: a whole number, a percentage -> write e.g. 1 or "25%"';
const podsOrShare = z.union([wholeNumber(0), z.string().regex(/^\d{1,3}%$/, noPods)], { error: noPods });

/** The OAP servers of a generation. `docs/helm-chart.md` has these keys beside those of the official Helm chart. */
export const oap = section({
  /** With `autoscaling` the fewest, unless it says `minReplicas`. Defaults to 2. */
  replicas: replicas(1).default(2),
  /**
   * A HorizontalPodAutoscaler decides how many run. It needs metrics of the cluster (metrics-server). Turning it on for
   * servers that run starts it from one pod. Defaults to none.
   */
  autoscaling: strict({
    /** Defaults to `replicas`. */
    minReplicas: replicas(1).optional(),
    maxReplicas: replicas(1),
    /** Percent of the CPU request, on average over the pods. Defaults to 70. */
    targetCPUUtilizationPercentage: wholeNumber(1).default(70),
  }).optional(),
  /** How many pods a drain of nodes may take at once, or must leave; one of the two. Defaults to maxUnavailable: 1. */
  podDisruptionBudget: strict({ maxUnavailable: podsOrShare.optional(), minAvailable: podsOrShare.optional() })
    .refine(
      ({ maxUnavailable, minAvailable }) => (maxUnavailable === undefined) !== (minAvailable === undefined),
      "has to say one of the two; allowed: maxUnavailable, minAvailable -> set one and not the other",
    )
    .default({ maxUnavailable: 1 }),
  /**
   * `RollingUpdate` starts a new pod before it ends an old one; `Recreate` ends all first, where there is no room for
   * one more. Defaults to RollingUpdate.
   */
  strategy: z.enum(["RollingUpdate", "Recreate"]).default("RollingUpdate"),

  /** Memory request and limit; 60 percent of it is heap. Defaults to 2Gi. */
  memory: memory.default("2Gi"),
  /** CPU request. Defaults to 500m. */
  cpu: cpu.default("500m"),
  /** CPU limit. Defaults to none. */
  cpuLimit: cpu.optional(),
  /** Heap in place of those 60 percent. */
  heap: memory.optional(),
  /**
   * Options of the JVM after the program's own, for the init Job too. The heap has a key of its own. Defaults to none.
   */
  javaOpts: withoutNul.min(1, "is empty -> write options of the JVM or leave the key out").optional(),
  /** Defaults to the official image of the release and storage. */
  image: image.optional(),

  /** Further variables of application.yml, by name, for the init Job too. What the program sets itself is refused. */
  env: variables.default({}),
  /**
   * Files that replace or join those of `/skywalking/config`, for the init Job too: path to content, e.g.
   * `oal/core.oal`. A change rolls the pods and runs the init Job anew. They are in a ConfigMap, so nothing secret may
   * be in them: see `secretMounts`. An application.yml has to keep the variables by which the program sets cluster and
   * storage, lest two generations mix, and from 11.0.0 on those of the administration, lest it is open. Defaults to
   * none.
   */
  config: z.record(configFile, z.string()).optional(),
  /**
   * Settings that the servers follow while they run, from a ConfigMap; OAP 8.1.0 or newer. A change does not roll the
   * pods. Defaults to none, and no such ConfigMap.
   */
  dynamicConfig: strict({
    /** How often the servers look. Defaults to 60s. */
    period: duration.default("60s"),
    /** SkyWalking's key to content, e.g. `agent-analyzer.default.slowDBAccessThreshold`. Defaults to nothing. */
    config: z.record(dynamicKey, z.string()).default({}),
  }).optional(),
  /** Secrets as files, for the init Job too. Defaults to none. */
  secretMounts: z.array(secretMount).optional(),

  /**
   * Further ports of container and Service by name, e.g. `zipkin: 9411`, `promql: 9090`, `logql: 3100`,
   * `metrics: 1234`. What listens there is the user's to switch on, by `env`. Defaults to none; grpc and rest are
   * always there.
   */
  ports: z.record(portName, portNumber).optional(),
  service: section(service),
  /** In front of the REST port, which has no authentication of its own. Defaults to none. */
  ingress: ingress.optional(),

  /** The account of the pods. Its right to read pods, and ConfigMaps for `dynamicConfig`, is given in both cases. */
  serviceAccount: section({
    /**
     * An existing account, which the init Job uses too. Defaults to one that the program creates for the servers only.
     */
    name: objectName.optional(),
    /** Of the account that the program makes. Defaults to none. */
    annotations: annotations.optional(),
  }),
  /** Numbers only. Defaults to every 5 s, given up after 120 failures. */
  startupProbe: probe.optional(),
  /** Numbers only. Defaults to every 10 s, 5 s each. */
  readinessProbe: readinessProbe.optional(),
  /** Numbers only. Defaults to every 20 s, given up after 5 failures. */
  livenessProbe: probe.optional(),
  ...security,
  ...scheduling,
  ...spreading,
});

/** The Job that installs the storage. Image, files, JVM options and security contexts are the servers'. */
export const init = section({
  /** Memory request and limit. Defaults to the servers'. */
  memory: memory.optional(),
  /** CPU request. Defaults to the servers'. */
  cpu: cpu.optional(),
  /** CPU limit. Defaults to the servers'. */
  cpuLimit: cpu.optional(),
  /** Variables besides `oap.env`, over which they win. Defaults to none. */
  env: variables.optional(),
  /**
   * Seconds after which Kubernetes deletes the finished Job; at least 60, since the update has to see that it finished.
   * The next `pulumi up --refresh` misses a Job that was deleted so, makes it again and waits for it; it changes
   * nothing in a storage that has been installed. Defaults to keeping the Job.
   */
  ttlSecondsAfterFinished: wholeNumber(60).optional(),
  ...scheduling,
});

/** How the servers are watched from outside. */
export const monitoring = section({
  /**
   * Whether a ServiceMonitor tells a Prometheus Operator to scrape the servers, which then have the port `metrics`
   * (1234 unless `oap.ports` says another) and telemetry switched on. Its CRD must be in the cluster. Defaults to
   * false.
   */
  serviceMonitor: z.boolean().default(false),
  /** Labels of the ServiceMonitor, by which a Prometheus may choose. Defaults to none. */
  labels: labels.optional(),
});

export type OapSettings = z.output<typeof oap>;
export type InitSettings = z.output<typeof init>;
export type MonitoringSettings = z.output<typeof monitoring>;
