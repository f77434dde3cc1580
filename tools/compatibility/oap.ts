import { oapProfile, oapReleases, type OapProfile, type OapRelease } from "../../skywalking/oap";
import * as environment from "../../skywalking/oap/environment";
import { queryFacts } from "../../skywalking/oap/query";
import * as health from "../../skywalking/oap/health";
import * as image from "../../skywalking/oap/image";
import * as selector from "../../skywalking/oap/selector";
import * as start from "../../skywalking/oap/start";
import { uiAddress } from "../../skywalking/oap/ui";
import { nameRuns, type Timeline } from "../../skywalking/release";
import { code, rangesOf, runsBy, table, valueText, type Sources } from "./markdown";

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

export function oapTable(): string {
  const cellsOf = (release: OapRelease) => {
    const profile = oapProfile(release);
    const { probe } = profile;
    return [
      profile.protocol,
      profile.configuredByEnv ? "yes" : "no, only adopted",
      tagText(profile),
      probe.kind === "tcp" ? `TCP ${String(probe.port)}` : code(`GET :${String(probe.port)}${probe.path}`),
      assignments(profile.probeEnv),
      assignments(profile.uiEnv("oap", probe.port)),
      code(profile.storageNamespaceDefault),
      profile.noInitNeedsTodaysIndex ? "yes" : "no",
    ];
  };
  return table(
    [
      "OAP",
      "Protocol",
      "Deployed by this program",
      "Image tags",
      "Probe",
      "which needs",
      "UI",
      "Empty storage namespace",
      "`no-init` waits for the day's indices",
    ],
    runsBy(oapReleases, (release) => cellsOf(release).join()).map((run) => [
      nameRuns(oapReleases, run),
      ...cellsOf(run[0]),
    ]),
  );
}

const facts: readonly (readonly [fact: string, timeline: Timeline<OapRelease, unknown>])[] = [
  ["Protocol of the agents", start.protocol],
  ["Storage and cluster can be chosen by variables", start.configuredByEnv],
  ["The image writes application.yml when it starts", start.generatesConfig],
  ["Files copied over the configuration", start.configOverride],
  ["Directory for further jars", start.libraryDirectory],
  ["`no-init` on Elasticsearch waits for the day's indices", start.noInitNeedsTodaysIndex],
  ["Tells agents that it does not know to register again", start.resetsUnknownAgents],
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
  ["Empty storage namespace", environment.storageNamespaceDefault],
  ["Variable of the token", environment.tokenEnv],
  ["Variables of gRPC TLS", environment.grpcTlsEnv],
  ["Variables of the gRPC receiver", environment.receiverEnv],
  ["Variables of the cluster", environment.clusterEnv],
  ["Variables of dynamic configuration by ConfigMap", environment.dynamicConfigEnv],
  ["How the UI gets the OAP's address", uiAddress],
  ["`getTimeInfo`", queryFacts.hasTimeInfo],
  ["`checkHealth`", queryFacts.hasCheckHealth],
  ["`version` is the server's", queryFacts.reportsRealVersion],
  ["`listServices`", queryFacts.hasListServices],
  ["`getAllServices` respects its duration", queryFacts.servicesWithinDuration],
  ["End of the duration of `getServiceInstances`", queryFacts.instancesUntil],
  ["`/debugging/config/dump`", queryFacts.hasConfigDump],
  ["`/status/cluster/nodes`", queryFacts.hasClusterNodes],
];

export function oapFactTable(sources: Sources): string {
  const rows = facts.flatMap(([fact, timeline]) =>
    rangesOf(timeline, oapReleases).map(({ range, value, source }) => [
      fact,
      range,
      valueText(value),
      sources.cite(source),
    ]),
  );
  return table(["Fact", "OAP", "Is", "Source"], rows);
}
