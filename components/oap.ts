import { createHash } from "node:crypto";

import type { types } from "@pulumi/kubernetes";
import * as apps from "@pulumi/kubernetes/apps/v1";
import * as batch from "@pulumi/kubernetes/batch/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as rbac from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";

import type { OapProfile } from "../skywalking/oap";
import { grpcPort, oapName, restPort } from "../upgrade/backend";
import type { WorkloadRef } from "./cluster";
import { containerSecurity, heapMebibytes, labelsOf, podSecurity, selectorOf, spread, unawaited } from "./pod";
import type { StorageBinding } from "./storage/storage";

type EnvVar = types.input.core.v1.EnvVar;
type Volumes = Pick<types.input.core.v1.PodSpec, "volumes" | "initContainers">;

export interface OapArgs {
  readonly generation: string;
  /** Kubernetes namespace. */
  readonly namespace: string;
  readonly profile: OapProfile;
  /** 0 keeps every object and stops the servers. */
  readonly replicas: number;
  /** Whether all servers stop before new ones start: two releases must not meet in one cluster. */
  readonly recreate: boolean;
  /** Memory limit; 60 percent of it is heap. */
  readonly memory: string;
  /** CPU request. */
  readonly cpu: string;
  readonly image: string;
  /** Further variables of application.yml. */
  readonly env: Readonly<Record<string, string>>;
  /** Value of `SW_STORAGE`. */
  readonly storageSelector: string;
  readonly storage: StorageBinding;
  /** Index prefix. */
  readonly storageNamespace: string;
  /** Until the init Job has completed: `15m`. */
  readonly initTimeout: string;
  /** Until a rollout has finished: `15m`. */
  readonly timeout: string;
}

/** Label by which the nodes of one cluster find each other. Two generations must never share its value. */
const clusterLabel = "skywalking-canary/oap-cluster";

const toEnv = (variables: Readonly<Record<string, string>>): EnvVar[] =>
  Object.entries(variables).map(([name, value]) => ({ name, value }));

/** What init Job and servers share. `SW_NAMESPACE` on only one of the two is a known way to an OAP that never starts (apache/skywalking#6919). */
function storageEnv({ profile, storage, storageNamespace, storageSelector }: OapArgs): EnvVar[] {
  const names = profile.env.elasticsearch;
  return [
    { name: "SW_STORAGE", value: storageSelector },
    { name: names.clusterNodes, value: storage.nodes },
    ...(names.namespace === undefined ? [] : [{ name: names.namespace, value: storageNamespace }]),
    ...(names.protocol === undefined ? [] : [{ name: names.protocol, value: storage.protocol }]),
    ...(names.user === undefined || storage.user === undefined ? [] : [{ name: names.user, valueFrom: storage.user }]),
    ...(names.password === undefined || storage.password === undefined
      ? []
      : [{ name: names.password, valueFrom: storage.password }]),
  ];
}

/** The images 6.1 to 6.6 write their application.yml when they start, which a pod that is not root may do in a volume only. */
function writableConfig({ profile, image }: OapArgs): Volumes & { mounts: types.input.core.v1.VolumeMount[] } {
  if (!profile.generatesConfig) return { mounts: [] };
  return {
    volumes: [{ name: "config", emptyDir: {} }],
    initContainers: [
      {
        name: "config",
        image,
        command: ["sh", "-c", "cp -R /skywalking/config/. /writable-config/"],
        securityContext: containerSecurity,
        resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
        volumeMounts: [{ name: "config", mountPath: "/writable-config" }],
      },
    ],
    mounts: [{ name: "config", mountPath: "/skywalking/config" }],
  };
}

function javaOptions(memory: string, mode: "init" | "no-init"): string {
  const heap = String(heapMebibytes(memory, 0.6));
  return `-Xms${heap}m -Xmx${heap}m -Dmode=${mode}`;
}

const timeouts = (timeout: string): pulumi.CustomTimeouts => ({ create: timeout, update: timeout, delete: timeout });

/**
 * The OAP cluster of one generation: an init Job that installs the storage, then servers in `no-init` mode, which would
 * wait for ever without it. Membership in the cluster is a label of this generation alone.
 */
export class Oap extends pulumi.ComponentResource {
  /** The servers; agents may be sent to them once it is there. */
  readonly deployment: apps.Deployment;
  /** The Deployment, for those who ask the API server. */
  readonly ref: WorkloadRef;
  readonly service: core.Service;

