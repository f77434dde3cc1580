import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";

import { selectorOf } from "../../upgrade/backend";
import type { StorageOf } from "../../upgrade/storage/storage";
import { claimTemplate, type StorageNodes } from "../../upgrade/storage/nodes";
import { podMetadata, spreadOut } from "../scheduling";
import {
  containerSecurityOf,
  imageFrom,
  labelsOf,
  podSecurityOf,
  pullPolicy,
  pullSecrets,
  resources,
  unawaited,
} from "../pod";
import { connectBanyandb } from "./banyandb-connection";
import type { Connection, StorageArgs, StorageBinding } from "./binding";
import { createClaims, unchangeable, volumesOf } from "./claims";

const ports = { grpc: 17912, http: 17913 } as const;

/**
 * A standalone BanyanDB of one generation, as its official chart runs it: one node, without TLS, reachable in
 * the cluster only.
 */
export class Banyandb extends pulumi.ComponentResource implements StorageBinding {
  readonly connection: Connection;
  readonly resources: pulumi.Resource[];

  constructor(
    name: string,
    private readonly args: StorageArgs<StorageOf<"banyandb">>,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("skywalking-canary:index:Banyandb", name, {}, options);
    const { generation, namespace, objectName, oap } = args;
    const selector = selectorOf(generation, "banyandb");
    const metadata = (objectName: string) => ({
      name: objectName,
      namespace,
      labels: labelsOf(generation, "banyandb", this.version),
    });
    const statefulSets = args.nodes.map((nodes) => this.createNodes(name, nodes, metadata, selector));
    const service = new core.Service(
      `${name}-service`,
      { metadata: unawaited(metadata(objectName)), spec: { selector, ports: servicePorts } },
      { parent: this, dependsOn: statefulSets },
    );
    this.connection = connectBanyandb(oap, {
      targets: `${objectName}:${String(ports.grpc)}`,
      credentials: undefined,
      authority: undefined,
    });
    this.resources = [...statefulSets, service];
    this.registerOutputs({});
  }

  /** BanyanDB release: the config names one where the OAP's documents do not. */
  private get version(): string {
    return this.args.ref.version ?? "";
  }

  private createNodes(
    name: string,
    nodes: StorageNodes,
    metadata: (name: string) => { name: string; namespace: string; labels: Record<string, string> },
    selector: Record<string, string>,
  ): apps.StatefulSet {
    const { namespace, settings, storage, timeout } = this.args;
    const headless = new core.Service(
      `${name}-nodes`,
      {
        metadata: unawaited(metadata(nodes.serviceName)),
        spec: { clusterIP: "None", selector, ports: servicePorts },
      },
      { parent: this },
    );
    const claims = createClaims(name, namespace, nodes, storage, selector, this);
    const statefulSet = new apps.StatefulSet(
      name,
      {
        metadata: metadata(nodes.name),
        spec: {
          serviceName: nodes.serviceName,
          replicas: nodes.replicas,
          selector: { matchLabels: selector },
          template: {
            metadata: podMetadata(settings, metadata(nodes.name).labels),
            spec: this.podSpec(selector),
          },
          ...volumesOf(nodes, storage, selector),
        },
      },
      {
        parent: this,
        dependsOn: [headless, ...claims],
        ignoreChanges: unchangeable,
        customTimeouts: { create: timeout, update: timeout, delete: timeout },
      },
    );
    new policy.PodDisruptionBudget(
      name,
      { metadata: metadata(nodes.name), spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
      { parent: this },
    );
    return statefulSet;
  }

  private podSpec(selector: Record<string, string>) {
    const { settings, images } = this.args;
    const probe = { httpGet: { path: "/api/healthz", port: "http" }, timeoutSeconds: 5 };
    return {
      automountServiceAccountToken: false,
      securityContext: podSecurityOf(settings),
      terminationGracePeriodSeconds: 120,
      ...pullSecrets(images),
      ...spreadOut(settings, selector),
      containers: [
        {
          name: "banyandb",
          image: imageFrom(images, settings.image, `apache/skywalking-banyandb:${this.version}`),
          ...pullPolicy(images),
          securityContext: containerSecurityOf(settings),
          args: ["standalone"],
          ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
          resources: resources(settings),
          // apache/skywalking-banyandb-helm@v0.5.3, chart/templates/standalone_statefulset.yaml
          startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 120 },
          readinessProbe: { ...probe, periodSeconds: 10 },
          livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 5 },
          // Where every release from 0.2 to 0.11 keeps all it has, unless it is told otherwise (flags *-root-path).
          volumeMounts: [{ name: claimTemplate, mountPath: "/tmp" }],
        },
      ],
    };
  }
}

const servicePorts = Object.entries(ports).map(([name, port]) => ({ name, port }));
