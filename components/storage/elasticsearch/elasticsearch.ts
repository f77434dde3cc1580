import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { selectorOf } from "../../../upgrade/backend";
import type { PlannedStorage } from "../../../upgrade/plan";
import { isSecured, securitySecret } from "../../../upgrade/storage/elasticsearch";
import type { StorageOf } from "../../../upgrade/storage/storage";
import { claimTemplate, firstMasters, type StorageNodes } from "../../../upgrade/storage/nodes";
import { podMetadata, spreadOut } from "../../scheduling";
import {
  containerSecurityOf,
  heapMebibytes,
  labelsOf,
  podSecurityOf,
  pullPolicy,
  pullSecrets,
  resources,
  unawaited,
} from "../../pod";
import { secretKey, type Connection, type StorageArgs, type StorageBinding } from "../binding";
import { createClaims, unchangeable, volumesOf } from "../claims";
import { connectElasticsearch } from "../elasticsearch-connection";
import { secretKeys, type ElasticsearchSecrets } from "./secrets";
import { certificates, httpPort, nodeSettings, readinessScript, transportPort } from "./settings";

/** Where a repository of type `fs` lies, in the container: a relative `location` is one in it. */
const snapshotsDirectory = "/usr/share/elasticsearch/snapshots";

/** Labels of the pods of each role. The data nodes' are those that the Service leads to. */
const components = { data: "elasticsearch", masters: "elasticsearch-master" } as const;

/**
 * An Elasticsearch of one generation: a StatefulSet of data nodes, one of dedicated masters where there are any, each
 * with its headless Service, its volume claims and a disruption budget, and the Service that the OAP uses. Releases
 * from 8.0 run with passwords and TLS, older ones without: those are reachable in the cluster by whoever its network
 * policies let.
 */
export class Elasticsearch extends pulumi.ComponentResource implements StorageBinding {
  readonly connection: Connection;
  readonly resources: pulumi.Resource[];
  readonly deletedWith: pulumi.Resource;
  readonly secrets: pulumi.Output<ElasticsearchSecrets> | undefined;

  constructor(
    name: string,
    private readonly args: StorageArgs<StorageOf<"elasticsearch">>,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("skywalking-canary:index:Elasticsearch", name, {}, options);
    const { objectName, nodes, settings, oap } = args;
    this.secrets = isSecured(settings.version) ? this.makeSecrets() : undefined;
    const secret = this.secrets && this.createSecret(name, this.secrets);
    const statefulSets: apps.StatefulSet[] = [];
    for (const each of inOrder(nodes, args.storage)) {
      statefulSets.push(
        this.createNodes(nameOf(name, each), each, [...(secret === undefined ? [] : [secret]), ...statefulSets]),
      );
    }
    const service = new core.Service(
      `${name}-service`,
      {
        metadata: unawaited(this.metadata(objectName, "data")),
        spec: { selector: this.selector("data"), ports: [{ name: "http", port: httpPort }] },
      },
      { parent: this, dependsOn: statefulSets },
    );
    this.connection = connectElasticsearch(oap, {
      nodes: `${objectName}:${String(httpPort)}`,
      indexShards: args.storage.indexShards,
      ...(secret === undefined
        ? { protocol: "http", credentials: undefined, authority: undefined }
        : {
            protocol: "https",
            credentials: {
              user: { value: "elastic" },
              password: secretKey(this.secretName, secretKeys.password),
            },
            authority: { secretName: this.secretName, key: secretKeys.ca },
          }),
    });
    this.resources = [...statefulSets, service];
    this.deletedWith = statefulSets.at(-1) ?? service;
    this.registerOutputs({});
  }

  private get secretName(): string {
    return securitySecret(this.args.generation);
  }

  private selector(role: StorageNodes["role"]): Record<string, string> {
    return selectorOf(this.args.generation, components[role]);
  }

  private labels(role: StorageNodes["role"]): Record<string, string> {
    return labelsOf(this.args.generation, components[role], this.args.settings.version);
  }

  private metadata(name: string, role: StorageNodes["role"]) {
    return { name, namespace: this.args.namespace, labels: this.labels(role) };
  }

  /**
   * Passwords and certificates, made once. They are read back from the cluster at every update, not kept in the state
   * alone: the password is in the volumes too, and whoever takes those over in another stack must have it. Hence it
   * outlives the generation.
   */
  private makeSecrets(): pulumi.Output<ElasticsearchSecrets> {
    const { objectName, cluster, namespace, nodes, secretsOf } = this.args;
    const hosts = [
      ...[objectName, ...nodes.map(({ serviceName }) => `*.${serviceName}`)].flatMap((host) => [
        host,
        `${host}.${namespace}`,
        `${host}.${namespace}.svc`,
      ]),
      "localhost",
    ];
    return pulumi.secret(pulumi.output(secretsOf({ cluster, namespace, secretName: this.secretName, hosts })));
  }

  private createSecret(name: string, secrets: pulumi.Output<ElasticsearchSecrets>): core.Secret {
    return new core.Secret(
      `${name}-security`,
      {
        metadata: this.metadata(this.secretName, "data"),
        stringData: secrets.apply((made: ElasticsearchSecrets) => ({
          [secretKeys.password]: made.password,
          [secretKeys.ca]: made.ca,
          [secretKeys.certificate]: made.certificate,
          [secretKeys.key]: made.key,
        })),
      },
      { parent: this, retainOnDelete: true },
    );
  }

