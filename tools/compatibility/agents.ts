import { agentFacts, agentLanguages, agentProfile, agentReleases, type AgentProfile } from "../../skywalking/agent";
import type { AgentFacts, NamespaceFacts, Reregistration, SettingNames } from "../../skywalking/agent/facts";
import { compatibility } from "../../skywalking/compatibility";
import { oapReleases, type OapRelease } from "../../skywalking/oap";
import { nameRuns, valueAt, type Timeline } from "../../skywalking/release";
import { factBlocks } from "./facts";
import { code, list, rangesOf, runsBy, table, type Sources } from "./markdown";

const verdicts = { ok: "yes", "needs agent upgrade": "other", impossible: "no" } as const;

/** Agents by OAPs; neighbours of which the same holds share a row or a column. */
export function agentMatrix(): string {
  const agents = agentLanguages.flatMap((language) =>
    agentReleases(language).map((release) => ({ language, release })),
  );
  type Agent = (typeof agents)[number];
  const verdictOf = (agent: Agent, oap: OapRelease) => verdicts[compatibility(agent, oap).verdict];
  const columns = runsBy(oapReleases, (oap) => agents.map((agent) => verdictOf(agent, oap)).join());
  const cellsOf = (agent: Agent) => columns.map(([oap]) => verdictOf(agent, oap));
  return table(
    ["Agent", "Releases", ...columns.map((run) => `OAP ${nameRuns(oapReleases, run)}`)],
    runsBy(agents, (agent) => [agent.language, ...cellsOf(agent)].join()).map((run) => {
      const [agent] = run;
      const releases = run.map(({ release }) => release);
      return [agentFacts[agent.language].title, nameRuns(agentReleases(agent.language), releases), ...cellsOf(agent)];
    }),
  );
}

export function refusalTable(sources: Sources): string {
  const rows = agentLanguages.flatMap((language) =>
    rangesOf(agentFacts[language].refusedBy, oapReleases).flatMap(({ range, value, source }) =>
      value.map(({ releases, why }) => [
        agentFacts[language].title,
        releases === "*" ? "all" : code(releases),
        range,
        why,
        sources.cite(source),
      ]),
    ),
  );
  return table(["Agent", "Releases", "Not with OAP", "Because", "Source"], rows);
}

function namespaceText(facts: NamespaceFacts): string {
  switch (facts.effect) {
    case "none":
      return "nothing";
    case "header-prefix":
      return "prefixes the propagation header: a call between two namespaces loses its trace link";
    case "instance-property":
      return "is a property of the instance";
    case "service-name-suffix": {
      const kept = facts.maxLength === undefined ? "" : `, cut to ${String(facts.maxLength)} characters`;
      return `names the service ${code(`service|namespace${facts.tail}`)}${kept}`;
    }
  }
}

/** Agents by release; neighbours of which the same holds share a row. */
function releaseTable(header: readonly string[], cellsOf: (agent: AgentProfile) => readonly string[]): string {
  const rows = agentLanguages.flatMap((language) => {
    const releases = agentReleases(language);
    const cellsOfRelease = (release: string) => cellsOf(agentProfile({ language, release }));
    return runsBy(releases, (release) => cellsOfRelease(release).join()).map((run) => [
      agentFacts[language].title,
      nameRuns(releases, run),
      ...cellsOfRelease(run[0]),
    ]);
  });
  return table(["Agent", "Releases", ...header], rows);
}

export function settingTable(setting: keyof SettingNames): string {
  return releaseTable(["Property", "Variable"], ({ settings }) => [
    code(settings[setting]?.property),
    code(settings[setting]?.env),
  ]);
}

export function namespaceTable(): string {
  return releaseTable(["The namespace"], ({ language, release }) => {
    const facts: AgentFacts<string> = agentFacts[language];
    return [namespaceText(valueAt(facts.namespace, release))];
  });
}

/** A row for each image; `X` is the agent's release. */
export function imageTable(): string {
  const rows = agentLanguages.flatMap((language) => {
    const images = agentReleases(language).flatMap((release) => {
      const { image, imageVariants } = agentProfile({ language, release });
      return imageVariants.map((variant) => ({ release, name: code(image(variant)?.replace(release, "X")) }));
    });
    return [...new Set(images.map(({ name }) => name))].map((name) => [
      agentFacts[language].title,
      name,
      nameRuns(
        agentReleases(language),
        images.filter((image) => image.name === name).map(({ release }) => release),
      ),
    ]);
  });
  return table(["Agent", "Image", "Releases"], rows);
}

function reregistrationText(facts: Reregistration): string {
  switch (facts.kind) {
    case "never":
      return "keeps ids that the new storage does not know: restart it";
    case "on reset command":
      return `registers again when an OAP 6.3.0 - 7.0.0 asks for it, after ${String(facts.coolDownMinutes)} minutes without traces`;
    case "stateless":
      if (facts.resendsInstanceProperties === undefined)
        return "goes on; whether it sends the properties of its instances again is not known";
      return facts.resendsInstanceProperties
        ? "goes on"
        : "goes on; the properties of its instances are missing until it restarts";
  }
}

/** A table, and a list of the problems that are known. */
export function reregistrationBlocks(sources: Sources): string[] {
  const behaviours = agentLanguages.flatMap((language) => {
    const { title, reregistration, releases }: AgentFacts<string> = agentFacts[language];
    return rangesOf(reregistration, releases).map((row) => ({ title, ...row }));
  });
  const rows = behaviours.map(({ title, range, value, source }) => [
    title,
    range,
    reregistrationText(value),
    sources.cite(source),
  ]);
  const problems = behaviours.flatMap(({ title, range, value }) =>
    value.kind === "on reset command" && value.knownProblem !== undefined
      ? [`${title} ${range}: ${value.knownProblem}.`]
      : [],
  );
  return [table(["Agent", "Releases", "It", "Source"], rows), `Known problems:\n\n${list(problems)}`];
}

/** What the other tables say of agents without a source. */
export function agentFactBlocks(sources: Sources): string[] {
  const all = agentLanguages.flatMap((language) => {
    const { title, releases, ...facts }: AgentFacts<string> = agentFacts[language];
    const timelines: readonly (readonly [string, Timeline<string, unknown>])[] = [
      ["protocol", facts.protocol],
      ["settings", facts.settings],
      ["namespace", facts.namespace],
      ["characters kept of the service's name", facts.serviceNameMaxLength],
      ["image", facts.image],
    ];
    return timelines.map(([fact, timeline]) => ({ title: `${title}: ${fact}`, timeline, releases }));
  });
  return factBlocks(all, "Releases", sources);
}
