/**
 * Every release of the OAP server since 6.0.0-GA, oldest first: the `v*` tags of apache/skywalking.
 * Left out: alpha and beta tags, and `v8.3.0.2`, a tag on a development commit of January 2021 that was never released.
 * There is no 10.5: what was developed under that name was released as 11.0.0.
 *
 * 11.0.0 was read at apache/skywalking@5839d2a, of 20 August 2026, 8 days before its release, and in the pages of
 * https://skywalking.apache.org/docs/main/v11.0.0, which are the files of its tag.
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
  "11.0.0",
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
  "agent/java.ts": { "java.refusedBy": "11.0.0" },
  "agent/python.ts": { "python.refusedBy": "11.0.0" },
  "agent/nodejs.ts": { "nodejs.refusedBy": "11.0.0" },
  "agent/go.ts": { "go.refusedBy": "11.0.0" },
  "agent/php.ts": { "php.refusedBy": "11.0.0" },
  "agent/rust.ts": { "rust.refusedBy": "11.0.0" },
  "agent/ruby.ts": { "ruby.refusedBy": "11.0.0" },
  "agent/satellite.ts": { "satellite.refusedBy": "11.0.0" },
  "oap/admin.ts": {
    adminServer: "11.0.0",
  },
  "oap/environment.ts": {
    banyandbEnv: "11.0.0",
    banyandbTtl: "11.0.0",
    bufferEnv: "11.0.0",
    clusterEnv: "11.0.0",
    coreTtl: "11.0.0",
    dynamicConfigEnv: "11.0.0",
    elasticsearchEnv: "11.0.0",
    elasticsearchTtl: "11.0.0",
    grpcTlsEnv: "11.0.0",
    jdbcEnv: "11.0.0",
    receiverEnv: "11.0.0",
    replacedEnv: "11.0.0",
    storageNamespaceDefault: "11.0.0",
    tokenEnv: "11.0.0",
  },
  "oap/health.ts": {
    healthCheckerDefault: "11.0.0",
    probe: "11.0.0",
    telemetryDefault: "11.0.0",
  },
  "oap/image.ts": {
    imageJdks: "11.0.0",
    imageSuffix: "11.0.0",
  },
  "oap/query.ts": {
    "queryFacts.hasTimeInfo": "11.0.0",
    "queryFacts.hasCheckHealth": "11.0.0",
    "queryFacts.reportsRealVersion": "11.0.0",
    "queryFacts.hasListServices": "11.0.0",
    "queryFacts.servicesWithinDuration": "11.0.0",
    "queryFacts.instancesUntil": "11.0.0",
    "queryFacts.reportsItselfAs": "11.0.0",
    "queryFacts.configDump": "11.0.0",
    "queryFacts.clusterNodes": "11.0.0",
  },
  "oap/selector.ts": {
    elasticsearch7Selector: "11.0.0",
    tidbSelector: "11.0.0",
  },
  "oap/start.ts": {
    configOverride: "11.0.0",
    configuredByEnv: "11.0.0",
    generatesConfig: "11.0.0",
    libraryDirectory: "11.0.0",
    meterFiles: "11.0.0",
    needsAddressOfEveryPod: "11.0.0",
    noInitNeedsTodaysIndex: "11.0.0",
    protocol: "11.0.0",
    resetsUnknownAgents: "11.0.0",
  },
  "oap/ui.ts": {
    ui: "11.0.0",
  },
  "compatibility/storage.ts": {
    storageBreaks: "11.0.0",
    storageCautions: "11.0.0",
  },
  "index-shards.ts": {
    indexShardsDefault: "11.0.0",
    indicesAtInstall: "11.0.0",
  },
  "index-templates.ts": {
    composableFrom: "11.0.0",
  },
  "storage.ts": {
    storageOffers: "11.0.0",
  },
};