  private createNodes(name: string, nodes: StorageNodes, dependsOn: pulumi.Resource[]): apps.StatefulSet {
    const { settings, storage, namespace, timeout } = this.args;
    const selector = this.selector(nodes.role);
    const labels = this.labels(nodes.role);
    const headless = new core.Service(
      `${name}-nodes`,
      {
        metadata: unawaited(this.metadata(nodes.serviceName, nodes.role)),
        spec: {
          clusterIP: "None",
          // Nodes find each other before they are ready.
          publishNotReadyAddresses: true,
          selector,
          ports: [
            { name: "http", port: httpPort },
            { name: "transport", port: transportPort },
          ],
        },
      },
      { parent: this },
    );
    const claims = createClaims(name, namespace, nodes, storage, selector, this);
    const statefulSet = new apps.StatefulSet(
      name,
      {
        metadata: this.metadata(nodes.name, nodes.role),
        spec: {
          serviceName: nodes.serviceName,
          replicas: nodes.replicas,
          // All at once when they are made, since none is ready without the others; updates go one by one.
          podManagementPolicy: "Parallel",
          selector: { matchLabels: selector },
          template: { metadata: podMetadata(settings, labels), spec: this.podSpec(nodes) },
          ...volumesOf(nodes, storage, selector),
        },
      },
      {
        parent: this,
        dependsOn: [headless, ...claims, ...dependsOn],
        ignoreChanges: unchangeable,
        customTimeouts: { create: timeout, update: timeout, delete: timeout },
      },
    );
    new policy.PodDisruptionBudget(
      name,
      {
        metadata: this.metadata(nodes.name, nodes.role),
        spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
      },
      { parent: this },
    );
    return statefulSet;
  }

  private podSpec(nodes: StorageNodes): types.input.core.v1.PodSpec {
    const { settings, images } = this.args;
    const { version } = settings;
    const size = nodes.role === "masters" ? { ...settings, ...settings.masters } : settings;
    const heap = `${String(heapMebibytes(size.memory, 0.5))}m`;
    const secured = isSecured(version);
    const claim = settings.admin?.snapshots?.claim;
    const volumes = [
      ...(secured
        ? [
            {
              name: "certificates",
              secret: {
                secretName: this.secretName,
                defaultMode: 0o440,
                items: [secretKeys.ca, secretKeys.certificate, secretKeys.key].map((key) => ({ key, path: key })),
              },
            },
          ]
        : []),
      ...(claim === undefined ? [] : [{ name: "snapshots", persistentVolumeClaim: { claimName: claim } }]),
    ];
    return {
      automountServiceAccountToken: false,
      securityContext: podSecurityOf(settings),
      terminationGracePeriodSeconds: 120,
      ...pullSecrets(images),
      ...spreadOut(settings, this.selector(nodes.role)),
      ...(volumes.length === 0 ? {} : { volumes }),
      containers: [
        {
          name: "elasticsearch",
          image: settings.image ?? `docker.elastic.co/elasticsearch/elasticsearch:${version}`,
          ...pullPolicy(images),
          securityContext: containerSecurityOf(settings),
          env: [
            { name: "node.name", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            ...Object.entries(this.nodeSettings(nodes)).map(([name, value]) => ({ name, value })),
            ...(secured ? [{ name: "ELASTIC_PASSWORD", ...secretKey(this.secretName, secretKeys.password) }] : []),
            ...(claim === undefined ? [] : [{ name: "path.repo", value: snapshotsDirectory }]),
            { name: "ES_JAVA_OPTS", value: `-Xms${heap} -Xmx${heap}` },
          ],
          ports: [
            { name: "http", containerPort: httpPort },
            { name: "transport", containerPort: transportPort },
          ],
          resources: resources(size),
          readinessProbe: {
            exec: { command: ["sh", "-c", readinessScript(version, settings.replicas)] },
            periodSeconds: 10,
            timeoutSeconds: 5,
          },
          volumeMounts: [
            { name: claimTemplate, mountPath: "/usr/share/elasticsearch/data" },
            ...(claim === undefined ? [] : [{ name: "snapshots", mountPath: snapshotsDirectory }]),
            ...(secured ? [{ name: "certificates", mountPath: certificates, readOnly: true }] : []),
          ],
        },
      ],
    };
  }

  private nodeSettings({ role }: StorageNodes): Record<string, string> {
    const { settings, objectName, nodes, storage } = this.args;
    const { version, masters } = settings;
    return nodeSettings({
      version,
      role: masters === undefined ? "all" : role,
      clusterName: objectName,
      seeds: nodes.map(({ serviceName }) => serviceName),
      masterEligible: (masters ?? settings).replicas,
      firstMasters: firstMasters(nodes, storage.live),
    });
  }
}

/**
 * One StatefulSet after the other. Data nodes are useful only to existing masters; existing ones are updated after
 * the nodes that they lead, as Elasticsearch's documents say.
 */
function inOrder(nodes: readonly StorageNodes[], { live }: PlannedStorage): readonly StorageNodes[] {
  const masters = nodes.find(({ role }) => role === "masters");
  return masters === undefined || live?.statefulSets.has(masters.name) === true ? nodes : [...nodes].reverse();
}

/** The data nodes have the name of the whole, as they had before there were dedicated masters. */
function nameOf(name: string, { role }: StorageNodes): string {
  return role === "masters" ? `${name}-master` : name;
}
