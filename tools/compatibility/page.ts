import { agentLanguages } from "../../skywalking/agent";
import { oapReleases } from "../../skywalking/oap";
import {
  agentFactBlocks,
  agentMatrix,
  imageTable,
  namespaceTable,
  refusalTable,
  reregistrationBlocks,
  settingTable,
} from "./agents";
import { formatMarkdown, Sources } from "./markdown";
import { indexTable, oapFactBlocks, oapTable, probeTable } from "./oap";
import { inPlaceList, storageBlocks } from "./storage";

/** The text of `docs/compatibility.md`, made from the data in `skywalking/`. */
export function renderCompatibility(): Promise<string> {
  const sources = new Sources();
  const blocks = [
    "# Compatibility",
    "<!-- Made by `npm run docs` from the data in skywalking/. Change the data, not this file. -->",
    `What this program knows about Apache SkyWalking: ${String(oapReleases.length)} releases of the OAP server, from ${oapReleases[0]} to ${String(oapReleases.at(-1))}, and the agents of ${String(agentLanguages.length)} languages. The program makes its decisions from the same data as this page. The numbers link to the [sources](#sources), which are places in public repositories. If no source settles a question, the page says not stated. Another release can be used as if it were one of these: see [behavesLike](configuration.md#a-release-that-is-not-known).`,

    "## Which agent reports to which OAP",
    agentMatrix(),
    "`yes`: it works. `other`: it does not work, but another release of that agent does. `no`: no release of that agent works.",
    refusalTable(sources),

    "## OAP servers",
    oapTable(),
    "`X` is the release. `-es6` is for Elasticsearch 6, `-es7` for Elasticsearch 7 and OpenSearch, so the server's version must be known there.",

    "### Probe and UI",
    probeTable(),
    "`oap` stands for the OAP's service.",

    "### Indices",
    indexTable(),

    "## Storage",
    ...storageBlocks(sources),

    "## A new OAP on the storage of the old one",
    "An upgrade in place keeps the storage. It is refused, in both directions, if it crosses a release that is marked refused. An H2 database lives in the OAP's memory and is never carried over. A BanyanDB server can be kept only between OAPs that are documented for the same version of it.",
    "What counts for an upgrade to these releases, or past them:",
    inPlaceList(sources),

    "## Agents",
    "A setting has a name in the agent's own configuration (its property), an environment variable, or both. In agent.config of Java agents before 8.8.0 the variables of namespace and token are commented out, so they have no effect.",
    "### Backend address",
    settingTable("backendService"),
    "### Namespace",
    settingTable("namespace"),
    "### What a namespace does",
    namespaceTable(),
    "### Token",
    settingTable("authentication"),
    "### Instance name",
    settingTable("instanceName"),
    "### Images with the agent",
    "`X` is the agent's release. Agents that are not in the table have no such image.",
    imageTable(),
    "### When an agent finds an empty storage behind its address",
    ...reregistrationBlocks(sources),

    "## Every fact about OAP servers",
    ...oapFactBlocks(sources),

    "## Every fact about agents",
    ...agentFactBlocks(sources),

    "## Sources",
    sources.list(),
  ];
  return formatMarkdown(blocks.join("\n\n"));
}
