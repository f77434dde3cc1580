/**
 * Every release of the OAP server since 6.0.0-GA, oldest first: the `v*` tags of apache/skywalking.
 * Left out: alpha and beta tags, and `v8.3.0.2`, a tag on a development commit of January 2021 that was never released.
 */
export const oapReleases = [
  "6.0.0-GA",
  "6.1.0",
  "6.2.0",
  "6.3.0",
  "6.4.0",
  "6.5.0",
  "6.6.0",
  "7.0.0",
  "8.0.0",
  "8.0.1",
  "8.1.0",
  "8.2.0",
  "8.3.0",
  "8.4.0",
  "8.5.0",
  "8.6.0",
  "8.7.0",
  "8.8.0",
  "8.8.1",
  "8.9.0",
  "8.9.1",
  "9.0.0",
  "9.1.0",
  "9.2.0",
  "9.3.0",
  "9.4.0",
  "9.5.0",
  "9.6.0",
  "9.7.0",
  "10.0.0",
  "10.0.1",
  "10.1.0",
  "10.2.0",
  "10.3.0",
  "10.4.0",
] as const;

export type OapRelease = (typeof oapReleases)[number];

/**
 * The newest OAP release whose sources have been read for each fact, by file of skywalking/ and name: of a timeline, or
 * of a table of them. A newly listed release would otherwise silently inherit the last row of every timeline; a test
 * fails until each of these is the newest release. They are kept here rather than beside the rows, so that the diff for
 * a new release shows in one place what was checked. Facts that depend on an agent's release have theirs in
 * `AgentFacts.verifiedUpTo`.
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
    "queryFacts.reportsItselfAs": "10.4.0",
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
    needsAddressOfEveryPod: "10.4.0",
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
  "index-shards.ts": {
    indexShardsDefault: "10.4.0",
    indicesAtInstall: "10.4.0",
  },
  "index-templates.ts": {
    composableFrom: "10.4.0",
  },
  "storage.ts": {
    storageOffers: "10.4.0",
  },
};
