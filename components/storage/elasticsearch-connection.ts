import { indexShardsEnv } from "../../skywalking/index-shards";
import { noFiles } from "../pod-files";
import { variable, type BoundCredentials, type Connection, type OapOfStorage, type SecretKey } from "./binding";
import { trustStore, trustStoreFiles } from "./oap-files";

/** Where an OAP finds nodes that speak the protocol of Elasticsearch. */
export interface ElasticsearchAddress {
  /** `host:port`, several with a comma between. */
  readonly nodes: string;
  readonly protocol: "http" | "https";
  readonly credentials: BoundCredentials | undefined;
  /** The certificate authority of the nodes, as PEM. */
  readonly authority: SecretKey | undefined;
  /** Primary shards of each index. Defaults to what the release makes. */
  readonly indexShards?: string | undefined;
}

/**
 * How an OAP reaches an Elasticsearch or OpenSearch.
 *
 * Servers of 7.0.0 to 9.2.0 that leave the installation to the init Job would wait for indices of the day on which they
 * start, which nobody makes when a pod is restarted on a later day; to run the init Job again does not help from 8.9
 * on, since it makes them only where the template is new. In the default mode a server makes what is missing and never
 * waits (apache/skywalking@v8.9.1:…/core/storage/model/ModelInstaller.java:40,
 * …/elasticsearch/base/StorageEsInstaller.java:75). Two that start at once may make the same index: the slower one ends
 * and is started again.
 */
export function connectElasticsearch(
  oap: OapOfStorage,
  { nodes, protocol, credentials, authority, indexShards }: ElasticsearchAddress,
): Connection {
  const { profile, storageNamespace } = oap;
  const names = profile.env.elasticsearch;
  const trust = authority === undefined ? undefined : trustStore;
  return {
    env: [
      ...variable(names.clusterNodes, nodes),
      ...variable(names.namespace, storageNamespace),
      ...variable(names.protocol, protocol),
      ...variable(names.user, credentials?.user),
      ...variable(names.password, credentials?.password),
      ...variable(names.trustStorePath, trust?.path),
      ...variable(names.trustStorePass, trust?.password),
      ...variable(indexShardsEnv, indexShards),
    ],
    files: authority === undefined ? noFiles : trustStoreFiles(oap, authority),
    installedBy: profile.noInitNeedsTodaysIndex ? "init Job and servers" : "init Job",
  };
}
