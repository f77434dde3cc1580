import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";

import type { Images } from "../../upgrade/schema/pod";
import {
  containerSecurity,
  heapMebibytes,
  labelsOf,
  podSecurity,
  pullPolicy,
  pullSecrets,
  resources,
  selectorOf,
  spread,
  unawaited,
} from "../pod";
import type { StorageBinding } from "./storage";

export interface ElasticsearchArgs {
  readonly generation: string;
  /** Kubernetes namespace. */
  readonly namespace: string;
  /** Elasticsearch release, 7.x. */
  readonly version: string;
  /** Nodes; all of them hold data and are master-eligible. */
  readonly replicas: number;
  /** Memory limit of a node; half of it is heap, as Elasticsearch's documentation advises. */
  readonly memory: string;
  /** CPU request of a node. */
  readonly cpu: string;
  readonly volumeSize: string;
  /** Defaults to the cluster's default class. */
  readonly storageClass: string | undefined;
  /** Defaults to the official image. */
  readonly image: string | undefined;
  /** How images are pulled. */
  readonly images: Images;
  /** Until all nodes are ready: `15m`. */
  readonly timeout: string;
}

const httpPort = 9200;
const transportPort = 9300;

/**
 * An Elasticsearch 7.x of one generation: a StatefulSet, its two Services and a disruption budget. Security of the
 * x-pack kind is off; the Service is reachable in the cluster only. Volumes outlive the StatefulSet.
 */
export class Elasticsearch extends pulumi.ComponentResource implements StorageBinding {
  readonly nodes: string;
  readonly protocol = "http";
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: ElasticsearchArgs, options: pulumi.ComponentResourceOptions) {
    super("skywalking-canary:index:Elasticsearch", name, {}, options);
    const { generation, namespace, replicas, version } = args;
    const objectName = `elasticsearch-${generation}`;
    const labels = labelsOf(generation, "elasticsearch", version);
    const selector = selectorOf(generation, "elasticsearch");
    const metadata = (name: string) => ({ name, namespace, labels });

    const headless = new core.Service(
      `${name}-nodes`,
      {
        metadata: unawaited(metadata(`${objectName}-nodes`)),
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
    const statefulSet = new apps.StatefulSet(
      name,
      {
        metadata: metadata(objectName),
        spec: {
          serviceName: `${objectName}-nodes`,
          replicas,
          podManagementPolicy: "Parallel",
          selector: { matchLabels: selector },
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
          template: {
            metadata: { labels },
            spec: {
              automountServiceAccountToken: false,
              securityContext: podSecurity,
              terminationGracePeriodSeconds: 120,
              ...pullSecrets(args.images),
              topologySpreadConstraints: spread(selector),
              containers: [
                {
                  name: "elasticsearch",
                  image: args.image ?? `docker.elastic.co/elasticsearch/elasticsearch:${version}`,
                  ...pullPolicy(args.images),
                  securityContext: containerSecurity,
                  env: [
                    { name: "cluster.name", value: objectName },
                    { name: "node.name", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                    { name: "discovery.seed_hosts", value: `${objectName}-nodes` },
                    {
                      name: "cluster.initial_master_nodes",
                      value: Array.from({ length: replicas }, (_, index) => `${objectName}-${String(index)}`).join(","),
                    },
                    // Without it, vm.max_map_count of the node would have to be raised by a privileged container.
                    { name: "node.store.allow_mmap", value: "false" },
                    { name: "xpack.security.enabled", value: "false" },
                    { name: "ingest.geoip.downloader.enabled", value: "false" },
                    {
                      name: "ES_JAVA_OPTS",
                      value: `-Xms${String(heapMebibytes(args.memory, 0.5))}m -Xmx${String(heapMebibytes(args.memory, 0.5))}m`,
                    },
                  ],
                  ports: [
                    { name: "http", containerPort: httpPort },
                    { name: "transport", containerPort: transportPort },
                  ],
                  resources: resources(args),
                  readinessProbe: {
                    httpGet: { path: "/_cluster/health?local=true", port: "http" },
                    periodSeconds: 10,
                    timeoutSeconds: 5,
                  },
                  volumeMounts: [{ name: "data", mountPath: "/usr/share/elasticsearch/data" }],
                },
              ],
            },
          },
          volumeClaimTemplates: [
            {
              metadata: { name: "data", labels: selector },
              spec: {
                accessModes: ["ReadWriteOnce"],
                ...(args.storageClass === undefined ? {} : { storageClassName: args.storageClass }),
                resources: { requests: { storage: args.volumeSize } },
              },
            },
          ],
        },
      },
      { parent: this, dependsOn: headless, customTimeouts: { create: args.timeout, update: args.timeout } },
    );
    const service = new core.Service(
      `${name}-service`,
      { metadata: unawaited(metadata(objectName)), spec: { selector, ports: [{ name: "http", port: httpPort }] } },
      { parent: this, dependsOn: statefulSet },
    );
    new policy.PodDisruptionBudget(
      name,
      { metadata: metadata(objectName), spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
      { parent: this },
    );
    this.nodes = `${objectName}:${String(httpPort)}`;
    this.resources = [statefulSet, service];
    this.registerOutputs({});
  }
}
