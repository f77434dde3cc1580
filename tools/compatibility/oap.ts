import { oapProfile, oapReleases, type OapProfile, type OapRelease } from "../../skywalking/oap";
import * as environment from "../../skywalking/oap/environment";
import { queryFacts } from "../../skywalking/oap/query";
import * as health from "../../skywalking/oap/health";
import * as image from "../../skywalking/oap/image";
import * as selector from "../../skywalking/oap/selector";
import * as start from "../../skywalking/oap/start";
import { indexShardsDefault, indicesAtInstall } from "../../skywalking/index-shards";
import { adminServer } from "../../skywalking/oap/admin";
import { ui } from "../../skywalking/oap/ui";
import { composableFrom } from "../../skywalking/index-templates";
import { nameRuns, type Timeline } from "../../skywalking/release";
import { factBlocks } from "./facts";
import { code, runsBy, table, type Sources } from "./markdown";

function assignments(env: Readonly<Record<string, string>>): string {
  return (
    Object.entries(env)
      .map(([name, value]) => code(`${name}=${value}`))
      .join(", ") || "-"
  );
}

function tagText({ supportsStorage, jdks }: OapProfile): string {
  const byElasticsearch = !supportsStorage({ kind: "elasticsearch" }).supported;
  const tags = byElasticsearch ? ["X-es6", "X-es7"] : ["X", ...jdks.map((jdk) => `X-java${String(jdk)}`)];
  return tags.map(code).join(", ");
}

/** A row for each run of releases of which the same holds. */
function releaseTable(header: readonly string[], cellsOf: (profile: OapProfile) => readonly string[]): string {
  const cellsOfRelease = (release: OapRelease) => cellsOf(oapProfile(release));
  return table(
    ["OAP", ...header],
    runsBy(oapReleases, (release) => cellsOfRelease(release).join()).map((run) => [
      nameRuns(oapReleases, run),
      ...cellsOfRelease(run[0]),
    ]),
  );
}

export function oapTable(): string {
  return releaseTable(["Protocol", "Deployed by this program", "Image tags"], (profile) => [
    profile.protocol,
    profile.configuredByEnv ? "yes" : "no, only adopted",
    tagText(profile),
  ]);
}

export function probeTable(): string {
  return releaseTable(["Probe", "The OAP needs for it", "The UI needs"], ({ probe, probeEnv, uiEnv }) => [
    probe.kind === "tcp" ? `TCP ${String(probe.port)}` : code(`GET :${String(probe.port)}${probe.path}`),
    assignments(probeEnv),
    assignments(uiEnv(`oap:${String(probe.port)}`)),
  ]);
}

export function indexTable(): string {
  return releaseTable(["Empty storage namespace", "`no-init` waits for the day's indices"], (profile) => [
    code(profile.storageNamespaceDefault),
    profile.noInitNeedsTodaysIndex ? "yes" : "no",
  ]);
}

const facts: readonly (readonly [fact: string, timeline: Timeline<OapRelease, unknown>])[] = [
  ["Protocol of the agents", start.protocol],
  ["Storage and cluster can be chosen by variables", start.configuredByEnv],
  ["The image writes application.yml when it starts", start.generatesConfig],
  ["Files copied over the configuration", start.configOverride],
  ["Files that `SW_METER_ANALYZER_ACTIVE_FILES` may name", start.meterFiles],
  ["Directory for further jars", start.libraryDirectory],
  ["`no-init` on Elasticsearch waits for the day's indices", start.noInitNeedsTodaysIndex],
  ["Tells agents that it does not know to register again", start.resetsUnknownAgents],
  ["Needs the address of every pod of its cluster", start.needsAddressOfEveryPod],
  ["Suffix of the image's tag", image.imageSuffix],
  ["Java variants of the image", image.imageJdks],
  ["`SW_STORAGE` for Elasticsearch 7 and OpenSearch", selector.elasticsearch7Selector],
  ["`SW_STORAGE` for TiDB", selector.tidbSelector],
  ["Probe", health.probe],
  ["Telemetry by default", health.telemetryDefault],
  ["Health checker by default", health.healthCheckerDefault],
  ["TTL, core", environment.coreTtl],
  ["TTL, Elasticsearch", environment.elasticsearchTtl],
  ["TTL, BanyanDB", environment.banyandbTtl],
  ["Variables of Elasticsearch", environment.elasticsearchEnv],
  ["Variables of SQL databases", environment.jdbcEnv],
  ["Variables of BanyanDB", environment.banyandbEnv],
  ["Server versions with composable index templates", composableFrom],
  ["Shards of an index", indexShardsDefault],
  ["Indices that are made at once", indicesAtInstall],
  ["Empty storage namespace", environment.storageNamespaceDefault],
  ["Variable of the token", environment.tokenEnv],
  ["Variables of gRPC TLS", environment.grpcTlsEnv],
  ["Variables of the gRPC receiver", environment.receiverEnv],
  ["Variables of the buffers", environment.bufferEnv],
  ["Variables of the cluster", environment.clusterEnv],
  ["Variables of earlier releases, and those in their place", environment.replacedEnv],
  ["Variables of dynamic configuration by ConfigMap", environment.dynamicConfigEnv],
  ["UI, and how it gets the OAP's address", ui],
  ["Ports of the administration", adminServer],
  ["`getTimeInfo`", queryFacts.hasTimeInfo],
  ["`checkHealth`", queryFacts.hasCheckHealth],
  ["`version` is the server's", queryFacts.reportsRealVersion],
  ["`listServices`", queryFacts.hasListServices],
  ["`getAllServices` respects its duration", queryFacts.servicesWithinDuration],
  ["End of the duration of `getServiceInstances`", queryFacts.instancesUntil],
  ["Reports itself as service", queryFacts.reportsItselfAs],
  ["`/debugging/config/dump`", queryFacts.configDump],
  ["`/status/cluster/nodes`", queryFacts.clusterNodes],
];

export function oapFactBlocks(sources: Sources): string[] {
  const all = facts.map(([title, timeline]) => ({ title, timeline, releases: oapReleases }));
  return factBlocks(all, "OAP", sources);
}