  constructor(name: string, args: OapArgs, options: pulumi.ComponentResourceOptions) {
    super("skywalking-canary:index:Oap", name, {}, options);
    const { generation, namespace, profile } = args;
    const labels = labelsOf(generation, "oap", profile.release);
    const selector = selectorOf(generation, "oap");
    const metadata = { name: oapName(generation), namespace, labels };
    this.ref = { kind: "Deployment", namespace, name: metadata.name };
    const serviceAccount = this.createServiceAccount(name, metadata);
    const init = this.createInitJob(name, args);

    const { volumes, initContainers, mounts } = writableConfig(args);
    const handler: types.input.core.v1.Probe =
      profile.probe.kind === "tcp"
        ? { tcpSocket: { port: "rest" } }
        : { httpGet: { path: profile.probe.path, port: "rest" } };
    this.deployment = new apps.Deployment(
      name,
      {
        metadata,
        spec: {
          replicas: args.replicas,
          selector: { matchLabels: selector },
          strategy: args.recreate
            ? { type: "Recreate" }
            : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
          template: {
            metadata: { labels: { ...labels, [clusterLabel]: generation } },
            spec: {
              serviceAccountName: metadata.name,
              securityContext: podSecurity,
              terminationGracePeriodSeconds: 60,
              topologySpreadConstraints: spread(selector),
              ...(initContainers === undefined ? {} : { initContainers }),
              ...(volumes === undefined ? {} : { volumes }),
              containers: [
                {
                  name: "oap",
                  image: args.image,
                  securityContext: containerSecurity,
                  env: [
                    { name: "JAVA_OPTS", value: javaOptions(args.memory, "no-init") },
                    { name: "SW_CLUSTER", value: "kubernetes" },
                    { name: "SW_CLUSTER_K8S_NAMESPACE", value: namespace },
                    { name: "SW_CLUSTER_K8S_LABEL", value: `${clusterLabel}=${generation}` },
                    { name: "SKYWALKING_COLLECTOR_UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } },
                    ...storageEnv(args),
                    ...toEnv({ ...profile.probeEnv, ...args.env }),
                  ],
                  ports: [
                    { name: "grpc", containerPort: grpcPort },
                    { name: "rest", containerPort: restPort },
                  ],
                  resources: { requests: { cpu: args.cpu, memory: args.memory }, limits: { memory: args.memory } },
                  startupProbe: { ...handler, periodSeconds: 5, failureThreshold: 120 },
                  readinessProbe: { ...handler, periodSeconds: 10, timeoutSeconds: 5 },
                  livenessProbe: { tcpSocket: { port: "grpc" }, periodSeconds: 20, failureThreshold: 5 },
                  // Endpoints forget the pod before it stops taking what agents send.
                  lifecycle: { preStop: { exec: { command: ["sleep", "10"] } } },
                  ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
                },
              ],
            },
          },
        },
      },
      {
        parent: this,
        dependsOn: [init, serviceAccount, ...args.storage.resources],
        customTimeouts: timeouts(args.timeout),
      },
    );
    this.service = new core.Service(
      name,
      {
        metadata: unawaited(metadata),
        spec: {
          selector,
          ports: [
            { name: "grpc", port: grpcPort },
            { name: "rest", port: restPort },
          ],
        },
      },
      { parent: this },
    );
    new policy.PodDisruptionBudget(
      name,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
      { parent: this },
    );
    this.registerOutputs({});
  }

  /** What the nodes need to find each other: to read the pods of their own namespace. */
  private createServiceAccount(name: string, metadata: { name: string; namespace: string }): pulumi.Resource {
    const account = new core.ServiceAccount(name, { metadata, automountServiceAccountToken: true }, { parent: this });
    const role = new rbac.Role(
      name,
      { metadata, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }] },
      { parent: this },
    );
    return new rbac.RoleBinding(
      name,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
        subjects: [{ kind: "ServiceAccount", name: metadata.name, namespace: metadata.namespace }],
      },
      { parent: this, dependsOn: [account, role] },
    );
  }

  /** A Job's template cannot be changed, so its name carries a hash of what it installs. */
  private createInitJob(name: string, args: OapArgs): batch.Job {
    const { generation, namespace, profile } = args;
    const env = [
      { name: "JAVA_OPTS", value: javaOptions(args.memory, "init") },
      ...storageEnv(args),
      ...toEnv(args.env),
    ];
    const hash = createHash("sha256")
      .update(JSON.stringify([args.image, args.memory, env]))
      .digest("hex")
      .slice(0, 8);
    const jobName = `${oapName(generation)}-init-${hash}`;
    const labels = labelsOf(generation, "oap-init", profile.release);
    const { volumes, initContainers, mounts } = writableConfig(args);
    return new batch.Job(
      `${name}-init`,
      {
        metadata: { name: jobName, namespace, labels },
        spec: {
          backoffLimit: 6,
          template: {
            metadata: { labels },
            spec: {
              restartPolicy: "Never",
              automountServiceAccountToken: false,
              securityContext: podSecurity,
              ...(initContainers === undefined ? {} : { initContainers }),
              ...(volumes === undefined ? {} : { volumes }),
              containers: [
                {
                  name: "init",
                  image: args.image,
                  securityContext: containerSecurity,
                  env,
                  resources: { requests: { cpu: args.cpu, memory: args.memory }, limits: { memory: args.memory } },
                  ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
                },
              ],
            },
          },
        },
      },
      {
        parent: this,
        dependsOn: args.storage.resources,
        customTimeouts: timeouts(args.initTimeout),
        // Replaced when what it installs changes, which protection would forbid; a finished Job holds nothing.
        protect: false,
      },
    );
  }
}
