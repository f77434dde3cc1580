import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import type * as pulumi from "@pulumi/pulumi";

import type { StorageOf } from "../../upgrade/storage/storage";
import { definedFields } from "../defined-fields";
import { podMetadata, spreadOut } from "../scheduling";
import { containerSecurityOf, labelsOf, podSecurityOf, pullPolicy, pullSecrets, resources } from "../pod";
import { secretKey, type StorageArgs, type StorageBinding } from "./binding";
import { connectElasticsearch } from "./elasticsearch-connection";
import { httpPort, nodeRoles, ownSettings } from "./elasticsearch/settings";

/** Labels that the operator gives to the pods of an Elasticsearch. */
const clusterLabel = "elasticsearch.k8s.elastic.co/cluster-name";

/**
 * The custom resource of an Elasticsearch, which Elastic's operator (ECK) runs: its StatefulSets, Secrets, certificates
 * and disruption budget are the operator's. An OAP to 6.6 reads no trust store, so there TLS to clients is off;
 * passwords never are.
 */
export function createEck(
  name: string,
  args: StorageArgs<StorageOf<"elasticsearch-eck">>,
  options: pulumi.CustomResourceOptions,
): StorageBinding {
  const { generation, namespace, objectName, oap, settings, storage, images, timeout } = args;
  const { version, masters } = settings;
  const hasTls = oap.profile.env.elasticsearch.trustStorePath !== undefined;
  const nodeSet = (
    role: "all" | "data" | "masters",
    size: { replicas: number; memory: string; cpu: string; cpuLimit?: string | undefined; volumeSize: string },
  ) => ({
    name: role === "masters" ? "masters" : "data",
    count: size.replicas,
    config: asConfig({ ...ownSettings(version), ...nodeRoles(version, role) }),
    podTemplate: {
      metadata: podMetadata(settings, {}),
      spec: {
        automountServiceAccountToken: false,
        securityContext: podSecurityOf(settings),
        ...pullSecrets(images),
        ...spreadOut(settings, { [clusterLabel]: objectName }),
        containers: [
          {
            name: "elasticsearch",
            ...pullPolicy(images),
            securityContext: containerSecurityOf(settings),
            resources: resources(size),
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: "elasticsearch-data" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          ...definedFields({ storageClassName: settings.storageClass }),
          resources: { requests: { storage: size.volumeSize } },
        },
      },
    ],
  });
  const elasticsearch = new apiextensions.CustomResource(
    name,
    {
      apiVersion: "elasticsearch.k8s.elastic.co/v1",
      kind: "Elasticsearch",
      metadata: {
        name: objectName,
        namespace,
        labels: labelsOf(generation, "elasticsearch", version),
        annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=Ready" },
      },
      spec: {
        version,
        ...definedFields({ image: settings.image }),
        volumeClaimDeletePolicy: storage.dropVolumes ? "DeleteOnScaledownAndClusterDeletion" : "DeleteOnScaledownOnly",
        ...(hasTls ? {} : { http: { tls: { selfSignedCertificate: { disabled: true } } } }),
        nodeSets: [
          ...(masters === undefined ? [] : [nodeSet("masters", masters)]),
          nodeSet(masters === undefined ? "all" : "data", settings),
        ],
      },
    },
    { ...options, customTimeouts: { create: timeout, update: timeout, delete: timeout } },
  );
  return {
    connection: connectElasticsearch(oap, {
      nodes: `${objectName}-es-http:${String(httpPort)}`,
      indexShards: storage.indexShards,
      protocol: hasTls ? "https" : "http",
      credentials: {
        user: { value: "elastic" },
        password: secretKey(`${objectName}-es-elastic-user`, "elastic"),
      },
      authority: hasTls ? { secretName: `${objectName}-es-http-certs-public`, key: "ca.crt" } : undefined,
    }),
    resources: [elasticsearch],
  };
}

/** What stands in variables elsewhere, as the operator reads it: booleans, and a list where there are roles. */
function asConfig(settings: Readonly<Record<string, string>>): Record<string, boolean | string[]> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key, key === "node.roles" ? value.split(",") : value === "true"]),
  );
}
