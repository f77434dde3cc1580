import type { OapRelease } from "./releases";

/**
 * The newest OAP release whose sources have been read for each fact, by file of skywalking/ and name. A newly listed
 * release would otherwise silently inherit the last row of every timeline; a test fails until each of these is the
 * newest release. They are kept here rather than beside the rows, so that the diff for a new release shows in one place
 * what was checked. Facts that depend on an agent's release have theirs in `AgentFacts.verifiedUpTo`.
 */
export const verifiedUpTo: Readonly<Record<string, Readonly<Record<string, OapRelease>>>> = {
  "agent/java.ts": { "java.refusedBy": "10.4.0" },
  "agent/python.ts": { "python.refusedBy": "10.4.0" },
  "agent/nodejs.ts": { "nodejs.refusedBy": "10.4.0" },
  "agent/go.ts": { "go.refusedBy": "10.4.0" },
  "agent/php.ts": { "php.refusedBy": "10.4.0" },
  "agent/rust.ts": { "rust.refusedBy": "10.4.0" },
  "agent/ruby.ts": { "ruby.refusedBy": "10.4.0" },
  "agent/satellite.ts": { "satellite.refusedBy": "10.4.0" },
  "oap/environment.ts": {
    banyandbEnv: "10.4.0",
    banyandbTtl: "10.4.0",
    clusterEnv: "10.4.0",
    coreTtl: "10.4.0",
    dynamicConfigEnv: "10.4.0",
    elasticsearchEnv: "10.4.0",
    elasticsearchTtl: "10.4.0",
    grpcTlsEnv: "10.4.0",
    jdbcEnv: "10.4.0",
    receiverEnv: "10.4.0",
    storageNamespaceDefault: "10.4.0",
    tokenEnv: "10.4.0",
  },
  "oap/health.ts": {
    healthCheckerDefault: "10.4.0",
    probe: "10.4.0",
    telemetryDefault: "10.4.0",
  },
  "oap/image.ts": {
    imageJdks: "10.4.0",
    imageSuffix: "10.4.0",
  },
  "oap/query.ts": {
    "queryFacts.hasTimeInfo": "10.4.0",
    "queryFacts.hasCheckHealth": "10.4.0",
    "queryFacts.reportsRealVersion": "10.4.0",
    "queryFacts.hasListServices": "10.4.0",
    "queryFacts.servicesWithinDuration": "10.4.0",
    "queryFacts.instancesUntil": "10.4.0",
    "queryFacts.hasConfigDump": "10.4.0",
    "queryFacts.hasClusterNodes": "10.4.0",
  },
  "oap/selector.ts": {
    elasticsearch7Selector: "10.4.0",
    tidbSelector: "10.4.0",
  },
  "oap/start.ts": {
    configOverride: "10.4.0",
    configuredByEnv: "10.4.0",
    generatesConfig: "10.4.0",
    libraryDirectory: "10.4.0",
    noInitNeedsTodaysIndex: "10.4.0",
    protocol: "10.4.0",
    resetsUnknownAgents: "10.4.0",
  },
  "oap/ui.ts": {
    uiAddress: "10.4.0",
  },
  "compatibility/storage.ts": {
    storageBreaks: "10.4.0",
    storageCautions: "10.4.0",
  },
  "index-templates.ts": {
    composableFrom: "10.4.0",
  },
  "storage.ts": {
    "storageOffers.elasticsearch": "10.4.0",
    "storageOffers.opensearch": "10.4.0",
    "storageOffers.banyandb": "10.4.0",
    "storageOffers.mysql": "10.4.0",
    "storageOffers.tidb": "10.4.0",
    "storageOffers.postgresql": "10.4.0",
    "storageOffers.h2": "10.4.0",
  },
};
